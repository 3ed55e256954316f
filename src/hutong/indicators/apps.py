from importlib import import_module

from django.apps import AppConfig


class IndicatorsConfig(AppConfig):
    name = "hutong.indicators"
    label = "indicators"
    verbose_name = "Indicators"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Make its sections of packs and its addresses known."""
        import_module("hutong.indicators.pack")
        import_module("hutong.indicators.pack_plans")
        import_module("hutong.indicators.plans.identifiers")
