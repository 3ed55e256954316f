from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy

from hutong.ui.api import Entry, declare


class CatalogConfig(AppConfig):
    name = "hutong.catalog"
    label = "catalog"
    verbose_name = "Catalog"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        declare(
            Entry(
                key="catalog", url="/catalog", label=gettext_lazy("Catalog"), action="catalog.view", order=40
            )
        )
        for part in (
            "deeds",
            "pack",
            "pack_systems",
            "pack_locks",
            "identifiers",
            "evidence",
            "grading",
            "jobs",
        ):
            import_module(f"hutong.catalog.{part}")
