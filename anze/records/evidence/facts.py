"""Sealed records as the rules see them, for many companies at once: raw SQL, one row per record."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from fractions import Fraction
from functools import lru_cache
from typing import Any, NamedTuple

from django.db import connection

from anze.records.acting.context import current
from anze.records.acting.instants import read_instants
from anze.records.lawbook import lawbook
from anze.rules.catalogue.model import Role
from anze.rules.evidence import Attendance, Fact, Part
from anze.rules.periods import midnight

_NUMERIC = frozenset({"number", "money", "hours"})
_CHOOSING = frozenset({"choice", "bool"})
_ROLES = {str(role): role for role in Role}
_ATTENDANCES = {str(attendance): attendance for attendance in Attendance}

# The chosen records come first, so that a day of a large company reads the parts of that day alone. They are
# looked up record by record: right after an import the planner knows nothing of its rows, and joined as sets
# they took minutes. The record alone names them: asked for the company too, the planner may go through all
# that the company has, for each record.
_SQL = """
WITH r AS MATERIALIZED (
    SELECT company_id, id, kind, happened_at, received_at, hours, values, valid_until, about_id, makes_up,
           attests
    FROM evidence_record
    WHERE company_id = ANY(%(companies)s) AND (status = 'sealed' OR id = %(draft)s)
      AND (%(kinds)s::text[] IS NULL OR kind = ANY(%(kinds)s::text[]))
      AND ((%(since)s::timestamptz IS NULL OR happened_at >= %(since)s::timestamptz)
           AND (%(until)s::timestamptz IS NULL OR happened_at < %(until)s::timestamptz)
           OR %(making_up)s AND makes_up IS NOT NULL)
)
SELECT r.company_id, r.id, r.kind, r.happened_at, (r.happened_at AT TIME ZONE INTERVAL '8 hours')::date,
       r.received_at, r.hours::text, CASE WHEN r.kind = ANY(%(plain)s) THEN NULL ELSE r.values::text END,
       r.valid_until, r.about_id, r.makes_up, r.attests, p.people, p.roles, p.attendances, p.hours,
       s.types, s.subjects
FROM r
CROSS JOIN LATERAL (
    SELECT array_agg(person_id) AS people, array_agg(role) AS roles,
           array_agg(attendance) AS attendances,
           CASE WHEN bool_or(hours IS NOT NULL) THEN array_agg(hours::text) END AS hours
    FROM evidence_participation WHERE record_id = r.id
) p
CROSS JOIN LATERAL (
    SELECT array_agg(subject_type) AS types, array_agg(subject) AS subjects
    FROM evidence_subject WHERE record_id = r.id
) s
ORDER BY r.company_id, r.happened_at, r.id
"""


_STEP = 2000  # rows: a fact takes a third of the memory of its row


class _Known(NamedTuple):
    """Kept once for all facts that have it."""

    parts: dict[tuple[int, str, str, str | None], Part]
    subjects: dict[tuple[tuple[str, int], ...], frozenset[tuple[str, int]]]


class _Reading(NamedTuple):
    """How the values of a kind are read."""

    numbers: tuple[str, ...]
    choices: tuple[str, ...]
    starts: str | None

    @property
    def needs_values(self) -> bool:
        return bool(self.numbers or self.choices or self.starts)


def facts_of(
    company_id: int,
    *,
    kinds: Iterable[str] | None = None,
    since: date | None = None,
    until: date | None = None,
    making_up: bool = False,
) -> list[Fact]:
    """The company's sealed records by the instant they happened; `since` and `until` are half-open days.

    making_up: also those of other days that make up for a missed period.
    """
    found = facts_of_many([company_id], kinds=kinds, since=since, until=until, making_up=making_up)
    return found[company_id]


def facts_of_many(
    company_ids: Sequence[int],
    *,
    kinds: Iterable[str] | None = None,
    since: date | None = None,
    until: date | None = None,
    making_up: bool = False,
) -> dict[int, list[Fact]]:
    """Company id -> its facts. Companies out of scope have none; outside any scope the database refuses."""
    current()
    readings = {kind.id: _reading(kind.id) for kind in lawbook().kinds.values()}
    parameters: dict[str, Any] = {
        "companies": list(company_ids),
        "draft": None,
        "kinds": None if kinds is None else list(kinds),
        "since": None if since is None else midnight(since),
        "until": None if until is None else midnight(until),
        "making_up": making_up,
        "plain": [kind for kind, reading in readings.items() if not reading.needs_values],
    }
    found: dict[int, list[Fact]] = {company: [] for company in company_ids}
    known = _Known({}, {})
    later: dict[int, int] | None = None
    with connection.cursor() as cursor:
        read_instants(cursor)
        cursor.execute(_SQL, parameters)
        while rows := cursor.fetchmany(_STEP):
            if later is None and any(row[9] is not None for row in rows):
                later = revisions(company_ids)
            for row in rows:
                found[row[0]].append(_fact(row, readings.get(row[2], _NOTHING), known, later or {}))
    return found


def fact_of_draft(company_id: int, record: int, kind: str, happened: datetime, at: datetime) -> Fact:
    """The draft as it would read if it were sealed at `at`."""
    parameters: dict[str, Any] = {"companies": [company_id], "draft": record, "making_up": False}
    instant = {"since": happened, "until": happened + timedelta(microseconds=1)}
    with connection.cursor() as cursor:
        cursor.execute(_SQL, parameters | instant | {"kinds": [kind], "plain": []})
        row = next(row for row in cursor if row[1] == record)
    later = revisions([company_id]) if row[9] is not None else {}
    return replace(_fact(row, _reading(kind), _Known({}, {}), later), received=at)


_NOTHING = _Reading((), (), None)


def _reading(kind_id: str) -> _Reading:
    kind = lawbook().kinds[kind_id]
    return _Reading(
        tuple(spec.id for spec in kind.fields if spec.type in _NUMERIC),
        tuple(spec.id for spec in kind.fields if spec.type in _CHOOSING),
        kind.starts_field,
    )


def _fact(
    row: tuple[Any, ...],
    reading: _Reading,
    known: _Known,
    later: dict[int, int],
) -> Fact:
    (
        _,
        record,
        kind,
        happened,
        day,
        received,
        hours,
        values,
        valid_until,
        about,
        makes_up,
        attests,
        *listed,
    ) = row
    numbers, choices, starts = _typed(values, hours, reading)
    return Fact(
        id=record,
        kind=kind,
        day=day,
        happened=happened,
        received=received,
        parts=_parts(listed, known.parts),
        subjects=_subjects(listed, known.subjects),
        numbers=numbers,
        choices=choices,
        valid_until=valid_until,
        starts=starts,
        about=latest(about, later),
        makes_up=makes_up,
        attests=attests,
    )


def _typed(
    values: str | None, hours: str | None, reading: _Reading
) -> tuple[dict[str, Fraction], dict[str, str], date | None]:
    typed = json.loads(values) if values else {}
    numbers = {name: _fraction(typed[name]) for name in reading.numbers if name in typed}
    if hours is not None:
        numbers["hours"] = _fraction(hours)
    choices = {name: typed[name] for name in reading.choices if name in typed}
    starts = date.fromisoformat(typed[reading.starts]) if reading.starts in typed else None
    return numbers, choices, starts


def _parts(listed: list[Any], known: dict[tuple[int, str, str, str | None], Part]) -> tuple[Part, ...]:
    people, roles, attendances, hours = listed[:4]
    if people is None:
        return ()
    return tuple(
        known.get(key) or known.setdefault(key, _part(key))
        for key in zip(people, roles, attendances, hours or (None,) * len(people), strict=True)
    )


def _subjects(
    listed: list[Any], known: dict[tuple[tuple[str, int], ...], frozenset[tuple[str, int]]]
) -> frozenset[tuple[str, int]]:
    if not listed[4]:
        return frozenset()
    key = tuple(zip(listed[4], listed[5], strict=True))
    return known.get(key) or known.setdefault(key, frozenset(key))


def _part(key: tuple[int, str, str, str | None]) -> Part:
    person, role, attendance, hours = key
    return Part(person, _ROLES[role], _ATTENDANCES[attendance], None if hours is None else _fraction(hours))


@lru_cache(maxsize=4096)
def _fraction(text: str) -> Fraction:
    return Fraction(text)


def revisions(company_ids: Sequence[int]) -> dict[int, int]:
    """Record -> the sealed revision in its place: an answer to an accident answers its corrected report."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT revises_id, id FROM evidence_record "
            "WHERE company_id = ANY(%s) AND revises_id IS NOT NULL AND status <> 'draft'",
            [list(company_ids)],
        )
        return dict(cursor.fetchall())


def latest(record: int | None, later: dict[int, int]) -> int | None:
    while record in later:
        record = later[record]
    return record


def lag_days(happened: datetime, received: datetime) -> int:
    """Whole days from the act to its sealing: what makes back-filled proof visible."""
    return max(0, (received - happened) // timedelta(days=1))
