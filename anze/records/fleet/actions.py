"""Vehicles coming into and leaving a company's fleet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import IntegrityError, transaction

from anze.records.acting.errors import NotFound, Refused
from anze.records.acting.permissions import require
from anze.records.fleet.models import Vehicle
from anze.records.journal.actions import Row, append, digest_of
from anze.records.tenants.models import Unit
from anze.rules.plates import is_plate, tidy_plate

__all__ = [
    "InvalidVehicles",
    "NewVehicle",
    "VehicleChanged",
    "edit_vehicle",
    "enrol_vehicles",
    "retire_vehicles",
    "tidy_plate",
]


class InvalidVehicles(Refused):
    """`errors`: index of the vehicle in the list -> what is wrong, all at once."""

    def __init__(self, errors: dict[int, str]) -> None:
        self.errors = errors
        super().__init__("".join(f"第 {index + 1} 辆：{problem}" for index, problem in errors.items()))


@dataclass(frozen=True, slots=True)
class NewVehicle:
    plate: str
    since: date
    unit_id: int | None = None


def enrol_vehicles(*, company_id: int, vehicles: Sequence[NewVehicle]) -> list[int]:
    """Ids in the order given; all or none. Raises InvalidVehicles."""
    require("manage_people")
    plates = [tidy_plate(new.plate) for new in vehicles]
    errors = _wrong(company_id, vehicles, plates)
    if errors:
        raise InvalidVehicles(errors)
    rows = [
        Vehicle(company_id=company_id, plate=plate, unit_id=new.unit_id, since=new.since)
        for new, plate in zip(vehicles, plates, strict=True)
    ]
    try:
        with transaction.atomic():
            Vehicle.objects.bulk_create(rows)
    except IntegrityError:
        raise Refused("其中有车辆刚刚已被登记，请刷新后重试。") from None
    if rows:
        append(action="fleet.enrol", rows=[_row(v) for v in rows], company_id=company_id)
    return [vehicle.pk for vehicle in rows]


def retire_vehicles(*, vehicle_ids: Sequence[int], until: date) -> None:
    """`until` is the first day on which they are no longer in the fleet."""
    require("manage_people")
    ids = sorted(set(vehicle_ids))
    vehicles = list(Vehicle.objects.select_for_update().filter(pk__in=ids).order_by("pk"))
    if len(vehicles) != len(ids):
        raise NotFound("没有这辆车。")
    by_company: dict[int, list[Row]] = {}
    for vehicle in vehicles:
        if vehicle.until is not None:
            raise Refused(f"{vehicle.plate} 已于 {vehicle.until} 退出。")
        if until <= vehicle.since:
            raise Refused(f"{vehicle.plate} 的退出日期应晚于入册日期 {vehicle.since}。")
        vehicle.until = until
        by_company.setdefault(vehicle.company_id, []).append(_row(vehicle))
    Vehicle.objects.bulk_update(vehicles, ["until"])
    for company_id, rows in by_company.items():
        append(action="fleet.retire", rows=rows, company_id=company_id)


class VehicleChanged(Refused):
    """Somebody else saved after this form was opened."""


def edit_vehicle(*, vehicle_id: int, version: int, plate: str, unit_id: int | None) -> None:
    """A wrong plate is put right, or the vehicle goes to another unit. Raises VehicleChanged."""
    require("manage_people")
    vehicle = Vehicle.objects.select_for_update().filter(pk=vehicle_id).first()
    if vehicle is None:
        raise NotFound("没有这辆车。")
    if vehicle.version != version:
        raise VehicleChanged(
            f"您打开页面之后，别人修改过 {vehicle.plate} 的资料，本次没有保存。"
            "您填写的内容还在，请对照页面上的现有资料核对后再保存。"
        )
    tidy = tidy_plate(plate)
    if tidy != vehicle.plate or unit_id is not None:
        wanted = NewVehicle(plate, vehicle.since, unit_id)
        if problem := _wrong(vehicle.company_id, [wanted], [tidy], but=vehicle.pk).get(0):
            raise Refused(problem)
    vehicle.plate, vehicle.unit_id = tidy, unit_id
    vehicle.version += 1
    vehicle.save()
    append(action="fleet.edit", rows=[_row(vehicle)], company_id=vehicle.company_id)


def _wrong(
    company_id: int, vehicles: Sequence[NewVehicle], plates: Sequence[str], *, but: int | None = None
) -> dict[int, str]:
    units = set(Unit.objects.filter(company=company_id).values_list("pk", flat=True))
    known = Vehicle.objects.filter(company=company_id, plate__in=plates, until=None).exclude(pk=but or 0)
    taken = set(known.values_list("plate", flat=True))
    errors = {}
    for index, (new, plate) in enumerate(zip(vehicles, plates, strict=True)):
        if not is_plate(plate):
            errors[index] = f"“{new.plate}”不是车牌号，应如 浙B12345。"
        elif plate in taken:
            errors[index] = f"{plate} 已经登记。"
        elif new.unit_id is not None and new.unit_id not in units:
            errors[index] = "所属机构不存在。"
        taken.add(plate)
    return errors


def _row(vehicle: Vehicle) -> Row:
    content = [vehicle.plate, vehicle.unit_id, str(vehicle.since), str(vehicle.until)]
    return "fleet.vehicle", vehicle.pk, digest_of(content)
