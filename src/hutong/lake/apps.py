from django.apps import AppConfig


class LakeConfig(AppConfig):
    name = "hutong.lake"
    label = "lake"
    verbose_name = "Lake"
