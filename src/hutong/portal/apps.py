from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy

from hutong.ui.api import Entry, declare


class PortalConfig(AppConfig):
    name = "hutong.portal"
    label = "portal"
    verbose_name = "Portal"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        declare(
            Entry(key="open", url="/open", label=gettext_lazy("Open data"), action="portal.view", order=50)
        )
        for part in ("deeds", "pack", "jobs", "identifiers", "elsewhere"):
            import_module(f"hutong.portal.{part}")
