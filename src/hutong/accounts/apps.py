from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "hutong.accounts"
    label = "accounts"
    verbose_name = _("Accounts and permissions")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        for part in ("settings", "deeds", "pack", "trail", "doctor", "identifiers", "jobs", "frame"):
            import_module(f"hutong.accounts.{part}")
