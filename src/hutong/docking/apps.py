from django.apps import AppConfig


class DockingConfig(AppConfig):
    name = "hutong.docking"
    label = "docking"
    verbose_name = "Docking"
    default_auto_field = "django.db.models.BigAutoField"
