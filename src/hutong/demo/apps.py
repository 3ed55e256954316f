from importlib import import_module

from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "hutong.demo"
    label = "demo"
    verbose_name = "Demo district"

    def ready(self) -> None:
        import_module("hutong.demo.pack")
