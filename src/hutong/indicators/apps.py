from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IndicatorsConfig(AppConfig):
    name = "hutong.indicators"
    label = "indicators"
    verbose_name = "Indicators"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Make its sections of packs and its addresses known."""
        import_module("hutong.indicators.deeds")
        import_module("hutong.indicators.pack")
        import_module("hutong.indicators.pack_plans")
        import_module("hutong.indicators.plans.identifiers")
        ui = import_module("hutong.ui.api")
        ui.declare(ui.Entry(key="plan", url="/plan", label=_("Plans"), action="plan.view", order=30))
        import_module("hutong.indicators.jobs")
        import_module("hutong.indicators.sweeps")
        import_module("hutong.indicators.checks")
        import_module("hutong.indicators.on_map")
