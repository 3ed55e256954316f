from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import pgettext_lazy

from hutong.ui.api import Entry, declare


class PostureConfig(AppConfig):
    name = "hutong.posture"
    label = "posture"
    verbose_name = "Posture"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        declare(
            Entry(
                key="posture",
                url="/posture",
                label=pgettext_lazy("navigation", "Security"),
                action="posture.view",
                order=910,
            )
        )
        for part in ("deeds", "pack", "identifiers", "jobs", "offering", "checks"):
            import_module(f"hutong.posture.{part}")
