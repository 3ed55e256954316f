from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import pgettext_lazy


class ProjectConfig(AppConfig):
    name = "hutong.project"
    label = "project"

    def ready(self) -> None:
        from hutong.ui import api as ui  # noqa: PLC0415 - after the apps are there

        import_module("hutong.project.checks")
        # In the navigation of those who keep it running; others who may see jobs come from their account's page.
        label = pgettext_lazy("operations", "Operations")
        ui.declare(
            ui.Entry(key="operations", url="/operations", label=label, action="metrics.view", order=915)
        )
