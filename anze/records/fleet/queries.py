"""Vehicles in scope, and companies as the rules know them: posts held, deputies, what is owned."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Case, F, Q, When
from django.db.models.functions import Right

from anze.records.acting.context import current
from anze.records.acting.errors import NotFound
from anze.records.acting.permissions import may
from anze.records.fleet.models import Vehicle
from anze.records.tenants.pinyin import folded
from anze.rules.posts import Company, Cover, Holding, Span


@dataclass(frozen=True, slots=True)
class VehicleRow:
    id: int
    company_id: int
    plate: str
    unit_id: int | None
    since: date
    until: date | None


def vehicles(*, on: date | None = None, company_id: int | None = None) -> list[VehicleRow]:
    """By plate, in the fleet on a day (today unless told)."""
    day = current().today if on is None else on
    rows = Vehicle.objects.filter(Q(until=None) | Q(until__gt=day), since__lte=day).order_by("plate", "pk")
    if company_id is not None:
        rows = rows.filter(company=company_id)
    return [_row(found) for found in rows]


def vehicle(vehicle_id: int) -> VehicleRow:
    """Raises NotFound out of scope."""
    found = Vehicle.objects.filter(pk=vehicle_id).first()
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
_VEHICLES = """
SELECT company_id, array_agg(id), array_agg(since), array_agg(until)
FROM (SELECT * FROM fleet_vehicle WHERE company_id = ANY(%s) ORDER BY company_id, id) v
GROUP BY company_id
"""
_DEPARTMENTS = """
SELECT company_id, array_agg(id), array_agg(since), array_agg(until)
FROM (SELECT * FROM tenants_unit WHERE company_id = ANY(%s) AND kind = 'department' ORDER BY company_id, id) u
GROUP BY company_id
"""


def rosters(company_ids: Sequence[int]) -> dict[int, Company]:
    """Company id -> the company; six queries, however many companies. Those out of scope are missing."""
    current()
    ids = list(company_ids)
    holdings, covers, people, vehicles_of, departments = (
        {row[0]: row[1:] for row in _fetch(sql, ids)}
        for sql in (_HOLDINGS, _COVERS, _PEOPLE, _VEHICLES, _DEPARTMENTS)
    )
    found = {}
    for company_id, trade, area, judged_from in _fetch(_COMPANIES, ids):
        employees, drivers = _employees(people.get(company_id))
        found[company_id] = Company(
            id=company_id,
            trade=trade,
            area=area,
            judged_from=judged_from,
            holdings=_holdings(holdings.get(company_id)),
            covers=_covers(covers.get(company_id)),
            subjects={
                "vehicle": _spans(vehicles_of.get(company_id)),
                "department": _spans(departments.get(company_id)),
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
    return VehicleRow(found.pk, found.company_id, found.plate, found.unit_id, found.since, found.until)
