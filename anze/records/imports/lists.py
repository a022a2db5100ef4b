"""Lists as workbooks that an import takes again: the rows of a page, in the columns of their sheet."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import IO, TypeVar

from django.db.models import Q

from anze.records.acting.context import current
from anze.records.acting.paging import Page
from anze.records.duties.deciding import own_company
from anze.records.evidence.listing import Filters, chosen
from anze.records.fleet.queries import VehicleRow, vehicles_page
from anze.records.imports import writing
from anze.records.imports.targets import people_sheet_of, record_sheet
from anze.records.imports.texts import texts_of
from anze.records.lawbook import lawbook
from anze.records.people.directory import PersonLine, people_page
from anze.records.people.models import Holding
from anze.records.tenants.models import Unit
from anze.rules.importing.sheets import vehicles_sheet

T = TypeVar("T")
BATCH = 500


def list_of_records(kind_id: str, filters: Filters) -> IO[bytes]:
    """Of one kind, the newest first."""
    sheet = record_sheet(lawbook().kinds[kind_id])
    rows = chosen(**filters).filter(kind=kind_id).order_by("-happened_at", "-pk")

    def lines() -> Iterator[Mapping[str, str]]:
        total = rows.count()
        for start in range(0, total, BATCH):
            batch = list(rows[start : start + BATCH])
            texts = texts_of(sheet, batch)
            yield from (texts[record.pk] for record in batch)

    return writing.list_of(sheet, lines())


def list_of_people(*, text: str, unit_id: int | None, position: str | None, service: str) -> IO[bytes]:
    """A line for each post that somebody holds today, phones masked as on the page.

    Where those who left are asked for, too, the posts that ended are there as well.
    """
    company = own_company()
    sheet = people_sheet_of(company)
    posts = _posts(sheet.column("position").choices, ended=service in ("left", "all"))

    def page_of(number: int) -> Page[PersonLine]:
        return people_page(
            company_id=company, text=text, unit_id=unit_id, position=position, service=service, page=number
        )

    def lines() -> Iterator[Mapping[str, str]]:
        for line in _all(page_of):
            known = {
                "name": line.person.name,
                "phone": line.person.phone_masked,
                "joined_on": line.person.joined_on.isoformat(),
                "driver": "是" if line.person.driver else "否",
                "unit": line.unit_name,
                "left_on": str(line.person.left_on or ""),
            }
            yield from ({**known, **post} for post in posts.get(line.person.id, [{}]))

    return writing.list_of(sheet, lines())


def list_of_vehicles(*, text: str, unit_id: int | None, service: str) -> IO[bytes]:
    company = own_company()
    units = dict(Unit.objects.values_list("pk", "name"))

    def page_of(number: int) -> Page[VehicleRow]:
        return vehicles_page(company_id=company, text=text, unit_id=unit_id, service=service, page=number)

    def lines() -> Iterator[Mapping[str, str]]:
        for row in _all(page_of):
            unit = units.get(row.unit_id or 0, "")
            until = str(row.until or "")
            yield {"plate": row.plate, "since": row.since.isoformat(), "unit": unit, "until": until}

    return writing.list_of(vehicles_sheet(), lines())


def _all(page_of: Callable[[int], Page[T]]) -> Iterator[T]:
    number = pages = 1
    while number <= pages:
        page = page_of(number)
        yield from page.rows
        number, pages = number + 1, page.pages


def _posts(names: Mapping[str, str], *, ended: bool) -> dict[int, list[dict[str, str]]]:
    """Person -> the cells of each post that is held today, or was."""
    today = current().today
    held = Holding.objects.filter(since__lte=today, position__in=names).order_by("since")
    if not ended:
        held = held.filter(Q(until=None) | Q(until__gt=today))
    found: dict[int, list[dict[str, str]]] = {}
    for person, position, since, until in held.values_list("person_id", "position", "since", "until"):
        cells = {"position": names[position], "since": since.isoformat(), "until": str(until or "")}
        found.setdefault(person, []).append(cells)
    return found
