from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LedgerConfig(AppConfig):
    name = "hutong.ledger"
    label = "ledger"
    verbose_name = "Ledger"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        import_module("hutong.ledger.deeds")
        import_module("hutong.ledger.jobs")
        import_module("hutong.ledger.checks")
        pages = import_module("hutong.ledger.pages")
        ui = import_module("hutong.ui.api")
        ui.declare(ui.Entry(key="ledger", url="/ledger", label=_("Ledger"), action="ledger.view", order=80))
        shouting = import_module("hutong.ledger.shouting")
        ui.provide(log_size=pages.log_size, shouts=shouting.shouts)
        shouting.watch()
