"""The append-only, hash-chained journal: one chain for each company and each authority.

Rows hold ids and salted digests, never personal values; a reason is hashed with a salt, so that erasing its
text leaves the chain whole. The application role may insert and read, not change.
"""

from __future__ import annotations

from django.db import models


class Chain(models.Model):
    """The head of a chain; locked last, only for the append."""

    company = models.OneToOneField("tenants.Company", null=True, on_delete=models.PROTECT, related_name="+")
    authority = models.OneToOneField(
        "tenants.Authority", null=True, on_delete=models.PROTECT, related_name="+"
    )
    length = models.BigIntegerField(default=0)
    head = models.CharField(max_length=64, default="0" * 64)

    class Meta:
        db_table = "journal_chain"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(company__isnull=False) ^ models.Q(authority__isnull=False),
                name="chain_has_one_owner",
            )
        ]


class Entry(models.Model):
    """One act. `digest`: SHA-256 of its canonical JSON, `previous` included: see `verify.entry_digest`."""

    chain = models.ForeignKey(Chain, on_delete=models.PROTECT, related_name="entries")
    company = models.ForeignKey("tenants.Company", null=True, on_delete=models.PROTECT, related_name="+")
    authority = models.ForeignKey("tenants.Authority", null=True, on_delete=models.PROTECT, related_name="+")
    number = models.BigIntegerField()
    at = models.DateTimeField()
    account = models.BigIntegerField(null=True)
    actor = models.CharField(max_length=64)  # "person:17", "account:3", "system"
    action = models.CharField(max_length=64)
    rows = models.JSONField(default=list)  # [["evidence.record", 17, sha256 of the row's content], ...]
    reason = models.TextField(null=True)
    reason_salt = models.CharField(max_length=32, blank=True)
    reason_digest = models.CharField(max_length=64, blank=True)
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)

    class Meta:
        db_table = "journal_entry"
        constraints = [models.UniqueConstraint(fields=["chain", "number"], name="entry_number_once")]
        indexes = [models.Index(fields=["company", "-number"], name="entry_of_company")]
