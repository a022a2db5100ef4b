"""Hand-over sheets (交接单) and who signed them. Rows are added, never changed or removed."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from anze.records.acting.constraints import SameCompany
from anze.records.acting.models import TenantModel


class Handover(TenantModel):
    """What is handed over when a holding ends. The newest sheet of a holding is the one that counts."""

    holding = models.ForeignKey("people.Holding", on_delete=models.PROTECT, related_name="handovers")
    text = models.TextField()  # canonical, salted: see rules/handovers
    digest = models.CharField(max_length=64)  # SHA-256 of `text`
    drawn_at = models.DateTimeField()
    drawn_by = models.ForeignKey("people.Account", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta(TenantModel.Meta):
        db_table = "handovers_handover"
        constraints = [
            models.UniqueConstraint(fields=["company", "id"], name="handover_of_company"),
            SameCompany(field="holding", name="handover_holding_same_company"),
        ]


class HandoverSignature(TenantModel):
    """One hand under a sheet: of whoever leaves, receives or confirms."""

    handover = models.ForeignKey(Handover, on_delete=models.PROTECT, related_name="signatures")
    part = models.CharField(max_length=12)  # leaver receiver confirmer
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey("people.Account", on_delete=models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64)  # of the text that was shown
    signed_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        db_table = "handovers_signature"
        constraints = [
            models.UniqueConstraint(fields=["handover", "part", "person"], name="handover_signed_once"),
            models.UniqueConstraint(
                fields=["handover"], condition=Q(part="confirmer"), name="handover_confirmed_once"
            ),
            SameCompany(field="handover", name="handover_signature_same_company"),
            SameCompany(field="person", name="handover_signer_same_company"),
        ]
