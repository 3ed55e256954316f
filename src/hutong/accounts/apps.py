from importlib import import_module

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "hutong.accounts"
    label = "accounts"
    verbose_name = "Accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        for part in ("settings", "pack", "trail", "doctor", "identifiers", "jobs", "frame"):
            import_module(f"hutong.accounts.{part}")
