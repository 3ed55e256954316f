from django.apps import AppConfig


class PostureConfig(AppConfig):
    name = "hutong.posture"
    label = "posture"
    verbose_name = "Posture"
    default_auto_field = "django.db.models.BigAutoField"
