"""What keeps the installation honest: when each job last ran, and when each chain was last verified."""

from __future__ import annotations

from django.db import models


class Job(models.Model):
    """A periodic task, as the worker that knows it told. Of the installation, of no company."""

    name = models.CharField(max_length=100, unique=True)
    period_seconds = models.PositiveIntegerField()  # between two runs
    known_since = models.DateTimeField()
    succeeded_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    seconds = models.FloatField(null=True)  # that the last run took
    problem = models.CharField(max_length=200, blank=True)  # kind of the last failure, no content

    class Meta:
        db_table = "health_job"


class Check(models.Model):
    """One verification of one chain, against itself and against its head as last published."""

    company = models.ForeignKey("tenants.Company", null=True, on_delete=models.PROTECT, related_name="+")
    authority = models.ForeignKey("tenants.Authority", null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    length = models.BigIntegerField()
    head = models.CharField(max_length=64)
    breaks = models.PositiveIntegerField()
    first_break = models.TextField(blank=True)
    published_length = models.BigIntegerField(null=True)  # of the head it was held against

    class Meta:
        db_table = "health_check"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(company__isnull=False) ^ models.Q(authority__isnull=False),
                name="check_is_of_one_chain",
            )
        ]
        indexes = [
            models.Index(fields=["company", "-at"], name="check_of_company"),
            models.Index(fields=["authority", "-at"], name="check_of_authority"),
        ]
