"""The newest sealed record of every certificate for everybody and everything in service.

What cannot end within the days of warning stays in the database: of a large company few rows come back.
Where the newest are kept they are read, elsewhere they are looked up among all records.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import repeat
from typing import Any, NamedTuple

from django.db import connection

from anze.records.acting.context import current
from anze.records.evidence.newest import CYCLES, kept
from anze.rules.catalogue.dossier_model import Certificate, Wanted, in_force
from anze.rules.dossiers.validity import days_ahead

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
       array_agg(expires) FILTER (WHERE near), array_agg(valid_until IS NOT NULL) FILTER (WHERE near)
FROM (
    SELECT *, expires <= %(on)s::date + ahead + 1 AS near FROM newest, LATERAL (
        SELECT coalesce(valid_until, (day + make_interval(months => lasts))::date) AS expires
    ) e
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


class Ending(NamedTuple):
    """A paper that ends within the days of warning, or has ended. `expires`: exclusive."""

    subject: int
    fact: int
    expires: date
    printed: bool  # on the paper; else it follows from how long the certificate lasts


@dataclass(frozen=True, slots=True)
class Newest:
    """Of one certificate: who has it at all, and the papers near their end."""

    held: frozenset[int]
    near: Sequence[Ending]


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
    ahead, lasts = days_ahead(term, warns), term.lasts if term else None
    wanted = certificate.wanted
    for value in sorted(wanted.values) or [""]:
        yield certificate.id, wanted.kind, wanted.choice, value, lasts, ahead


def _near(columns: Sequence[Any]) -> list[Ending]:
    return list(map(Ending._make, zip(*(column or () for column in columns), strict=True)))


_READ = """
WITH c AS (SELECT * FROM unnest(%(kinds)s::text[], %(fields)s::text[]) AS c(kind, field)), newest AS ("""
_CYCLES_LOOKED_UP = """
    SELECT DISTINCT ON (c.kind, level, s.subject) c.kind, s.subject, r.id AS record,
           (r.happened_at AT TIME ZONE INTERVAL '8 hours')::date AS day,
           CASE WHEN c.field = '' THEN '' ELSE coalesce(r.values ->> c.field, '') END AS level,
           r.values ->> 'class' AS vehicle_class, (r.values ->> 'registered')::date AS registered,
           floor((r.values ->> 'mileage')::numeric)::bigint AS mileage, (r.values ->> 'next')::date AS next
    FROM evidence_record r JOIN c ON c.kind = r.kind JOIN %(source)s s ON s.record_id = r.id
    WHERE r.company_id = %(company)s AND r.status = 'sealed' AND r.kind = ANY(%(kinds)s::text[])
    ORDER BY c.kind, level, s.subject, r.happened_at DESC, r.id DESC
""".replace("%(source)s", _VEHICLES)
_CYCLES_KEPT = """
    SELECT l.kind, l.subject, l.record_id AS record,
           (l.happened_at AT TIME ZONE INTERVAL '8 hours')::date AS day, l.choice AS level,
           l.vehicle_class, l.registered, l.mileage, l.next
    FROM evidence_newest l JOIN c ON c.kind = l.kind AND c.field = l.field
    WHERE l.company_id = %(company)s AND l.subject_type = 'vehicle'
"""
_BY_KIND = """)
SELECT kind, level, array_agg(subject), array_agg(record), array_agg(day),
       CASE WHEN count(vehicle_class) > 0 THEN array_agg(vehicle_class) END,
       CASE WHEN count(registered) > 0 THEN array_agg(registered) END,
       CASE WHEN count(mileage) > 0 THEN array_agg(mileage) END,
       CASE WHEN count(next) > 0 THEN array_agg(next) END
FROM newest GROUP BY kind, level
"""


class VehicleRecord(NamedTuple):
    """The newest of its kind, and of its level, about one vehicle."""

    vehicle: int
    id: int
    day: date
    vehicle_class: str | None
    registered: date | None
    mileage: int | None
    next: date | None


def newest_of_vehicles(company_id: int) -> dict[tuple[str, str], list[VehicleRecord]]:
    """(kind, level of maintenance) -> the newest of each vehicle: when it is tested, maintained, scrapped."""
    current()
    there = kept(company_id)
    ready = [pair for pair in CYCLES if pair in there]
    others = [pair for pair in CYCLES if pair not in there]
    found: dict[tuple[str, str], list[VehicleRecord]] = {}
    for way, pairs in ((_CYCLES_KEPT, ready), (_CYCLES_LOOKED_UP, others)):
        if pairs:
            kinds, fields = map(list, zip(*pairs, strict=True))
            with connection.cursor() as cursor:
                asked: dict[str, Any] = {"company": company_id, "kinds": kinds, "fields": fields}
                cursor.execute(_READ + way + _BY_KIND, asked)
                found |= {(kind, level): _records(columns) for kind, level, *columns in cursor.fetchall()}
    return found


def _records(columns: Sequence[Any]) -> list[VehicleRecord]:
    """A column that says nothing came back as one NULL."""
    said = (repeat(None) if column is None else column for column in columns)
    return list(map(VehicleRecord._make, zip(*said, strict=False)))
