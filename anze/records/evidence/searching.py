"""Finding records by what they say: titles, numbers, fields, people who took part, vehicles and departments.

Rule 1: letters and digits alone are looked for in the values of fields, never in the keys that store them.
Rule 2: a page goes on where the last one ended, so that the thousandth costs what the first does.
"""

from __future__ import annotations

import json
import unicodedata
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q, QuerySet

from anze.records.evidence.access import visible
from anze.records.evidence.models import Participation, Record, RecordSubject
from anze.records.evidence.rows import FieldRow, RecordRow, fields_of, rows_of
from anze.records.fleet.models import Vehicle
from anze.records.lawbook import lawbook
from anze.records.people.models import Person
from anze.records.tenants.models import Unit
from anze.rules.periods import midnight

PAGE = 30
MOST_NAMED = 50  # more people or plates than that, and the text names nobody
LEAST_ASCII = 3  # fewer letters or digits stand everywhere

Place = tuple[datetime, int]  # of the last record shown


@dataclass(frozen=True, slots=True)
class Match:
    """`people` and `subjects`: those of the record that the text names."""

    record: RecordRow
    fields: tuple[FieldRow, ...]
    people: tuple[str, ...]
    subjects: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Matches:
    """`after`: where the next page begins; None: this is the last."""

    wanted: str
    rows: tuple[Match, ...]
    after: Place | None


@dataclass(frozen=True, slots=True)
class _Named:
    """Ids of those whose names the text is in."""

    people: tuple[int, ...]
    vehicles: tuple[int, ...]
    departments: tuple[int, ...]


def narrowed(text: str) -> str:
    """As it is looked for: full-width letters and digits narrowed."""
    return unicodedata.normalize("NFKC", text).strip().replace("\x00", "")


def matching(text: str) -> QuerySet[Record]:
    """Visible records that say the text, in no order."""
    wanted = narrowed(text)
    return _matching(wanted, _named(wanted))


def search(
    text: str,
    *,
    kinds: Sequence[str] | None = None,
    since: date | None = None,
    until: date | None = None,
    after: Place | None = None,
) -> Matches:
    """Records no longer in draft, the newest first. `since` and `until`: half-open days."""
    wanted = narrowed(text)
    if not wanted:
        return Matches(wanted, (), None)
    named = _named(wanted)
    rows = _matching(wanted, named).exclude(status=Record.Status.DRAFT)
    if kinds is not None:
        rows = rows.filter(kind__in=kinds)
    if since is not None:
        rows = rows.filter(happened_at__gte=midnight(since))
    if until is not None:
        rows = rows.filter(happened_at__lt=midnight(until))
    if after is not None:
        at, pk = after
        rows = rows.filter(Q(happened_at__lt=at) | Q(pk__lt=pk), happened_at__lte=at)
    found = list(rows.order_by("-happened_at", "-pk")[: PAGE + 1])
    shown = found[:PAGE]
    last = (shown[-1].happened_at, shown[-1].pk) if len(found) > PAGE else None
    return Matches(wanted, tuple(_matches(shown, named)), last)


def _named(wanted: str) -> _Named:
    plate = wanted.replace("·", "").upper()
    return _Named(
        _few(Person.objects.filter(name__contains=wanted)),
        _few(Vehicle.objects.filter(plate__contains=plate)) if plate else (),
        _few(Unit.objects.filter(name__contains=wanted)),
    )


def _few(rows: QuerySet[Any]) -> tuple[int, ...]:
    ids = tuple(rows.order_by("pk").values_list("pk", flat=True)[: MOST_NAMED + 1])
    return ids if len(ids) <= MOST_NAMED else ()


def _matching(wanted: str, named: _Named) -> QuerySet[Record]:
    says = Q(title__contains=wanted) | Q(number__contains=wanted.upper())
    rows = visible()
    if not wanted.isascii() or len(wanted) >= LEAST_ASCII:
        says |= Q(said__contains=json.dumps(wanted, ensure_ascii=False)[1:-1])
    if named.people:
        parts = Participation.objects.filter(person__in=named.people)
        says |= Q(pk__in=parts.values("record"))
    for kind, ids in (("vehicle", named.vehicles), ("department", named.departments)):
        if ids:
            about = RecordSubject.objects.filter(subject_type=kind, subject__in=ids)
            says |= Q(pk__in=about.values("record"))
    return rows.filter(says)


def _matches(records: Sequence[Record], named: _Named) -> list[Match]:
    people, subjects = _people(records, named), _subjects(records, named)
    kinds = lawbook().kinds
    return [
        Match(
            row,
            fields_of(record, kinds.get(record.kind)),
            tuple(dict.fromkeys(people.get(record.pk, ()))),
            tuple(dict.fromkeys(subjects.get(record.pk, ()))),
        )
        for record, row in zip(records, rows_of(records), strict=True)
    ]


def _people(records: Sequence[Record], named: _Named) -> Mapping[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    if named.people and records:
        parts = Participation.objects.filter(record__in=records, person__in=named.people)
        for record_id, name in parts.order_by("person__pinyin").values_list("record", "person__name"):
            found[record_id].append(name)
    return found


def _subjects(records: Sequence[Record], named: _Named) -> Mapping[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    names = dict(Vehicle.objects.filter(pk__in=named.vehicles).values_list("pk", "plate"))
    units = dict(Unit.objects.filter(pk__in=named.departments).values_list("pk", "name"))
    if records and (names or units):
        about = RecordSubject.objects.filter(record__in=records)
        for record_id, kind, subject in about.values_list("record", "subject_type", "subject"):
            name = {"vehicle": names, "department": units}.get(kind, {}).get(subject)
            found[record_id].extend([name] if name else [])
    return found
