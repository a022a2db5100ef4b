"""What a company asks of its posts on its own, beside the printed lines."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from anze.records.acting.models import TenantModel


class OwnDemand(TenantModel):
    """Once written only its end changes: another number is another demand."""

    position = models.CharField(max_length=60)
    text = models.CharField(max_length=200)
    every = models.CharField(max_length=10)
    times = models.IntegerField()
    record_kind = models.CharField(max_length=60)
    role = models.CharField(max_length=20, null=True)  # the holder's part; null: any
    subject = models.CharField(max_length=20, null=True)
    since = models.DateField()
    ends = models.DateField(null=True)  # from this day on it is asked no more
    reason = models.CharField(max_length=200)
    decided_by = models.CharField(max_length=40)
    decided_at = models.DateTimeField()
    end_reason = models.CharField(max_length=200, blank=True)
    ended_by = models.CharField(max_length=40, blank=True)
    ended_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        db_table = "demands_own"
        constraints = [
            models.CheckConstraint(condition=Q(ends=None) | Q(ends__gt=F("since")), name="own_demand_lasts"),
            models.CheckConstraint(condition=Q(times__gte=1), name="own_demand_asks"),
        ]
