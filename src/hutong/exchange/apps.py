from importlib import import_module

from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    name = "hutong.exchange"
    label = "exchange"
    verbose_name = "Exchange"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        for part in ("pack", "identifiers", "jobs"):
            import_module(f"hutong.exchange.{part}")
