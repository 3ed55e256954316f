from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy

from hutong.ui.api import Entry, declare


class ExchangeConfig(AppConfig):
    name = "hutong.exchange"
    label = "exchange"
    verbose_name = "Exchange"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        declare(
            Entry(
                key="exchange",
                url="/exchange",
                label=gettext_lazy("Exchange"),
                action="exchange.view",
                order=45,
            )
        )
        for part in ("deeds", "pack", "identifiers", "jobs", "offering", "checks"):
            import_module(f"hutong.exchange.{part}")
