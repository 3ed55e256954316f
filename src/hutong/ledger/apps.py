from importlib import import_module

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "hutong.ledger"
    label = "ledger"
    verbose_name = "Ledger"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        import_module("hutong.ledger.jobs")
