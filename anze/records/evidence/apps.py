from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    name = "anze.records.evidence"
    label = "evidence"
    default_auto_field = "django.db.models.BigAutoField"
