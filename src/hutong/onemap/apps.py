from django.apps import AppConfig


class OnemapConfig(AppConfig):
    name = "hutong.onemap"
    label = "onemap"
    verbose_name = "One map"
