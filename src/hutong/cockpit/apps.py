from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy


class CockpitConfig(AppConfig):
    name = "hutong.cockpit"
    label = "cockpit"
    verbose_name = "Cockpit"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Make its section of packs, its place in the navigation and its identifiers known."""
        from hutong.ui.api import Entry, declare  # noqa: PLC0415 - apps load before it

        import_module("hutong.cockpit.deeds")
        import_module("hutong.cockpit.pack")
        import_module("hutong.cockpit.identifiers")
        declare(
            Entry(
                key="cockpit",
                url="/",
                label=gettext_lazy("Cockpit"),
                action="cockpit.view",
                order=0,
                also=("/cockpit", "/figures"),
            )
        )
