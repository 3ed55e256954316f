from importlib import import_module

from django.apps import AppConfig


class LakeConfig(AppConfig):
    name = "hutong.lake"
    label = "lake"
    verbose_name = "Lake"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        for part in ("events", "jobs", "checks", "identifiers"):
            import_module(f"hutong.lake.{part}")
