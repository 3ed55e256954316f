from django.apps import AppConfig


class PacksConfig(AppConfig):
    name = "hutong.packs"
    label = "packs"
    verbose_name = "Packs"
