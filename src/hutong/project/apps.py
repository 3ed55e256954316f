from importlib import import_module

from django.apps import AppConfig


class ProjectConfig(AppConfig):
    name = "hutong.project"
    label = "project"

    def ready(self) -> None:
        import_module("hutong.project.checks")
