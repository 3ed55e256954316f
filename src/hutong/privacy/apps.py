from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import pgettext_lazy

from hutong.ui.api import Entry, declare


class PrivacyConfig(AppConfig):
    name = "hutong.privacy"
    label = "privacy"
    verbose_name = "Privacy"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        declare(
            Entry(
                key="privacy",
                url="/exchange/private",
                label=pgettext_lazy("navigation", "Private data"),
                action="privacy.view",
                order=46,
            )
        )
        for part in ("deeds", "pack", "jobs", "checks"):
            import_module(f"hutong.privacy.{part}")
