"""Vehicles in scope, and companies as the rules know them: posts held, deputies, what is owned."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Case, F, Q, When
from django.db.models.functions import Right

from anze.records.acting.context import current
from anze.records.acting.errors import NotFound
from anze.records.acting.paging import Page, paged
from anze.records.acting.permissions import may, require
from anze.records.fleet.models import Vehicle
from anze.records.tenants.pinyin import folded
from anze.rules.posts import Company, Cover, Holding, Leave, Remit, Span
from anze.rules.remits import spread


@dataclass(frozen=True, slots=True)
class VehicleRow:
    id: int
    company_id: int
    plate: str
    unit_id: int | None
    since: date
    until: date | None
    version: int


def vehicles(*, on: date | None = None, company_id: int | None = None) -> list[VehicleRow]:
    """By plate, in the fleet on a day (today unless told)."""
    day = current().today if on is None else on
    rows = Vehicle.objects.filter(Q(until=None) | Q(until__gt=day), since__lte=day).order_by("plate", "pk")
    if company_id is not None:
        rows = rows.filter(company=company_id)
    return [_row(found) for found in rows]


def vehicles_page(
    *, company_id: int, text: str = "", unit_id: int | None = None, service: str = "", page: int = 1
) -> Page[VehicleRow]:
    """By plate. `text`: any part of one, so also its tail; `service`: "" still in the fleet, left, all."""
    require("see_company")
    today = current().today
    rows = Vehicle.objects.filter(company=company_id).order_by("plate", "pk")
    gone = Q(until__lte=today)
    if service == "left":
        rows = rows.filter(gone)
    elif service != "all":
        rows = rows.exclude(gone)
    if unit_id is not None:
        rows = rows.filter(unit=unit_id)
    if wanted := re.sub(r"[\s·•.\-\x00]", "", text).upper():
        rows = rows.filter(plate__contains=wanted)
    return paged(rows, page, lambda found: [_row(vehicle) for vehicle in found])


def vehicle(vehicle_id: int) -> VehicleRow:
    """Raises NotFound out of scope."""
    found = Vehicle.objects.filter(pk=vehicle_id).first() if 0 < vehicle_id < 2**63 else None
    if found is None:
        raise NotFound("没有这辆车。")
    return _row(found)


def found(text: str, *, limit: int) -> list[VehicleRow]:
    """By any part of the plate, the last digits before all; for those who see the whole company."""
    wanted = folded(text).replace("·", "").upper()
    if not wanted or not may(current().actor, "see_company"):
        return []
    rows = Vehicle.objects.filter(plate__contains=wanted).annotate(tail=Right("plate", len(wanted)))
    tail_first = Case(When(tail=wanted, then=0), default=1)
    order = (F("until").desc(nulls_first=True), tail_first, "plate")
    return [_row(row) for row in rows.order_by(*order)[:limit]]


def roster(company_id: int) -> Company:
    """Without commitments and waivers, which duties add. Raises NotFound out of scope."""
    found = rosters([company_id]).get(company_id)
    if found is None:
        raise NotFound("没有这家企业。")
    return found


class _Part(NamedTuple):
    """Columns of a table that come back as arrays of a company, in an order."""

    table: str
    columns: tuple[str, ...]
    order: str

    def select(self, name: str) -> str:
        arrays = ", ".join(f"array_agg({column}) AS {name}_{column}" for column in self.columns)
        return (
            f"{name} AS MATERIALIZED (SELECT company_id, {arrays} FROM ("  # noqa: S608 -- names are constants
            f"SELECT * FROM {self.table} WHERE company_id = ANY(%(ids)s) ORDER BY company_id, {self.order}"
            ") x GROUP BY company_id)"
        )


_PARTS = {
    "holdings": _Part(
        "people_holding", ("id", "person_id", "position", "since", "until"), "position, since, id"
    ),
    "covers": _Part("people_cover", ("holding_id", "deputy_id", "since", "until"), "since, id"),
    "leaves": _Part("people_leave", ("person_id", "since", "until"), "since, id"),
    "remits": _Part("people_remit", ("holding_id", "unit_id", "since", "until"), "since, id"),
    "people": _Part("people_person", ("id", "joined_on", "left_on", "driver"), "id"),
    "vehicles": _Part("fleet_vehicle", ("id", "since", "until"), "id"),
    "units": _Part("tenants_unit", ("id", "parent_id", "kind", "since", "until"), "id"),
}
_WITH = ", ".join(part.select(name) for name, part in _PARTS.items())
_COLUMNS = ", ".join(f"{name}_{column}" for name, part in _PARTS.items() for column in part.columns)
_JOINED = " ".join(f"LEFT JOIN {name} ON {name}.company_id = c.id" for name in _PARTS)
_ROSTERS = (
    f"WITH {_WITH} SELECT c.id, c.trade, c.area, c.judged_from, {_COLUMNS} "  # noqa: S608 -- same
    f"FROM tenants_company c {_JOINED} WHERE c.id = ANY(%(ids)s)"
)


def rosters(company_ids: Sequence[int]) -> dict[int, Company]:
    """Company id -> the company; one query, however many companies. Those out of scope are missing."""
    current()
    found = {}
    with connection.cursor() as cursor:
        cursor.execute(_ROSTERS, {"ids": list(company_ids)})
        for company_id, trade, area, judged_from, *columns in cursor.fetchall():
            known = iter(columns)
            parts = {name: _rows(list(islice(known, len(part.columns)))) for name, part in _PARTS.items()}
            employees, drivers = _employees(parts["people"])
            parents, departments = _units(parts["units"])
            found[company_id] = Company(
                id=company_id,
                trade=trade,
                area=area,
                judged_from=judged_from,
                holdings=_holdings(parts["holdings"]),
                covers=_covers(parts["covers"]),
                leaves=_leaves(parts["leaves"]),
                remits=_remits(parts["remits"], parents),
                subjects={
                    "vehicle": _spans(parts["vehicles"]),
                    "department": departments,
                    "driver": drivers,
                    "employee": employees,
                },
            )
    return found


def _rows(columns: list[Any]) -> Iterable[tuple[Any, ...]]:
    """None: the company has none of these."""
    return () if columns[0] is None else zip(*columns, strict=True)


def _holdings(rows: Iterable[tuple[Any, ...]]) -> tuple[Holding, ...]:
    return tuple(
        Holding(holding, person, position, Span(since, until))
        for holding, person, position, since, until in rows
    )


def _covers(rows: Iterable[tuple[Any, ...]]) -> tuple[Cover, ...]:
    return tuple(Cover(holding, deputy, Span(since, until)) for holding, deputy, since, until in rows)


def _leaves(rows: Iterable[tuple[Any, ...]]) -> tuple[Leave, ...]:
    return tuple(Leave(person, Span(since, until)) for person, since, until in rows)


def _remits(rows: Iterable[tuple[Any, ...]], parents: dict[int, int | None]) -> tuple[Remit, ...]:
    known = [Remit(holding, unit, Span(since, until)) for holding, unit, since, until in rows]
    return tuple(spread(known, parents)) if known else ()


def _units(rows: Iterable[tuple[Any, ...]]) -> tuple[dict[int, int | None], dict[int, Span]]:
    """Every unit with the one above it, and the days of the departments."""
    parents: dict[int, int | None] = {}
    departments: dict[int, Span] = {}
    for unit, parent, kind, since, until in rows:
        parents[unit] = parent
        if kind == "department":
            departments[unit] = Span(since, until)
    return parents, departments


def _spans(rows: Iterable[tuple[Any, ...]]) -> dict[int, Span]:
    return {key: Span(since, until) for key, since, until in rows}


def _employees(rows: Iterable[tuple[Any, ...]]) -> tuple[dict[int, Span], dict[int, Span]]:
    """Everybody employed, and the drivers among them."""
    employees: dict[int, Span] = {}
    drivers: dict[int, Span] = {}
    for person, joined, left, driver in rows:
        employees[person] = span = Span(joined, left)
        if driver:
            drivers[person] = span
    return employees, drivers


def _row(found: Vehicle) -> VehicleRow:
    return VehicleRow(
        id=found.pk,
        company_id=found.company_id,
        plate=found.plate,
        unit_id=found.unit_id,
        since=found.since,
        until=found.until,
        version=found.version,
    )
