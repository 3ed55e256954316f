from django.apps import AppConfig


class ProjectConfig(AppConfig):
    name = "hutong.project"
    label = "project"
