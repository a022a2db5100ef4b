"""The newest sealed record of every certificate for everybody and everything in service, in one statement.

What cannot end within the days of warning stays in the database: of a large company few rows come back.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from django.db import connection

from anze.records.acting.context import current
from anze.rules.catalogue.dossier_model import Certificate, in_force
from anze.rules.dossiers.validity import Paper

_CHOSEN = """
WITH c AS (
    SELECT * FROM unnest(%(ids)s::text[], %(kinds)s::text[], %(fields)s::text[], %(values)s::text[],
                         %(lasts)s::int[], %(ahead)s::int[]) AS c(id, kind, field, value, lasts, ahead)
), newest AS (
    SELECT DISTINCT ON (c.id, s.subject) c.id, s.subject, r.id AS record, r.valid_until, c.ahead,
           (r.happened_at AT TIME ZONE INTERVAL '8 hours')::date AS day, c.lasts
    FROM evidence_record r
    JOIN c ON c.kind = r.kind AND (c.field = '' OR r.values ->> c.field = c.value)
    JOIN %(source)s s ON s.record_id = r.id
    WHERE r.company_id = %(company)s AND r.status = 'sealed' AND r.kind = ANY(%(kinds)s::text[])
    ORDER BY c.id, s.subject, r.happened_at DESC, r.id DESC
)
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
    source = _PEOPLE if of == "person" else _VEHICLES
    lines = [line for c in certificates if c.of == of for line in _lines(c, on, warns)]
    names = ("ids", "kinds", "fields", "values", "lasts", "ahead")
    columns = dict(zip(names, (list(column) for column in zip(*lines, strict=True)), strict=True))
    with connection.cursor() as cursor:
        cursor.execute(_CHOSEN.replace("%(source)s", source), {"company": company_id, "on": on, **columns})
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


_READ = """
SELECT DISTINCT ON (r.kind, r.values ->> 'level', s.subject)
       r.kind, s.subject, r.id, (r.happened_at AT TIME ZONE INTERVAL '8 hours')::date,
       r.values ->> 'class', (r.values ->> 'registered')::date, r.values ->> 'level',
       floor((r.values ->> 'mileage')::numeric)::bigint, (r.values ->> 'next')::date
FROM evidence_record r
JOIN evidence_subject s ON s.record_id = r.id AND s.company_id = r.company_id AND s.subject_type = 'vehicle'
WHERE r.company_id = %s AND r.status = 'sealed' AND r.kind = ANY(%s)
ORDER BY r.kind, r.values ->> 'level', s.subject, r.happened_at DESC, r.id DESC
"""


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


def newest_of_vehicles(company_id: int, kinds: Sequence[str]) -> list[VehicleRecord]:
    current()
    with connection.cursor() as cursor:
        cursor.execute(_READ, [company_id, list(kinds)])
        return [VehicleRecord._make(row) for row in cursor.fetchall()]
