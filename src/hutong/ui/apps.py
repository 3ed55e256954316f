from importlib import import_module

from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "hutong.ui"
    label = "ui"
    verbose_name = "Design system"

    def ready(self) -> None:
        import_module("hutong.ui.vendor")  # its setting and its doctor check
