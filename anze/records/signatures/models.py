"""Signed lists: who promised which text, and each text once. Rows are added, never changed or removed."""

from __future__ import annotations

from django.db import models

from anze.records.acting.constraints import SameCompany
from anze.records.acting.models import TenantModel


class ListText(models.Model):
    """A list as it was signed, kept for ever; published law, so it belongs to no company."""

    digest = models.CharField(max_length=64, primary_key=True)  # SHA-256 of `text`
    position = models.CharField(max_length=60)
    text = models.TextField()

    class Meta:
        db_table = "signatures_text"


class Signature(TenantModel):
    holding = models.ForeignKey("people.Holding", on_delete=models.PROTECT, related_name="signatures")
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    position = models.CharField(max_length=60)
    edition = models.CharField(max_length=12)  # of the position's duty file when it was signed
    list_text = models.ForeignKey(ListText, on_delete=models.PROTECT, related_name="+", db_column="digest")
    signed_at = models.DateTimeField()
    method = models.CharField(max_length=20)  # account: signed in, and confirmed in so many words
    account = models.ForeignKey("people.Account", on_delete=models.PROTECT, related_name="+")

    class Meta(TenantModel.Meta):
        db_table = "signatures_signature"
        constraints = [
            models.UniqueConstraint(fields=["holding", "list_text"], name="text_signed_once"),
            SameCompany(field="holding", name="signature_holding_same_company"),
            SameCompany(field="person", name="signature_person_same_company"),
        ]
