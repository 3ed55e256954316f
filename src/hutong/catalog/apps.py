from django.apps import AppConfig


class CatalogConfig(AppConfig):
    name = "hutong.catalog"
    label = "catalog"
    verbose_name = "Catalog"
