from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy

from hutong.ui.api import Entry, declare


class MarketConfig(AppConfig):
    name = "hutong.market"
    label = "market"
    verbose_name = "Market"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        declare(
            Entry(
                key="market", url="/market", label=gettext_lazy("Supermarket"), action="market.view", order=60
            )
        )
        for part in ("deeds", "pack", "jobs", "training", "identifiers"):
            import_module(f"hutong.market.{part}")
