from importlib import import_module

from django.apps import AppConfig

from hutong.demo.logic.planted import DEMO_DAY
from hutong.kernel.settings import demo


class DemoConfig(AppConfig):
    name = "hutong.demo"
    label = "demo"
    verbose_name = "Demo district"

    def ready(self) -> None:
        import_module("hutong.demo.pack")
        if demo():
            import_module("hutong.indicators.api").stand_on(DEMO_DAY)  # its models are ready only now
