from django.apps import AppConfig


class CockpitConfig(AppConfig):
    name = "hutong.cockpit"
    label = "cockpit"
    verbose_name = "Cockpit"
