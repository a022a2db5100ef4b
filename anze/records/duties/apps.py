from django.apps import AppConfig


class DutiesConfig(AppConfig):
    name = "anze.records.duties"
    label = "duties"
    default_auto_field = "django.db.models.BigAutoField"
