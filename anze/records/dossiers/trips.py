"""三检: which vehicles were checked before, during and after their trips, and what is not repaired yet."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from anze.records.acting.context import current
from anze.records.acting.permissions import may
from anze.records.evidence.access import visible
from anze.records.evidence.models import Item, Participation, Record, RecordSubject
from anze.records.evidence.tables import items_in
from anze.records.fleet.models import Vehicle
from anze.records.fleet.pairs import pairs
from anze.records.people import queries as people
from anze.rules.items import ItemState
from anze.rules.periods import ONE_DAY, midnight

CHECK = "trip.check"
PHASES = ("before", "during", "after")
# Whoever mends vehicles, else whoever answers for it: the first of these posts that somebody holds.
REPAIRERS = ("technician", "technical_head", "safety_manager")


@dataclass(frozen=True, slots=True)
class Checked:
    """One check. `defects`: how many were found."""

    id: int
    number: str
    at: datetime
    driver: str
    defects: int


@dataclass(frozen=True, slots=True)
class VehicleDay:
    """`checks`: phase -> the checks of the day, the latest last."""

    vehicle_id: int
    plate: str
    drivers: tuple[str, ...]  # of the standing pairs
    checks: Mapping[str, tuple[Checked, ...]]


@dataclass(frozen=True, slots=True)
class Defect:
    record_id: int
    number: str
    what: str
    who: str
    due: date | None


def day_of_checks(company_id: int, day: date) -> list[VehicleDay]:
    """Vehicles of standing pairs, and all that were checked: of the company, or one's own. By plate."""
    drivers: dict[int, list[str]] = defaultdict(list)
    plates: dict[int, str] = {}
    own = None if may(current().actor, "see_company") else current().actor.person or 0
    for pair in pairs(company_id=company_id, driver_id=own):
        drivers[pair.vehicle_id].append(pair.driver_name)
        plates[pair.vehicle_id] = pair.plate
    found = _checks(company_id, day)
    others = Vehicle.objects.filter(company=company_id, pk__in=found.keys() - plates.keys())
    plates |= dict(others.values_list("pk", "plate"))
    return [
        VehicleDay(
            key, plates[key], tuple(drivers[key]), {phase: tuple(rows) for phase, rows in found[key].items()}
        )
        for key in sorted(plates, key=lambda key: plates[key])
    ]


def _checks(company_id: int, day: date) -> dict[int, dict[str, list[Checked]]]:
    """Vehicle -> phase -> its checks."""
    rows = visible().filter(company=company_id, kind=CHECK, status=Record.Status.SEALED)
    records = {
        row.pk: row
        for row in rows.filter(happened_at__gte=midnight(day), happened_at__lt=midnight(day + ONE_DAY))
    }
    parts = Participation.objects.filter(record__in=records).select_related("person")
    by = {part.record_id: part.person.name for part in parts}
    subjects = RecordSubject.objects.filter(record__in=records, subject_type="vehicle")
    found: dict[int, dict[str, list[Checked]]] = defaultdict(lambda: defaultdict(list))
    for key, vehicle in subjects.order_by("record__happened_at").values_list("record", "subject"):
        record = records[key]
        defects = len(items_in(record.values.get("defects", "")))
        checked = Checked(key, record.number or "", record.happened_at, by.get(key, ""), defects)
        found[vehicle][record.values.get("phase", "")].append(checked)
    return found


def open_defects(company_id: int, vehicle_id: int) -> list[Defect]:
    """Found by checks of the vehicle and not repaired yet, what is due first in front."""
    rows = Item.objects.filter(
        company=company_id,
        kind=CHECK,
        state=ItemState.OPEN,
        record__subjects__subject_type="vehicle",
        record__subjects__subject=vehicle_id,
    ).select_related("record", "who")
    return [
        Defect(
            row.record_id, row.record.number or "", row.what, row.who.name if row.who else row.name, row.due
        )
        for row in rows.order_by("due", "record_id", "place")
    ]


def repairer(company_id: int) -> tuple[int, str] | None:
    """Id and name of whom a defect goes to."""
    held = people.holdings(on=current().today, company_id=company_id)
    posts: dict[str, tuple[int, str]] = {}
    for row in held:
        posts.setdefault(row.position.rpartition(".")[2], (row.person_id, row.person_name))
    return next((posts[post] for post in REPAIRERS if post in posts), None)
