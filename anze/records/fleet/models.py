"""Vehicles a company answers for, and who usually drives them."""

from __future__ import annotations

from django.db import models

from anze.records.acting.constraints import SameCompany
from anze.records.acting.models import TenantModel


class Vehicle(TenantModel):
    plate = models.CharField(max_length=12)
    unit = models.ForeignKey("tenants.Unit", null=True, on_delete=models.PROTECT, related_name="+")
    since = models.DateField()
    until = models.DateField(null=True)
    version = models.IntegerField(default=1)  # moves with every edit; who edits an older one is told

    class Meta(TenantModel.Meta):
        db_table = "fleet_vehicle"
        constraints = [
            models.UniqueConstraint(fields=["company", "id"], name="vehicle_of_company"),
            models.UniqueConstraint(
                fields=["company", "plate"], condition=models.Q(until=None), name="plate_once"
            ),
            SameCompany(field="unit", name="vehicle_unit_same_company"),
            models.CheckConstraint(
                condition=models.Q(until=None) | models.Q(until__gt=models.F("since")), name="vehicle_lasts"
            ),
        ]


class Pair(TenantModel):
    """A driver who usually takes a vehicle out (人车结对), over a span of days."""

    vehicle = models.ForeignKey(Vehicle, on_delete=models.PROTECT, related_name="+")
    driver = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    since = models.DateField()
    until = models.DateField(null=True)

    class Meta(TenantModel.Meta):
        db_table = "fleet_pair"
        constraints = [
            models.UniqueConstraint(
                fields=["company", "vehicle", "driver"], condition=models.Q(until=None), name="pair_once"
            ),
            SameCompany(field="vehicle", name="pair_vehicle_same_company"),
            SameCompany(field="driver", name="pair_driver_same_company"),
            models.CheckConstraint(
                condition=models.Q(until=None) | models.Q(until__gt=models.F("since")), name="pair_lasts"
            ),
        ]
        indexes = [models.Index(fields=["company", "driver"], name="pair_of_driver")]
