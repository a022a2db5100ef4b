"""Key periods that an authority declared (重大活动, 天气预警). The row is the authority's own.

Row-level security shows it to the authority, and to each company that it binds; only the authority writes it.
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q


class Declaration(models.Model):
    authority = models.ForeignKey("tenants.Authority", on_delete=models.PROTECT, related_name="+")
    companies = ArrayField(models.BigIntegerField(), default=list)  # empty: all under the authority
    type = models.CharField(max_length=20)
    name = models.CharField(max_length=60)
    warning = models.CharField(max_length=20, blank=True)  # of a weather warning: its kind and level
    level = models.CharField(max_length=10, blank=True)
    begins = models.DateField()
    ends = models.DateField()  # exclusive
    reason = models.CharField(max_length=200)
    declared_at = models.DateTimeField()
    declared_by = models.CharField(max_length=40)
    # Withdrawn before it began, or ended early; at most one of the two.
    withdrawn = models.BooleanField(default=False)
    changed_at = models.DateTimeField(null=True)
    changed_by = models.CharField(max_length=40, blank=True)
    change_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        db_table = "key_periods_declaration"
        constraints = [
            models.CheckConstraint(condition=Q(ends__gt=F("begins")), name="declaration_lasts"),
        ]
