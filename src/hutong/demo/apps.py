from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "hutong.demo"
    label = "demo"
    verbose_name = "Demo district"
