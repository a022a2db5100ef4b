"""The whole fleet at once: class, age, odometer, and when each vehicle is tested, maintained, scrapped."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from anze.records.dossiers.newest import VehicleRecord, newest_of_vehicles
from anze.records.dossiers.vehicles import LICENCE, ODOMETER, TEST, UPKEEP, end_of
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
    rows = newest_of_vehicles(company_id, [LICENCE, TEST, *ODOMETER])
    found: dict[int, FleetVehicle] = {}
    classes = lawbook().dossiers.classes
    for row in rows:
        known = found.setdefault(row.vehicle, FleetVehicle())
        if row.kind == LICENCE:
            known.known, known.registered = classes.get(row.vehicle_class or ""), row.registered
        elif row.kind == TEST:
            known.test = Paper(row.id, row.day, end_of(row.next))
        elif row.kind == UPKEEP and row.level:
            known.upkeep[row.level] = Maintained(row.id, row.day, row.mileage)
        _read(known, row)
    return found


def _read(known: FleetVehicle, row: VehicleRecord) -> None:
    if row.mileage is not None:
        shown = Reading(row.day, row.mileage)
        if known.reading is None or (shown.day, shown.kilometres) > (
            known.reading.day,
            known.reading.kilometres,
        ):
            known.reading = shown


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
    levels = ("first", "second") if level == "first" else (level,)
    done = [known.upkeep[name] for name in levels if name in known.upkeep]
    return max(done, key=lambda last: (last.day, last.fact), default=None)
