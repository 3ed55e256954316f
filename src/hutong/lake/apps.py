from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LakeConfig(AppConfig):
    name = "hutong.lake"
    label = "lake"
    verbose_name = "Lake"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        for part in ("deeds", "events", "jobs", "sweeps", "checks", "identifiers"):
            import_module(f"hutong.lake.{part}")
        ui = import_module("hutong.ui.api")
        ui.declare(ui.Entry(key="lake", url="/lake", label=_("Lake"), action="lake.view", order=70))
