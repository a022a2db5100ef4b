from django.apps import AppConfig


class DemandsConfig(AppConfig):
    name = "anze.records.demands"
    label = "demands"
    default_auto_field = "django.db.models.BigAutoField"
