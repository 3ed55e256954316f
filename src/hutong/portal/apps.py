from importlib import import_module

from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "hutong.portal"
    label = "portal"
    verbose_name = "Portal"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        for part in ("pack", "jobs", "identifiers"):
            import_module(f"hutong.portal.{part}")
