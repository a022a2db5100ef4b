"""Imports and their rows: what a sheet said, what is wrong with it, and what became of each row.

What was typed stays until the import is committed or discarded; then a row keeps what it made, and the number
that this had before.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from anze.records.acting.constraints import SameCompany
from anze.records.acting.models import TenantModel


class Import(TenantModel):
    class Status(models.TextChoices):
        OPEN = "open"
        COMMITTED = "committed"
        DISCARDED = "discarded"

    of = models.CharField(max_length=60)  # kind of record, "people" or "vehicles"
    file_name = models.CharField(max_length=120)
    status = models.CharField(max_length=10, default=Status.OPEN)
    letters = models.JSONField(default=dict)  # column id -> letter in the sheet
    notices = models.JSONField(default=list)  # what was read otherwise than it stood there
    author = models.BigIntegerField(null=True)  # account id
    author_name = models.CharField(max_length=40)
    uploaded_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)  # committed or discarded
    ended_by_name = models.CharField(max_length=40, blank=True)
    made = models.IntegerField(default=0)  # rows that made something

    class Meta(TenantModel.Meta):
        db_table = "imports_import"
        constraints = [
            models.UniqueConstraint(fields=["company", "id"], name="import_of_company"),
            models.CheckConstraint(
                condition=Q(status="open", ended_at=None) | (~Q(status="open") & Q(ended_at__isnull=False)),
                name="import_ended_once",
            ),
        ]
        indexes = [models.Index(fields=["company", "-uploaded_at"], name="import_by_day")]


class Row(TenantModel):
    class Standing(models.TextChoices):
        GOOD = "good"
        WRONG = "wrong"
        KNOWN = "known"  # says what is on file already: nothing will be made of it
        MADE = "made"

    of_import = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="rows")
    number = models.IntegerField()  # in the sheet, from 1
    standing = models.CharField(max_length=6)
    typed = models.JSONField(default=dict)  # column id -> as it stood there
    errors = models.JSONField(default=dict)  # column id -> what is wrong
    made = models.BigIntegerField(null=True)  # id of the record, person or vehicle

    class Meta(TenantModel.Meta):
        db_table = "imports_row"
        constraints = [
            models.UniqueConstraint(fields=["of_import", "number"], name="import_row_once"),
            SameCompany(field="of_import", name="row_import_same_company"),
        ]
        indexes = [models.Index(fields=["company", "made"], name="row_by_made")]
