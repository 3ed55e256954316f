from django.apps import AppConfig


class MarketConfig(AppConfig):
    name = "hutong.market"
    label = "market"
    verbose_name = "Market"
    default_auto_field = "django.db.models.BigAutoField"
