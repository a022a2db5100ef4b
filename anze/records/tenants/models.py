"""Companies with their organisation units, and the authorities above them."""

from __future__ import annotations

from django.db import models

from anze.records.acting.constraints import SameCompany
from anze.records.acting.models import TenantModel


class Authority(models.Model):
    """A transport bureau. Names are public: no scope."""

    name = models.CharField(max_length=100, unique=True)
    area = models.CharField(max_length=6)  # administrative code

    class Meta:
        db_table = "tenants_authority"


class Company(models.Model):
    """Its own row is in scope when its id is: read through `tenants.queries`."""

    name = models.CharField(max_length=100, unique=True)
    short_name = models.CharField(max_length=30)
    pinyin = models.CharField(max_length=200)  # sort and search key
    trade = models.CharField(max_length=20)
    area = models.CharField(max_length=6)
    employees = models.IntegerField()
    vehicles = models.IntegerField()
    started_on = models.DateField()
    judged_from = models.DateField()  # duties before this day are not judged

    class Meta:
        db_table = "tenants_company"


class Supervision(models.Model):
    """An authority stands over a company over a period."""

    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="supervisions")
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="supervisions")
    since = models.DateField()
    until = models.DateField(null=True)

    class Meta:
        db_table = "tenants_supervision"
        constraints = [
            models.UniqueConstraint(fields=["authority", "company", "since"], name="supervision_once"),
            models.CheckConstraint(
                condition=models.Q(until=None) | models.Q(until__gt=models.F("since")),
                name="supervision_lasts",
            ),
        ]


class Unit(TenantModel):
    """Branch, department, fleet or team."""

    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    kind = models.CharField(max_length=20)  # branch department fleet team
    name = models.CharField(max_length=60)
    since = models.DateField()
    until = models.DateField(null=True)

    class Meta(TenantModel.Meta):
        db_table = "tenants_unit"
        constraints = [
            models.UniqueConstraint(fields=["company", "id"], name="unit_of_company"),
            SameCompany(field="parent", name="unit_parent_same_company"),
            models.CheckConstraint(
                condition=models.Q(until=None) | models.Q(until__gt=models.F("since")), name="unit_lasts"
            ),
        ]
