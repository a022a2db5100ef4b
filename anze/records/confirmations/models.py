"""Who is asked to confirm a sealed record, and who did (本人签字、已阅): given once, for ever."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from anze.records.acting.constraints import SameCompany
from anze.records.acting.models import TenantModel


class Confirmation(TenantModel):
    """Asked when the record was sealed; `digest` is the record's, `act` what its kind called it that day."""

    record = models.ForeignKey("evidence.Record", on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    act = models.CharField(max_length=40)
    digest = models.CharField(max_length=64)
    asked_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    method = models.CharField(max_length=20, blank=True)  # account, link
    account = models.ForeignKey("people.Account", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta(TenantModel.Meta):
        db_table = "confirmations_confirmation"
        constraints = [
            models.UniqueConstraint(fields=["record", "person"], name="confirmation_once"),
            models.CheckConstraint(
                condition=Q(confirmed_at=None, account=None)
                | Q(confirmed_at__isnull=False, account__isnull=False),
                name="confirmation_names_its_account",
            ),
            SameCompany(field="record", name="confirmation_record_same_company"),
            SameCompany(field="person", name="confirmation_person_same_company"),
        ]
        indexes = [
            models.Index(
                fields=["company", "person"], condition=Q(confirmed_at=None), name="confirmation_waiting"
            )
        ]
