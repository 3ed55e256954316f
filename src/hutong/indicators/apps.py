from django.apps import AppConfig


class IndicatorsConfig(AppConfig):
    name = "hutong.indicators"
    label = "indicators"
    verbose_name = "Indicators"
