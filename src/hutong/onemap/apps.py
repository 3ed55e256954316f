from importlib import import_module

from django.apps import AppConfig


class OnemapConfig(AppConfig):
    name = "hutong.onemap"
    label = "onemap"
    verbose_name = "One map"

    def ready(self) -> None:
        for part in (
            "pack",
            "pack_layers",
            "frame",
        ):  # what it understands of a pack; its place in the navigation
            import_module(f"hutong.onemap.{part}")
