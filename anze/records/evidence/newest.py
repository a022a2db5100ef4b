"""The newest sealed record about each person and vehicle, kept for what runs out: nobody reads the history.

Rule 1: made anew from the records at each sealing and voiding, in its transaction, for everybody and every
vehicle that they are about.
Rule 2: what `kept` does not name has gaps: whoever asks for it reads the records themselves.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection

from anze.records.acting.context import current
from anze.records.acting.models import check_writable
from anze.records.evidence.models import NewestKept, Record
from anze.records.lawbook import lawbook

Pair = tuple[str, str]  # kind, and the choice that tells its papers apart; "": none does
CYCLES: tuple[Pair, ...] = (
    ("vehicle.licence", ""),
    ("vehicle.test", ""),
    ("vehicle.odometer", ""),
    ("vehicle.maintenance", "level"),
)

# Who organised a check-up was not examined by it.
_ABOUT = """
    SELECT 'person' AS subject_type, person_id AS subject, record_id FROM evidence_participation
    WHERE company_id = %(company)s AND {person} AND attendance = 'attended'
      AND role IN ('subject', 'participant')
    UNION ALL
    SELECT subject_type, subject, record_id FROM evidence_subject
    WHERE company_id = %(company)s AND {vehicle} AND subject_type = 'vehicle'
"""
_OF_RECORD = _ABOUT.format(person="record_id = r.id", vehicle="record_id = r.id")
_OF_SUBJECT = _ABOUT.format(
    person="t.subject_type = 'person' AND person_id = t.subject",
    vehicle="t.subject_type = 'vehicle' AND subject = t.subject",
)
_PAIRS = """
WITH c AS (SELECT * FROM unnest(%(kinds)s::text[], %(fields)s::text[]) AS c(kind, field)),"""
# Each row is looked up by itself: right after an import the planner knows nothing of its rows.
_WHOLE = (
    _PAIRS
    + """
r AS MATERIALIZED (
    SELECT * FROM evidence_record
    WHERE company_id = %(company)s AND status = 'sealed' AND kind = ANY(%(kinds)s::text[])
), found AS (
    SELECT a.subject_type, a.subject, r.* FROM r CROSS JOIN LATERAL (ABOUT) a
)""".replace("ABOUT", _OF_RECORD)
)
_TOUCHED = (
    _PAIRS
    + """
t AS MATERIALIZED (
    SELECT DISTINCT a.subject_type, a.subject
    FROM unnest(%(ids)s::bigint[]) AS r(id) CROSS JOIN LATERAL (ABOUT) a
)""".replace("ABOUT", _OF_RECORD)
)
_THEIRS = """, found AS (
    SELECT t.subject_type, t.subject, r.* FROM t CROSS JOIN LATERAL (ABOUT) a CROSS JOIN LATERAL (
        SELECT * FROM evidence_record WHERE company_id = %(company)s AND id = a.record_id
        AND status = 'sealed' AND kind = ANY(%(kinds)s::text[]) OFFSET 0
    ) r
)""".replace("ABOUT", _OF_SUBJECT)
# Of a kind that tells nothing of a vehicle's cycles the same names may be anything.
_KEEP = """
INSERT INTO evidence_newest (company_id, kind, field, choice, subject_type, subject, record_id, happened_at,
    valid_until, vehicle_class, registered, mileage, next)
SELECT DISTINCT ON (c.kind, c.field, choice, f.subject_type, f.subject) %(company)s, c.kind, c.field,
       CASE WHEN c.field = '' THEN '' ELSE coalesce(f.values ->> c.field, '') END AS choice, f.subject_type,
       f.subject, f.id, f.happened_at, f.valid_until, v.class, v.registered::date,
       floor(v.mileage::numeric)::bigint, v.next::date
FROM found f JOIN c ON c.kind = f.kind LEFT JOIN LATERAL (
    SELECT f.values ->> 'class' AS class, f.values ->> 'registered' AS registered,
           f.values ->> 'mileage' AS mileage, f.values ->> 'next' AS next
    WHERE f.kind = ANY(%(cycles)s::text[])
) v ON true
ORDER BY c.kind, c.field, choice, f.subject_type, f.subject, f.happened_at DESC, f.id DESC
"""
_FORGET = """
DELETE FROM evidence_newest l USING t, c
WHERE l.company_id = %(company)s AND l.kind = c.kind AND l.field = c.field
  AND l.subject_type = t.subject_type AND l.subject = t.subject
"""


def asked() -> frozenset[Pair]:
    """What the catalogue's files of people and vehicles look for."""
    certificates = lawbook().dossiers.certificates.values()
    return frozenset([*((c.wanted.kind, c.wanted.choice) for c in certificates), *CYCLES])


def kept(company_id: int) -> frozenset[Pair]:
    """Read once in a scope."""
    memo, key = current().memo, ("newest kept", company_id)
    if key not in memo:
        rows = NewestKept.objects.filter(company=company_id)
        memo[key] = frozenset(rows.values_list("kind", "field"))
    found: frozenset[Pair] = memo[key]
    return found


def keep(records: Iterable[Record]) -> None:
    """Of records that were just sealed, superseded or voided."""
    pairs = asked()
    kinds = {kind for kind, _ in pairs}
    touched: dict[int, list[Record]] = defaultdict(list)
    for record in records:
        if record.kind in kinds:
            touched[record.company_id].append(record)
    for company_id, some in touched.items():
        keep_whole(company_id)
        theirs = {record.kind for record in some}
        _keep(company_id, sorted(pair for pair in pairs if pair[0] in theirs), [r.pk for r in some])


def keep_whole(company_id: int) -> None:
    """Whatever is asked and not kept yet, from all records."""
    missing = sorted(asked() - kept(company_id))
    if not missing:
        return
    _run(_WHOLE + _KEEP, company_id, missing)
    NewestKept.objects.bulk_create(
        NewestKept(company_id=company_id, kind=kind, field=field) for kind, field in missing
    )
    current().memo.pop(("newest kept", company_id), None)


def _keep(company_id: int, pairs: Sequence[Pair], ids: list[int]) -> None:
    _run(_TOUCHED + _FORGET, company_id, pairs, ids=ids)
    _run(_TOUCHED + _THEIRS + _KEEP, company_id, pairs, ids=ids)


def _run(statement: str, company_id: int, pairs: Sequence[Pair], **more: Any) -> None:
    check_writable(company_id)
    kinds, fields = map(list, zip(*pairs, strict=True))
    with connection.cursor() as cursor:
        asked: dict[str, Any] = {"company": company_id, "kinds": kinds, "fields": fields}
        cursor.execute(statement, asked | more | {"cycles": [kind for kind, _ in CYCLES]})
