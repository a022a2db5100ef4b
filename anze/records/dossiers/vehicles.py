"""一车一档: everything on record about one vehicle, from its purchase to its scrapping."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from anze.records.acting.context import current
from anze.records.acting.errors import NotFound
from anze.records.acting.permissions import require
from anze.records.dossiers.certificates import SHOWN, CertificateLine, certificate_lines, shown_of
from anze.records.dossiers.concerning import Concerning, fitting, newest_of, of_vehicle
from anze.records.dossiers.trips import CHECK, Defect, open_defects
from anze.records.fleet.models import Vehicle
from anze.records.fleet.pairs import PairRow, pairs
from anze.records.fleet.queries import VehicleRow, vehicle
from anze.records.lawbook import lawbook
from anze.records.tenants.queries import CompanyRow
from anze.rules.catalogue.dossier_model import VehicleClass, Wanted
from anze.rules.dossiers.scrappage import scrapping
from anze.rules.dossiers.validity import Holder, Paper, Standing
from anze.rules.dossiers.vehicle_cycles import (
    Maintained,
    Reading,
    kilometres_left,
    maintenance,
    standing_of_test,
)
from anze.rules.periods import ONE_DAY

LICENCE, TEST, UPKEEP = "vehicle.licence", "vehicle.test", "vehicle.maintenance"
ODOMETER = ("vehicle.odometer", UPKEEP)
LEVELS = {"first": "一级维护", "second": "二级维护"}
_REPAIRS = ("vehicle.repair", "vehicle.fault", "vehicle.inquiry", "vehicle.changed", "monitoring.repair")
_ACCIDENTS = ("accident.notice", "accident.investigation", "violation.notice")
_LIFE = ("vehicle.acquired", "vehicle.retired", "vehicle.file", "vehicle.review")
_CHECKS = ("vehicle.equipment-check", "vehicle.hazard-check")


@dataclass(frozen=True, slots=True)
class UpkeepLine:
    """`left`: kilometres until the next; None where it cannot be said."""

    level: str
    name: str
    standing: Standing
    record: Concerning | None
    left: int | None


@dataclass(frozen=True, slots=True)
class VehicleDossier:
    vehicle: VehicleRow
    unit_name: str
    known: VehicleClass | None
    registered: date | None
    licence: Concerning | None
    grade: Concerning | None  # the newest test that names one
    reading: Reading | None
    certificates: tuple[CertificateLine, ...]
    test: Standing
    tested: Concerning | None
    upkeep: tuple[UpkeepLine, ...]
    scrapping: Standing
    repairs: tuple[Concerning, ...]
    accidents: tuple[Concerning, ...]
    life: tuple[Concerning, ...]
    checks: tuple[Concerning, ...]
    trips: tuple[Concerning, ...]  # 三检
    defects: tuple[Defect, ...]  # found by these and not repaired yet
    drivers: tuple[PairRow, ...]  # of standing pairs
    records: tuple[Concerning, ...]


def vehicle_dossier(vehicle_id: int, company: CompanyRow) -> VehicleDossier:
    """Raises NotFound for another company's vehicle."""
    require("see_company")
    row, today = vehicle(vehicle_id), current().today
    if row.company_id != company.id:
        raise NotFound("没有这辆车。")
    on_file = of_vehicle(company.id, vehicle_id, kinds=_kinds())
    licence = newest_of(on_file, Wanted(LICENCE))
    known = lawbook().dossiers.classes.get(licence.values.get("class", "")) if licence else None
    registered = licence.day_of("registered") if licence else None
    tested, reading = newest_of(on_file, Wanted(TEST)), reading_of(on_file)
    holder = Holder(company.trade, vehicle_class=known.id if known else "")
    unit = Vehicle.objects.filter(pk=vehicle_id).values_list("unit__name", flat=True).first()
    return VehicleDossier(
        vehicle=row,
        unit_name=unit or "",
        known=known,
        registered=registered,
        licence=licence,
        grade=next((r for r in fitting(on_file, Wanted(TEST)) if r.values.get("grade")), None),
        reading=reading,
        certificates=certificate_lines("vehicle", on_file, holder),
        test=standing_of_test(known, registered, test_paper(tested), today),
        tested=tested,
        upkeep=tuple(_upkeep(known, on_file, reading)),
        scrapping=scrapping(known, registered, reading, today),
        repairs=shown_of(on_file, _REPAIRS),
        accidents=shown_of(on_file, _ACCIDENTS),
        life=shown_of(on_file, _LIFE),
        checks=shown_of(on_file, _CHECKS),
        trips=tuple(of_vehicle(company.id, vehicle_id, kinds=(CHECK,), limit=SHOWN)),
        defects=tuple(open_defects(company.id, vehicle_id)),
        drivers=tuple(pairs(company_id=company.id, vehicle_id=vehicle_id)),
        records=tuple(of_vehicle(company.id, vehicle_id, but=(CHECK,), limit=SHOWN)),
    )


def test_paper(tested: Concerning | None) -> Paper | None:
    """With the day for which the report prints the next test: on that day it is still in time."""
    return Paper(tested.id, tested.day, end_of(tested.day_of("next"))) if tested else None


def end_of(last: date | None) -> date | None:
    return None if last is None else last + ONE_DAY


def reading_of(rows: Iterable[Concerning]) -> Reading | None:
    """The newest that anybody read."""
    read = [
        Reading(row.day, int(shown))
        for row in rows
        if row.kind in ODOMETER and (shown := row.number_of("mileage")) is not None
    ]
    return max(read, key=lambda reading: (reading.day, reading.kilometres), default=None)


def _kinds() -> set[str]:
    named = {c.wanted.kind for c in lawbook().dossiers.certificates.values() if c.of == "vehicle"}
    return named | {LICENCE, TEST, UPKEEP, *ODOMETER, *_REPAIRS, *_ACCIDENTS, *_LIFE, *_CHECKS}


def _upkeep(
    known: VehicleClass | None, rows: Sequence[Concerning], reading: Reading | None
) -> list[UpkeepLine]:
    """A second-level maintenance holds the first-level one."""
    found = []
    for level, terms in (known.upkeep if known else {}).items():
        levels = {"first", "second"} if level == "first" else {level}
        record = newest_of(rows, Wanted(UPKEEP, "level", frozenset(levels)))
        last = maintained(record)
        today = current().today
        standing = maintenance(terms, last, reading, today)
        left = kilometres_left(terms, last, reading, today)
        found.append(UpkeepLine(level, LEVELS.get(level, level), standing, record, left))
    return found


def maintained(record: Concerning | None) -> Maintained | None:
    if record is None:
        return None
    shown = record.number_of("mileage")
    return Maintained(record.id, record.day, None if shown is None else int(shown))
