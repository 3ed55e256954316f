from importlib import import_module

from django.apps import AppConfig


class PrivacyConfig(AppConfig):
    name = "hutong.privacy"
    label = "privacy"
    verbose_name = "Privacy"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        import_module("hutong.privacy.pack")
