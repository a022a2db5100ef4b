"""The whole fleet at once: class, age, odometer, and when each vehicle is tested, maintained, scrapped."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from anze.records.dossiers.newest import newest_of_vehicles
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
    found: dict[int, FleetVehicle] = {}
    classes = lawbook().dossiers.classes
    for kind, vehicle, record, day, named, registered, level, mileage, following in newest_of_vehicles(
        company_id
    ):
        known = found.get(vehicle)
        if known is None:
            known = found[vehicle] = FleetVehicle()
        if kind == LICENCE:
            known.known, known.registered = classes.get(named or ""), registered
        elif kind == TEST:
            known.test = Paper(record, day, end_of(following))
        elif kind == UPKEEP and level:
            known.upkeep[level] = Maintained(record, day, mileage)
        if mileage is not None:
            _read(known, day, mileage)
    return found


def _read(known: FleetVehicle, day: date, mileage: int) -> None:
    before = known.reading
    if before is None or (day, mileage) > (before.day, before.kilometres):
        known.reading = Reading(day, mileage)


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
