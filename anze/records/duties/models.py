"""Obligations with their stored verdicts, the editions behind them, and what a company decided for itself."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from anze.records.acting.constraints import SameCompany
from anze.records.acting.models import TenantModel


class Obligation(TenantModel):
    """A row is written by `verdicts.store` alone; the key is what it asks, the rest is the verdict."""

    # Without an index of its own: every other one begins with the company.
    company = models.ForeignKey("tenants.Company", on_delete=models.PROTECT, related_name="+", db_index=False)
    requirement = models.CharField(max_length=80)
    position = models.CharField(max_length=60)
    person = models.BigIntegerField(null=True)
    subject_type = models.CharField(max_length=20, null=True)
    subject = models.BigIntegerField(null=True)
    event = models.BigIntegerField(null=True)
    starts = models.DateField()
    due = models.DateTimeField(null=True)
    month = models.DateField(
        null=True
    )  # first day of the month in which it falls due; null: standing or not fixed

    state = models.CharField(max_length=10)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)
    reason = models.CharField(max_length=40)
    cites = ArrayField(models.CharField(max_length=80))
    facts = ArrayField(models.BigIntegerField())
    layer = models.CharField(max_length=10)
    done = models.IntegerField()
    needed = models.IntegerField()
    provisional = models.BooleanField(default=False)
    edition = models.CharField(max_length=12)
    decided_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        db_table = "duties_obligation"
        constraints = [
            models.UniqueConstraint(
                fields=["company", "requirement", "starts", "person", "subject_type", "subject", "event"],
                nulls_distinct=False,
                name="obligation_once",
            )
        ]
        indexes = [
            models.Index(fields=["until"], condition=Q(until__isnull=False), name="obligation_sweep"),
            models.Index(fields=["company", "state", "due"], name="obligation_by_urgency"),
            models.Index(fields=["company", "position", "month"], name="obligation_by_post"),
            models.Index(fields=["company", "due"], include=["state"], name="obligation_by_day"),
        ]


class Tally(TenantModel):
    """How many obligations of a post stand how in a month; kept in step by `verdicts.store`."""

    position = models.CharField(max_length=60)
    month = models.DateField(null=True)
    state = models.CharField(max_length=10)
    count = models.IntegerField()

    class Meta(TenantModel.Meta):
        db_table = "duties_tally"
        constraints = [
            models.UniqueConstraint(
                fields=["company", "position", "month", "state"], nulls_distinct=False, name="tally_once"
            )
        ]


class Commitment(TenantModel):
    """The company's own number from a day on: of a vague duty, or stricter than what law and place ask.

    `ended`: from that day on law and place speak again; the row then holds no number.
    """

    requirement = models.CharField(max_length=80)
    since = models.DateField()
    every = models.CharField(max_length=10, null=True)
    times = models.IntegerField(default=1)
    within_amount = models.IntegerField(null=True)
    within_unit = models.CharField(max_length=10, null=True)
    before_amount = models.IntegerField(null=True)
    before_unit = models.CharField(max_length=10, null=True)
    ended = models.BooleanField(default=False)
    reason = models.CharField(max_length=200, blank=True)
    decided_by = models.CharField(max_length=40)
    decided_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        db_table = "duties_commitment"
        constraints = [
            models.UniqueConstraint(fields=["company", "requirement", "since"], name="commitment_once"),
        ]


class Waiver(TenantModel):
    """A requirement not asked over a span, with its reason and who decided."""

    requirement = models.CharField(max_length=80)
    person = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    since = models.DateField()
    until = models.DateField(null=True)
    reason = models.CharField(max_length=200)
    decided_by = models.CharField(max_length=40)
    decided_at = models.DateTimeField()
    # Ended before the day it was meant to end.
    end_reason = models.CharField(max_length=200, blank=True)
    ended_by = models.CharField(max_length=40, blank=True)
    ended_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        db_table = "duties_waiver"


class Application(TenantModel):
    """A set of editions that a company is judged by, from an instant on. The first rules the past, too."""

    number = models.IntegerField()
    applied_at = models.DateTimeField()
    editions = models.JSONField()  # file -> edition
    positions = ArrayField(models.CharField(max_length=60), default=list)  # posts whose demands changed
    effects = models.JSONField(default=dict)  # requirement -> what became of its obligations
    decided_at = models.DateTimeField()  # the latest instant at which a verdict was written under it

    class Meta(TenantModel.Meta):
        db_table = "duties_application"
        constraints = [
            models.UniqueConstraint(fields=["company", "number"], name="application_in_order"),
            models.UniqueConstraint(fields=["company", "id"], name="application_of_company"),
        ]


class Correction(TenantModel):
    """Beside the verdict of a closed obligation: what the edition that corrects an error says of it."""

    obligation = models.BigIntegerField()  # its row; both are written by deciding alone
    requirement = models.CharField(max_length=80)
    edition = models.CharField(max_length=12)  # the corrected one
    state = models.CharField(max_length=10)
    reason = models.CharField(max_length=40)
    cites = ArrayField(models.CharField(max_length=80))
    facts = ArrayField(models.BigIntegerField())
    layer = models.CharField(max_length=10)
    done = models.IntegerField()
    needed = models.IntegerField()
    decided_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        db_table = "duties_correction"
        constraints = [
            models.UniqueConstraint(fields=["company", "obligation"], name="correction_once"),
        ]


class Acknowledgement(TenantModel):
    """A person has read what an application changed."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    read_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        db_table = "duties_acknowledgement"
        constraints = [
            models.UniqueConstraint(fields=["application", "person"], name="acknowledged_once"),
            SameCompany(field="application", name="acknowledgement_application_same_company"),
            SameCompany(field="person", name="acknowledgement_person_same_company"),
        ]
