"""Vehicles from a sheet: new ones are enrolled; a row that says what is on file makes nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from anze.records.acting.permissions import require
from anze.records.duties.actions import enrol_vehicles
from anze.records.duties.deciding import own_company
from anze.records.fleet.actions import NewVehicle
from anze.records.fleet.models import Vehicle
from anze.records.imports.checking import Checked
from anze.records.imports.people import unit_named
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
        gone = {(v.plate, v.since): v.pk for v in Vehicle.objects.exclude(until=None)}
        for row in rows:
            if not {"plate", "since"} <= row.values.keys():
                unit_named(row, who, checked)
                continue
            new = _new(row, who, checked)
            vehicle = fleet.get(new.plate)
            if vehicle is None and (new.plate, new.since) in gone:
                checked.known[row.number] = gone[new.plate, new.since]
            elif vehicle is None or row.number in checked.errors:
                continue
            elif (vehicle.since, vehicle.unit_id) == (new.since, new.unit_id):
                checked.known[row.number] = vehicle.pk
            else:
                column = "since" if vehicle.since != new.since else "unit"
                checked.wrong(row, column, f"{new.plate} 已在册，此处与表里不同；修改请在车辆页面。")
        return checked

    def store(self, rows: Sequence[Row]) -> Mapping[int, int]:
        who, checked = roster(), Checked()
        new = [_new(row, who, checked) for row in rows]
        ids = enrol_vehicles(company_id=own_company(), vehicles=new)
        return {row.number: key for row, key in zip(rows, ids, strict=True)}


def _new(row: Row, who: Roster, checked: Checked) -> NewVehicle:
    unit = unit_named(row, who, checked)
    return NewVehicle(row.values["plate"], date.fromisoformat(row.values["since"]), unit)
