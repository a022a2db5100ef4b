"""Yearly self-reports (年度自评报告) that were handed in, and those that are asked for.

A report is a record of its kind, handed in by sealing it; `reporting` draws one up.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import connection

from anze.records.acting.context import current
from anze.records.acting.permissions import may, require
from anze.records.assessments import certificates
from anze.records.assessments.access import STATUS
from anze.records.assessments.models import Assessment
from anze.rules.assessment.certificates import Standing
from anze.rules.assessment.self_reports import ReportStanding, report_standing
from anze.rules.periods import ONE_DAY

KIND = "assessment.report"
SHOWN_YEARS = 5

# Company by company over the index of kinds, like the certificates.
_SQL = """
SELECT r.company_id, r.id, r.status, r.number, (r.received_at AT TIME ZONE INTERVAL '8 hours')::date,
       r.values ->> 'year', r.values ->> 'level', r.values ->> 'score'
FROM unnest(%s::bigint[]) AS c(id)
CROSS JOIN LATERAL (
    SELECT * FROM evidence_record
    WHERE company_id = c.id AND kind = %s AND status IN ('draft', 'sealed') OFFSET 0
) r
ORDER BY r.id
"""


@dataclass(frozen=True, slots=True)
class ReportRow:
    """A report. `handed_in` None: still a draft."""

    record_id: int
    number: str
    handed_in: date | None
    year: int
    level: str  # in words
    score: str


@dataclass(frozen=True, slots=True)
class YearRow:
    """A year of a company. `assessment`: that was concluded for it."""

    year: int
    standing: ReportStanding
    report: ReportRow | None
    draft: ReportRow | None
    assessment: int | None
    assessment_title: str


def self_reports(company_id: int) -> list[YearRow]:
    """The running year and the last ones, the newest first; earlier ones of which nothing is asked or known
    are left out.
    """
    actor, today = current().actor, current().today
    if not may(actor, "supervise"):
        require("see_company")
    known, concluded = reports_of([company_id])[company_id], concluded_by_year(company_id)
    rows = [
        _row(company_id, year, known, concluded.get(year))
        for year in range(today.year, today.year - SHOWN_YEARS, -1)
    ]
    return [row for row in rows if row.year >= today.year - 1 or row.report or row.standing.due]


def owed(company_id: int) -> YearRow | None:
    """The earliest year whose report is asked for, whose year is over, and which is not handed in."""
    today = current().today
    waiting = [row for row in self_reports(company_id) if row.standing.due and not row.report]
    return next((row for row in reversed(waiting) if row.year < today.year), None)


def standings_of(company_ids: Sequence[int], year: int) -> dict[int, tuple[ReportRow | None, ReportStanding]]:
    """Of many companies in scope: what was handed in for the year, and how that stands today."""
    held, known = certificates.held_on(company_ids, date(year, 12, 31)), reports_of(company_ids)
    found = {company: handed_in(known[company], year) for company in company_ids}
    return {company: (row, _standing(held[company], row, year)) for company, row in found.items()}


def reports_of(company_ids: Sequence[int]) -> dict[int, list[ReportRow]]:
    """Drafts and what was handed in, in the order of being drawn up. A bureau sees no drafts."""
    drafts = not may(current().actor, "supervise")
    found: dict[int, list[ReportRow]] = {company: [] for company in company_ids}
    with connection.cursor() as cursor:
        cursor.execute(_SQL, [list(company_ids), KIND])
        for company, record, status, number, on, year, level, score in cursor.fetchall():
            if status == "sealed" or drafts:
                said = certificates.label("level", level or "", kind=KIND)
                made = ReportRow(record, number or "", on, int(year or 0), said, score or "")
                found[company].append(made)
    return found


def handed_in(known: Sequence[ReportRow], year: int) -> ReportRow | None:
    """Of several the newest."""
    return next((row for row in reversed(known) if row.year == year and row.handed_in), None)


def draft_of(known: Sequence[ReportRow], year: int) -> ReportRow | None:
    return next((row for row in reversed(known) if row.year == year and not row.handed_in), None)


def concluded_by_year(company_id: int) -> Mapping[int, Assessment]:
    """Year in which its period ends -> the assessment: of several the one that ends last."""
    rows = Assessment.objects.filter(company=company_id, status=STATUS.CONCLUDED)
    chosen = rows.select_related("lead", "reviewer").order_by("until", "pk")
    return {(row.until - ONE_DAY).year: row for row in chosen}


def _row(company_id: int, year: int, known: Sequence[ReportRow], assessment: Assessment | None) -> YearRow:
    report = handed_in(known, year)
    held = certificates.held_on([company_id], date(year, 12, 31))[company_id]
    return YearRow(
        year=year,
        standing=_standing(held, report, year),
        report=report,
        draft=None if report else draft_of(known, year),
        assessment=None if assessment is None else assessment.pk,
        assessment_title="" if assessment is None else assessment.title,
    )


def _standing(held: Sequence[Standing], report: ReportRow | None, year: int) -> ReportStanding:
    told = None if report is None or report.handed_in is None else (report.record_id, report.handed_in)
    term = certificates.term(date(year, 12, 31))
    return report_standing(held, told, year, current().today, term)
