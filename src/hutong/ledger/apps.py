from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "hutong.ledger"
    label = "ledger"
    verbose_name = "Ledger"
