from importlib import import_module

from django.apps import AppConfig


class DockingConfig(AppConfig):
    name = "hutong.docking"
    label = "docking"
    verbose_name = "Docking"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        for part in ("deeds", "peers", "evidence", "jobs", "checks", "foreign"):
            import_module(f"hutong.docking.{part}")
