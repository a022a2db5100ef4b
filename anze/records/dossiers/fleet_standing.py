"""The whole fleet at once: class, age, odometer, and when each vehicle is tested, maintained, scrapped."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

from anze.records.dossiers.newest import VehicleRecord, newest_of_vehicles
from anze.records.dossiers.vehicles import LICENCE, TEST, UPKEEP, end_of
from anze.records.lawbook import lawbook
from anze.rules.catalogue.dossier_model import VehicleClass
from anze.rules.dossiers.quiet import Quiet
from anze.rules.dossiers.scrappage import scrapping
from anze.rules.dossiers.validity import Paper, Standing
from anze.rules.dossiers.vehicle_cycles import Maintained, Reading, maintenance, standing_of_test

LOOK = Quiet()  # at everything


@dataclass(slots=True)
class FleetVehicle:
    """What the newest records say of one vehicle."""

    known: VehicleClass | None = None
    registered: date | None = None
    test: Paper | None = None
    upkeep: dict[str, Maintained] = field(default_factory=dict)
    reading: Reading | None = None


def fleet_of(company_id: int) -> dict[int, FleetVehicle]:
    """Vehicle id -> what is known. A vehicle without any record is missing."""
    rows = newest_of_vehicles(company_id)
    found = {vehicle: FleetVehicle() for vehicle in {row.vehicle for some in rows.values() for row in some}}
    classes = lawbook().dossiers.classes
    for row in rows.get((LICENCE, ""), ()):
        known = found[row.vehicle]
        known.known, known.registered = classes.get(row.vehicle_class or ""), row.registered
    for row in rows.get((TEST, ""), ()):
        found[row.vehicle].test = Paper(row.id, row.day, end_of(row.next))
    for (kind, level), some in rows.items():
        if kind == UPKEEP and level:
            for row in some:
                found[row.vehicle].upkeep[level] = Maintained(row.id, row.day, row.mileage)
    for vehicle, (day, kilometres) in _readings(rows.values()).items():
        found[vehicle].reading = Reading(day, kilometres)
    return found


def _readings(rows: Iterable[list[VehicleRecord]]) -> dict[int, tuple[date, int]]:
    """Vehicle id -> when the odometer was last read, and what it showed."""
    found: dict[int, tuple[date, int]] = {}
    for some in rows:
        for vehicle, _, day, _, _, mileage, _ in some:
            if mileage is not None:
                before = found.get(vehicle)
                if before is None or (day, mileage) > before:
                    found[vehicle] = day, mileage
    return found


def standings_of(known: FleetVehicle, on: date, bounds: Quiet = LOOK) -> Iterator[tuple[str, str, Standing]]:
    """What is due, the level of maintenance, and how it stands; what `bounds` passes over is left out."""
    if not bounds.test(known.test):
        yield "test", "", standing_of_test(known.known, known.registered, known.test, on)
    for level, terms in (known.known.upkeep if known.known else {}).items():
        last = last_of(known, level)
        if not bounds.upkeep(level, last, known.reading):
            yield "upkeep", level, maintenance(terms, last, known.reading, on)
    if not bounds.scrapping(known.registered, known.reading):
        yield "scrapping", "", scrapping(known.known, known.registered, known.reading, on)


def last_of(known: FleetVehicle, level: str) -> Maintained | None:
    """A second-level maintenance holds the first-level one."""
    last = known.upkeep.get(level)
    if level == "first" and (second := known.upkeep.get("second")) is not None:
        return second if last is None or (last.day, last.fact) < (second.day, second.fact) else last
    return last
