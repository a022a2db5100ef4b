"""Records as an assessment looks at them: only the days and columns that some question asks for.

Most questions ask whether and when there is a record: such kinds come as columns, one row a kind. Whom they
cover, and what they choose and count, is read of those kinds alone of which it is asked.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from functools import lru_cache
from typing import Any

from django.db import connection

from anze.records.acting.context import current
from anze.records.evidence.facts import latest, revisions
from anze.records.lawbook import lawbook
from anze.rules.assessment import Entry
from anze.rules.catalogue.model import Role
from anze.rules.catalogue.schemes import Question
from anze.rules.evidence import COVERED, Part
from anze.rules.periods import midnight

UNITS = ("vehicle", "department")  # listed on a record; of everybody else it says who took part
EARLIEST = date(1900, 1, 1)
NUMERIC = frozenset({"number", "money", "hours"})

# Kind by kind along the index; days count from 0001-01-01, as Python's do.
_CHOSEN = """
FROM unnest(%(kinds)s::text[], %(since)s::timestamptz[]) AS w(kind, since)
CROSS JOIN LATERAL (
    SELECT id, about_id, valid_until, values, hours,
           (happened_at AT TIME ZONE INTERVAL '8 hours')::date - DATE '0001-01-01' + 1 AS day
    FROM evidence_record
    WHERE company_id = %(company)s AND kind = w.kind AND status = 'sealed'
      AND happened_at >= w.since AND happened_at < %(until)s OFFSET 0
) r
"""
_COLUMNS = (
    "SELECT w.kind, array_agg(r.id), array_agg(r.day), array_agg(r.valid_until), "
    "CASE WHEN bool_or(r.about_id IS NOT NULL) THEN array_agg(r.about_id) END" + _CHOSEN + "GROUP BY w.kind"
)
_TOLD = "SELECT r.id, w.kind, r.day, r.valid_until, r.about_id, r.values::text, r.hours::text" + _CHOSEN
# Record by record: right after an import the planner knows nothing of its rows.
_PEOPLE = """
SELECT i.id, p.people, p.roles, p.hours FROM unnest(%s::bigint[]) AS i(id)
CROSS JOIN LATERAL (
    SELECT array_agg(person_id) AS people, array_agg(role) AS roles,
           CASE WHEN bool_or(hours IS NOT NULL) THEN array_agg(hours::text) END AS hours
    FROM evidence_participation
    WHERE record_id = i.id AND attendance = 'attended' AND role = ANY(%s)
) p WHERE p.people IS NOT NULL
"""
_LISTED = """
SELECT i.id, s.types, s.subjects FROM unnest(%s::bigint[]) AS i(id)
CROSS JOIN LATERAL (
    SELECT array_agg(subject_type) AS types, array_agg(subject) AS subjects
    FROM evidence_subject WHERE record_id = i.id AND subject_type = ANY(%s)
) s WHERE s.types IS NOT NULL
"""


@dataclass(slots=True)
class Wanted:
    """Of one kind. `since`: the first day that some question looks at."""

    since: date
    told: set[str] = field(default_factory=set)  # fields that a proof asks for
    people: bool = False
    units: set[str] = field(default_factory=set)


def wanted_of(questions: Iterable[tuple[Question, date]]) -> dict[str, Wanted]:
    """Questions with the first day that each looks at -> what is read of each kind."""
    found: dict[str, Wanted] = {}
    for question, first in questions:
        for kind in question.triggers:
            _want(found, kind, first)
        for proof in question.proofs:
            wanted = _want(found, proof.kind, first)
            wanted.told.update(proof.where, proof.minima)
            if question.subject in UNITS:
                wanted.units.add(question.subject)
            elif question.subject is not None:
                wanted.people = True
    return found


def _want(found: dict[str, Wanted], kind: str, first: date) -> Wanted:
    wanted = found.setdefault(kind, Wanted(first))
    wanted.since = min(wanted.since, first)
    return wanted


def entries_of(company_id: int, wanted: Mapping[str, Wanted], until: date) -> tuple[Entry, ...]:
    """Sealed records of the company, `until` exclusive."""
    current()
    plain = {kind: one for kind, one in wanted.items() if not one.told}
    told = {kind: one for kind, one in wanted.items() if one.told}
    found = [*_columns(company_id, plain, until), *_told(company_id, told, until)]
    if any(entry.about is not None for entry in found):
        later = revisions([company_id])
        found = [e if e.about is None else e._replace(about=latest(e.about, later)) for e in found]
    return tuple(_covering(found, wanted))


def _columns(company_id: int, wanted: Mapping[str, Wanted], until: date) -> Iterator[Entry]:
    days: dict[int, date] = {}
    for kind, ids, numbers, ends, abouts in _rows(_COLUMNS, company_id, wanted, until):
        for number in set(numbers) - days.keys():
            days[number] = date.fromordinal(number)
        dated = map(days.__getitem__, numbers)
        yield from map(Entry, ids, (kind,) * len(ids), dated, ends, abouts or (None,) * len(ids))


def _told(company_id: int, wanted: Mapping[str, Wanted], until: date) -> Iterator[Entry]:
    numeric = {kind: _numeric(kind) for kind in wanted}
    for record, kind, day, end, about, values, hours in _rows(_TOLD, company_id, wanted, until):
        typed, asked = json.loads(values), wanted[kind].told
        numbers = {name: _fraction(typed[name]) for name in numeric[kind] & asked if name in typed}
        if hours is not None:
            numbers["hours"] = _fraction(hours)
        choices = {name: typed[name] for name in asked - numeric[kind] if name in typed}
        yield Entry(record, kind, date.fromordinal(day), end, about, numbers, choices)


def _rows(
    statement: str, company_id: int, wanted: Mapping[str, Wanted], until: date
) -> list[tuple[Any, ...]]:
    if not wanted:
        return []
    asked: dict[str, Any] = {
        "company": company_id,
        "kinds": list(wanted),
        "since": [midnight(max(one.since, EARLIEST)) for one in wanted.values()],
        "until": midnight(until),
    }
    with connection.cursor() as cursor:
        cursor.execute(statement, asked)
        return list(cursor.fetchall())


def _numeric(kind: str) -> frozenset[str]:
    return frozenset(spec.id for spec in lawbook().kinds[kind].fields if spec.type in NUMERIC)


@lru_cache(maxsize=4096)
def _fraction(text: str) -> Fraction:
    return Fraction(text)


def _covering(found: Sequence[Entry], wanted: Mapping[str, Wanted]) -> Iterator[Entry]:
    """With whom and what they cover, where that is asked."""
    people = _people([e.id for e in found if wanted[e.kind].people])
    units = {unit for one in wanted.values() for unit in one.units}
    listed = _listed([e.id for e in found if wanted[e.kind].units], units)
    for entry in found:
        if entry.id in people or entry.id in listed:
            yield entry._replace(parts=people.get(entry.id, ()), subjects=listed.get(entry.id, ()))
        else:
            yield entry


def _people(ids: list[int]) -> dict[int, tuple[Part, ...]]:
    known: dict[tuple[int, str, str | None], Part] = {}
    rows = _looked_up(_PEOPLE, ids, [str(role) for role in COVERED])
    return {
        record: tuple(
            known.get(key) or known.setdefault(key, _part(*key))
            for key in zip(people, roles, hours or (None,) * len(people), strict=True)
        )
        for record, people, roles, hours in rows
    }


def _part(person: int, role: str, hours: str | None) -> Part:
    return Part(person, Role(role), hours=None if hours is None else _fraction(hours))


def _listed(ids: list[int], units: Collection[str]) -> dict[int, tuple[tuple[str, int], ...]]:
    rows = _looked_up(_LISTED, ids, sorted(units))
    return {record: tuple(zip(types, subjects, strict=True)) for record, types, subjects in rows}


def _looked_up(statement: str, ids: list[int], among: list[str]) -> list[tuple[Any, ...]]:
    if not ids:
        return []
    with connection.cursor() as cursor:
        cursor.execute(statement, [ids, among])
        return list(cursor.fetchall())
