"""Numbers by which a sheet calls records: the company's own, or those that they had where they came from.

A number that could mean two events is refused, never guessed.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet

from anze.records.evidence.models import Record
from anze.records.imports import models
from anze.records.lawbook import lawbook


def numbered(numbers: Iterable[str], among: QuerySet[Record] | None = None) -> dict[str, Record]:
    """Number -> record of the company in scope."""
    wanted = sorted(set(numbers))
    rows = Record.objects.all() if among is None else among
    return {r.number or "": r for r in rows.filter(number__in=wanted)} if wanted else {}


def given_elsewhere(numbers: Iterable[str]) -> dict[str, list[Record]]:
    """Number that a sheet gave -> the records that came of it and are not void."""
    wanted = sorted(set(numbers))
    if not wanted:
        return {}
    rows = models.Row.objects.filter(standing=models.Row.Standing.MADE, typed__number__in=wanted)
    made = list(rows.values_list("typed__number", "made"))
    records = Record.objects.exclude(status=Record.Status.VOID).in_bulk({key for _, key in made})
    found: dict[str, list[Record]] = {}
    for number, key in made:
        if key in records:
            found.setdefault(number, []).append(records[key])
    return found


def events_called(numbers: Iterable[str]) -> dict[str, list[Record]]:
    """Number -> the sealed events that are called so; more than one where it is nobody's own."""
    wanted = set(numbers)
    found = {number: [record] for number, record in numbered(wanted).items()}
    for number, records in given_elsewhere(wanted).items():
        found.setdefault(number, []).extend(records)
    return {number: events for number, called in found.items() if (events := _events(called))}


def _events(records: Iterable[Record]) -> list[Record]:
    kinds = lawbook().kinds
    return [
        record
        for record in dict.fromkeys(records)
        if record.status == Record.Status.SEALED and record.kind in kinds and kinds[record.kind].event
    ]
