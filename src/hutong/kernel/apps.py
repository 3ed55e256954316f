from importlib import import_module

from django.apps import AppConfig


class KernelConfig(AppConfig):
    name = "hutong.kernel"
    label = "kernel"
    verbose_name = "Kernel"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        import_module("hutong.kernel.tidying")
