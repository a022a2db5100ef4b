"""The newest sealed record of every certificate for everybody and everything in service.

What cannot end within the days of warning stays in the database: of a large company few rows come back.
Where the newest are kept they are read, elsewhere they are looked up among all records.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from django.db import connection

from anze.records.acting.context import current
from anze.records.evidence.newest import CYCLES, kept
from anze.rules.catalogue.dossier_model import Certificate, Wanted, in_force
from anze.rules.dossiers.validity import Paper

_ASKED = """
WITH c AS (
    SELECT * FROM unnest(%(ids)s::text[], %(kinds)s::text[], %(fields)s::text[], %(values)s::text[],
                         %(lasts)s::int[], %(ahead)s::int[]) AS c(id, kind, field, value, lasts, ahead)
), newest AS ("""
_LOOKED_UP = """
    SELECT DISTINCT ON (c.id, s.subject) c.id, s.subject, r.id AS record, r.valid_until, c.ahead,
           (r.happened_at AT TIME ZONE INTERVAL '8 hours')::date AS day, c.lasts
    FROM evidence_record r
    JOIN c ON c.kind = r.kind AND (c.field = '' OR r.values ->> c.field = c.value)
    JOIN %(source)s s ON s.record_id = r.id
    WHERE r.company_id = %(company)s AND r.status = 'sealed' AND r.kind = ANY(%(kinds)s::text[])
    ORDER BY c.id, s.subject, r.happened_at DESC, r.id DESC
"""
_KEPT = """
    SELECT c.id, l.subject, l.record_id AS record, l.valid_until, c.ahead,
           (l.happened_at AT TIME ZONE INTERVAL '8 hours')::date AS day, c.lasts
    FROM evidence_newest l JOIN c ON c.kind = l.kind AND c.field = l.field AND c.value = l.choice
    WHERE l.company_id = %(company)s AND l.subject_type = %(of)s AND l.kind = ANY(%(kinds)s::text[])
"""
_NEAR = """)
SELECT id, array_agg(subject), array_agg(subject) FILTER (WHERE near), array_agg(record) FILTER (WHERE near),
       array_agg(day) FILTER (WHERE near), array_agg(valid_until) FILTER (WHERE near)
FROM (
    SELECT *, coalesce(valid_until, (day + make_interval(months => lasts))::date)
              <= %(on)s::date + ahead + 1 AS near
    FROM newest
) n
GROUP BY id
"""
_PEOPLE = """(
    SELECT record_id, person_id AS subject FROM evidence_participation
    WHERE company_id = %(company)s AND attendance = 'attended' AND role IN ('subject', 'participant')
)"""
_VEHICLES = """(
    SELECT record_id, subject FROM evidence_subject
    WHERE company_id = %(company)s AND subject_type = 'vehicle'
)"""


@dataclass(frozen=True, slots=True)
class Newest:
    """Of one certificate: who has it at all, and the papers that end within the days of warning."""

    held: frozenset[int]
    near: Mapping[int, Paper]


def newest_papers(
    company_id: int, certificates: Sequence[Certificate], *, of: str, on: date, warns: int | None
) -> dict[str, Newest]:
    """Certificate id -> what is on record. `warns`: days in place of each certificate's own."""
    current()
    there = kept(company_id)
    ready = [c for c in certificates if _is_kept(c.wanted, there)]
    others = [c for c in certificates if not _is_kept(c.wanted, there)]
    source = _PEOPLE if of == "person" else _VEHICLES
    ways = ((_KEPT, ready), (_LOOKED_UP.replace("%(source)s", source), others))
    found: dict[str, Newest] = {}
    for way, chosen in ways:
        lines = [line for c in chosen if c.of == of for line in _lines(c, on, warns)]
        if lines:
            asked = {"company": company_id, "of": of, "on": on, **_columns(lines)}
            found |= _newest(_ASKED + way + _NEAR, asked)
    return found


def _is_kept(wanted: Wanted, there: frozenset[tuple[str, str]]) -> bool:
    """Of several values of a choice the newest of each is kept, not the newest of all."""
    return (wanted.kind, wanted.choice) in there and len(wanted.values) <= 1


def _columns(lines: Sequence[tuple[Any, ...]]) -> dict[str, list[Any]]:
    names = ("ids", "kinds", "fields", "values", "lasts", "ahead")
    return dict(zip(names, (list(column) for column in zip(*lines, strict=True)), strict=True))


def _newest(statement: str, asked: Mapping[str, Any]) -> dict[str, Newest]:
    with connection.cursor() as cursor:
        cursor.execute(statement, asked)
        return {row[0]: Newest(frozenset(row[1]), _near(row[2:])) for row in cursor.fetchall()}


def _lines(certificate: Certificate, on: date, warns: int | None) -> Iterable[tuple[Any, ...]]:
    """One for each value of the choice."""
    term = in_force(certificate.terms, on)
    ahead = warns if warns is not None else term.warns if term else 0
    wanted = certificate.wanted
    for value in sorted(wanted.values) or [""]:
        yield certificate.id, wanted.kind, wanted.choice, value, term.lasts if term else None, ahead


def _near(columns: Sequence[Any]) -> dict[int, Paper]:
    subjects, records, days, ends = (column or () for column in columns)
    return {
        subject: Paper(record, day, end)
        for subject, record, day, end in zip(subjects, records, days, ends, strict=True)
    }


_SAID = """r.kind, s.subject, r.id, (r.happened_at AT TIME ZONE INTERVAL '8 hours')::date,
       r.values ->> 'class', (r.values ->> 'registered')::date, r.values ->> 'level',
       floor((r.values ->> 'mileage')::numeric)::bigint, (r.values ->> 'next')::date
"""
_READ = (
    "SELECT DISTINCT ON (r.kind, r.values ->> 'level', s.subject) "
    + _SAID
    + """
FROM evidence_record r
JOIN evidence_subject s ON s.record_id = r.id AND s.company_id = r.company_id AND s.subject_type = 'vehicle'
WHERE r.company_id = %s AND r.status = 'sealed' AND r.kind = ANY(%s)
ORDER BY r.kind, r.values ->> 'level', s.subject, r.happened_at DESC, r.id DESC
"""
)
_READ_KEPT = (
    "SELECT "
    + _SAID
    + """
FROM evidence_newest s JOIN evidence_record r ON r.id = s.record_id AND r.company_id = s.company_id
JOIN unnest(%s::text[], %s::text[]) AS c(kind, field) ON c.kind = s.kind AND c.field = s.field
WHERE s.company_id = %s AND s.subject_type = 'vehicle'
"""
)


class VehicleRecord(NamedTuple):
    """The newest of its kind, and of its level, about one vehicle."""

    kind: str
    vehicle: int
    id: int
    day: date
    vehicle_class: str | None
    registered: date | None
    level: str | None
    mileage: int | None
    next: date | None


def newest_of_vehicles(company_id: int) -> list[VehicleRecord]:
    """Of what tells when a vehicle is tested, maintained and scrapped."""
    current()
    there = kept(company_id)
    ready = [pair for pair in CYCLES if pair in there]
    others = [kind for kind, field in CYCLES if (kind, field) not in there]
    with connection.cursor() as cursor:
        rows: list[tuple[Any, ...]] = []
        if ready:
            kinds, fields = map(list, zip(*ready, strict=True))
            cursor.execute(_READ_KEPT, [kinds, fields, company_id])
            rows += cursor.fetchall()
        if others:
            cursor.execute(_READ, [company_id, others])
            rows += cursor.fetchall()
        return [VehicleRecord._make(row) for row in rows]
