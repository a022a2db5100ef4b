"""Vehicles from a sheet: new ones are enrolled; a row that says what is on file makes nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from anze.records.acting.permissions import require
from anze.records.duties.actions import enrol_vehicles, retire_vehicles
from anze.records.duties.deciding import deciding_later, own_company, per_subject, redecide
from anze.records.fleet.actions import NewVehicle
from anze.records.fleet.models import Vehicle
from anze.records.imports.checking import Checked
from anze.records.imports.people import by_end, end_of, unit_named
from anze.records.imports.roster import Roster, roster
from anze.rules.importing.reading import Row
from anze.rules.importing.sheets import Sheet, vehicles_sheet


@dataclass(frozen=True, slots=True)
class VehiclesTarget:
    sheet: Sheet = field(default_factory=vehicles_sheet)

    def permit(self) -> None:
        require("manage_people")

    def check(self, rows: Sequence[Row]) -> Checked:
        checked, who = Checked(), roster()
        fleet = {v.plate: v for v in Vehicle.objects.filter(until=None)}
        gone = {(v.plate, v.since): v for v in Vehicle.objects.exclude(until=None)}
        for row in rows:
            if not {"plate", "since"} <= row.values.keys():
                unit_named(row, who, checked)
                continue
            new = _new(row, who, checked)
            vehicle = fleet.get(new.plate)
            left = end_of(row, "until")
            if vehicle is None and (before := gone.get((new.plate, new.since))) is not None:
                _compare_end(row, before, checked)
            elif vehicle is None and left is not None and left <= new.since:
                checked.wrong(row, "until", f"退出日期应晚于入册日期 {new.since}。")
            elif vehicle is None or row.number in checked.errors:
                continue
            elif (vehicle.since, vehicle.unit_id) == (new.since, new.unit_id):
                _compare_end(row, vehicle, checked)
            else:
                column = "since" if vehicle.since != new.since else "unit"
                checked.wrong(row, column, f"{new.plate} 已在册，此处与表里不同；修改请在车辆页面。")
        return checked

    def store(self, rows: Sequence[Row]) -> Mapping[int, int]:
        who, checked = roster(), Checked()
        new = [_new(row, who, checked) for row in rows]
        company = own_company()
        with deciding_later():
            ids = enrol_vehicles(company_id=company, vehicles=new)
            made = {row.number: key for row, key in zip(rows, ids, strict=True)}
            for until, left in by_end(rows, "until"):
                retire_vehicles(vehicle_ids=[made[row.number] for row in left], until=until)
        redecide(company_id=company, requirements=per_subject())
        return made


def _compare_end(row: Row, vehicle: Vehicle, checked: Checked) -> None:
    """An empty cell says nothing."""
    if end_of(row, "until") in (None, vehicle.until):
        checked.known[row.number] = vehicle.pk
    else:
        checked.wrong(row, "until", f"{vehicle.plate} 已在册，此处与表里不同；办理退出请在车辆页面。")


def _new(row: Row, who: Roster, checked: Checked) -> NewVehicle:
    unit = unit_named(row, who, checked)
    return NewVehicle(row.values["plate"], date.fromisoformat(row.values["since"]), unit)
