"""Certificates of a grade, as they were registered: a record each, and one for each change of one.

The company registers them with a scan, on the form of their kind; here they are read together, for the
company and for all companies of an authority.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from anze.records.acting.context import current
from anze.records.acting.permissions import may, require
from anze.records.lawbook import lawbook
from anze.rules.assessment import certificates as rules
from anze.rules.assessment.certificates import Standing, Validity
from anze.rules.catalogue.dossier_model import in_force
from anze.rules.catalogue.schemes import CertificateTerm
from anze.rules.periods import ONE_DAY, add_months

KIND, CHANGE = "assessment.certificate", "assessment.change"
GOOD = (Validity.VALID, Validity.SOON)

# Company by company over the index of kinds: of a city few rows are looked at.
_SQL = """
SELECT r.company_id, r.id, r.kind, (r.happened_at AT TIME ZONE INTERVAL '8 hours')::date, r.valid_until,
       r.number, r.values::text
FROM unnest(%s::bigint[]) AS c(id)
CROSS JOIN LATERAL (
    SELECT * FROM evidence_record
    WHERE company_id = c.id AND kind = ANY(%s::text[]) AND status = 'sealed' OFFSET 0
) r
ORDER BY r.happened_at, r.id
"""


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """A suspension, withdrawal or restoration as it was registered."""

    record_id: int
    record_number: str
    day: date
    step: str  # in words
    issuer: str
    ground: str
    reason: str
    number: str  # of the certificate


@dataclass(frozen=True, slots=True)
class CertificateRow:
    """`last`: the last day on which it holds. `longest`: the last day that the regime would allow."""

    record_id: int
    record_number: str
    number: str
    grade: str
    issuer: str
    trade: str
    issued: date
    last: date
    standing: Standing
    changes: Sequence[ChangeRow]
    longest: date | None

    @property
    def holds(self) -> bool:
        return self.standing.state in GOOD

    @property
    def too_long(self) -> bool:
        return self.longest is not None and self.last > self.longest


@dataclass(frozen=True, slots=True)
class Certificates:
    """`rows`: the newest first. `strange`: changes that name the number of none of them."""

    rows: Sequence[CertificateRow]
    strange: Sequence[ChangeRow]

    @property
    def newest(self) -> CertificateRow | None:
        return self.rows[0] if self.rows else None


@dataclass(frozen=True, slots=True)
class _Found:
    """Of one company."""

    certificates: dict[int, tuple[rules.Certificate, str, dict[str, str]]]
    changes: dict[int, tuple[rules.Change, str, dict[str, str]]]


def term(on: date | None = None) -> CertificateTerm | None:
    """What is in force on a day (today unless told)."""
    return in_force(lawbook().certifying, on or current().today)


def certificates(company_id: int) -> Certificates:
    if not may(current().actor, "supervise"):
        require("see_own")
    return _together(_read([company_id])[company_id], current().today)


def certificates_of(company_ids: Sequence[int]) -> dict[int, Certificates]:
    """Of many companies in scope."""
    require("see_company")
    return {company: _together(known, current().today) for company, known in _read(company_ids).items()}


def held_on(company_ids: Sequence[int], day: date) -> dict[int, tuple[Standing, ...]]:
    """How the certificates of companies in scope stand on a day, the newest first."""
    require("see_company")
    return {company: _standings(known, day) for company, known in _read(company_ids).items()}


def _read(company_ids: Sequence[int]) -> dict[int, _Found]:
    memo, key = current().memo, ("assessments.certificates", tuple(company_ids))
    if key not in memo:
        found = {company: _Found({}, {}) for company in company_ids}
        with connection.cursor() as cursor:
            cursor.execute(_SQL, [list(company_ids), [KIND, CHANGE]])
            for row in cursor.fetchall():
                _place(found[row[0]], row[1:])
        memo[key] = found
    known: dict[int, _Found] = memo[key]
    return known


def _place(known: _Found, row: Sequence[Any]) -> None:
    record, kind, day, until, number, said = row
    values = json.loads(said)
    if kind == KIND:
        made = rules.Certificate(record, values.get("number", ""), values.get("grade", ""), day, until)
        known.certificates[record] = (made, number, values)
    else:
        changed = rules.Change(record, values.get("number", ""), day, rules.Step(values["type"]))
        known.changes[record] = (changed, number, values)


def _standings(known: _Found, on: date) -> tuple[Standing, ...]:
    asked = term(on)
    held = [certificate for certificate, _, _ in known.certificates.values()]
    changes = [change for change, _, _ in known.changes.values()]
    return rules.standings(held, changes, on, warns=asked.warns if asked else 0)


def _together(known: _Found, on: date) -> Certificates:
    held = [certificate for certificate, _, _ in known.certificates.values()]
    changes = [change for change, _, _ in known.changes.values()]
    strange = {change.fact for change in rules.unmatched(held, changes)}
    return Certificates(
        [_row(known, standing, term(on)) for standing in _standings(known, on)],
        [_change(known, fact) for fact in known.changes if fact in strange],
    )


def _row(known: _Found, standing: Standing, asked: CertificateTerm | None) -> CertificateRow:
    certificate, number, values = known.certificates[standing.certificate.fact]
    own = [
        fact
        for fact, (change, _, _) in known.changes.items()
        if rules.same(change.number) == rules.same(certificate.number)
    ]
    return CertificateRow(
        record_id=certificate.fact,
        record_number=number,
        number=certificate.number,
        grade=label("grade", certificate.grade),
        issuer=values.get("issuer", ""),
        trade=values.get("trade", ""),
        issued=certificate.issued,
        last=certificate.valid_until - ONE_DAY,
        standing=standing,
        changes=[_change(known, fact) for fact in own],
        longest=None if asked is None else add_months(certificate.issued, asked.months),
    )


def _change(known: _Found, fact: int) -> ChangeRow:
    change, number, values = known.changes[fact]
    step = label("type", change.step, kind=CHANGE)
    return ChangeRow(
        record_id=fact,
        record_number=number,
        day=change.day,
        step=step,
        issuer=values.get("issuer", ""),
        ground=values.get("ground", ""),
        reason=values.get("reason", ""),
        number=change.number,
    )


def label(field: str, value: str, *, kind: str = KIND) -> str:
    """As the form of the kind names the choice."""
    known: Iterable[Any] = lawbook().kinds[kind].fields if kind in lawbook().kinds else ()
    return next((spec.choices.get(value, value) for spec in known if spec.id == field), value)
