"""Vehicles in scope, and companies as the rules know them: posts held, deputies, what is owned."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

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


_COMPANIES = "SELECT id, trade, area, judged_from FROM tenants_company WHERE id = ANY(%s)"
_HOLDINGS = """
SELECT company_id, array_agg(id), array_agg(person_id), array_agg(position), array_agg(since),
       array_agg(until)
FROM (SELECT * FROM people_holding WHERE company_id = ANY(%s) ORDER BY company_id, position, since, id) h
GROUP BY company_id
"""
_COVERS = """
SELECT company_id, array_agg(holding_id), array_agg(deputy_id), array_agg(since), array_agg(until)
FROM (SELECT * FROM people_cover WHERE company_id = ANY(%s) ORDER BY company_id, since, id) c
GROUP BY company_id
"""
_PEOPLE = """
SELECT company_id, array_agg(id), array_agg(joined_on), array_agg(left_on), array_agg(driver)
FROM (SELECT * FROM people_person WHERE company_id = ANY(%s) ORDER BY company_id, id) p
GROUP BY company_id
"""
_LEAVES = """
SELECT company_id, array_agg(person_id), array_agg(since), array_agg(until)
FROM (SELECT * FROM people_leave WHERE company_id = ANY(%s) ORDER BY company_id, since, id) l
GROUP BY company_id
"""
_REMITS = """
SELECT company_id, array_agg(holding_id), array_agg(unit_id), array_agg(since), array_agg(until)
FROM (SELECT * FROM people_remit WHERE company_id = ANY(%s) ORDER BY company_id, since, id) r
GROUP BY company_id
"""
_VEHICLES = """
SELECT company_id, array_agg(id), array_agg(since), array_agg(until)
FROM (SELECT * FROM fleet_vehicle WHERE company_id = ANY(%s) ORDER BY company_id, id) v
GROUP BY company_id
"""
_UNITS = """
SELECT company_id, array_agg(id), array_agg(parent_id), array_agg(kind), array_agg(since), array_agg(until)
FROM (SELECT * FROM tenants_unit WHERE company_id = ANY(%s) ORDER BY company_id, id) u
GROUP BY company_id
"""


def rosters(company_ids: Sequence[int]) -> dict[int, Company]:
    """Company id -> the company; eight queries, however many companies. Those out of scope are missing."""
    current()
    ids = list(company_ids)
    holdings, covers, leaves, remits, people, vehicles_of, units = (
        {row[0]: row[1:] for row in _fetch(sql, ids)}
        for sql in (_HOLDINGS, _COVERS, _LEAVES, _REMITS, _PEOPLE, _VEHICLES, _UNITS)
    )
    found = {}
    for company_id, trade, area, judged_from in _fetch(_COMPANIES, ids):
        employees, drivers = _employees(people.get(company_id))
        parents, departments = _units(units.get(company_id))
        found[company_id] = Company(
            id=company_id,
            trade=trade,
            area=area,
            judged_from=judged_from,
            holdings=_holdings(holdings.get(company_id)),
            covers=_covers(covers.get(company_id)),
            leaves=_leaves(leaves.get(company_id)),
            remits=_remits(remits.get(company_id), parents),
            subjects={
                "vehicle": _spans(vehicles_of.get(company_id)),
                "department": departments,
                "driver": drivers,
                "employee": employees,
            },
        )
    return found


def _fetch(sql: str, company_ids: list[int]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, [company_ids])
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def _holdings(row: tuple[Any, ...] | None) -> tuple[Holding, ...]:
    return tuple(
        Holding(holding, person, position, Span(since, until))
        for holding, person, position, since, until in zip(*(row or ()), strict=True)
    )


def _covers(row: tuple[Any, ...] | None) -> tuple[Cover, ...]:
    return tuple(
        Cover(holding, deputy, Span(since, until))
        for holding, deputy, since, until in zip(*(row or ()), strict=True)
    )


def _leaves(row: tuple[Any, ...] | None) -> tuple[Leave, ...]:
    return tuple(Leave(person, Span(since, until)) for person, since, until in zip(*(row or ()), strict=True))


def _remits(row: tuple[Any, ...] | None, parents: dict[int, int | None]) -> tuple[Remit, ...]:
    known = [
        Remit(holding, unit, Span(since, until))
        for holding, unit, since, until in zip(*(row or ()), strict=True)
    ]
    return tuple(spread(known, parents)) if known else ()


def _units(row: tuple[Any, ...] | None) -> tuple[dict[int, int | None], dict[int, Span]]:
    """Every unit with the one above it, and the days of the departments."""
    parents: dict[int, int | None] = {}
    departments: dict[int, Span] = {}
    for unit, parent, kind, since, until in zip(*(row or ()), strict=True):
        parents[unit] = parent
        if kind == "department":
            departments[unit] = Span(since, until)
    return parents, departments


def _spans(row: tuple[Any, ...] | None) -> dict[int, Span]:
    return {key: Span(since, until) for key, since, until in zip(*(row or ()), strict=True)}


def _employees(row: tuple[Any, ...] | None) -> tuple[dict[int, Span], dict[int, Span]]:
    """Everybody employed, and the drivers among them."""
    employees: dict[int, Span] = {}
    drivers: dict[int, Span] = {}
    for person, joined, left, driver in zip(*(row or ()), strict=True):
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
