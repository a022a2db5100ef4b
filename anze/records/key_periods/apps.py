from django.apps import AppConfig


class KeyPeriodsConfig(AppConfig):
    name = "anze.records.key_periods"
    label = "key_periods"
    default_auto_field = "django.db.models.BigAutoField"
