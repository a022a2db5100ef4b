"""Yearly self-reports (年度自评报告): of whom one is asked for a year, by when, and how that stands.

Rule 1: asked of whoever held a certificate of a grade on the last day of the year, suspended or not.
Rule 2: a certificate issued late in the year, when no earlier one held, asks for none of that year.
Rule 3: a report is in time on the last day that the term in force at the year's end names.
Rule 4: who is asked nothing may hand one in all the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from anze.rules.assessment.certificates import Standing, Validity
from anze.rules.catalogue.schemes import CertificateTerm
from anze.rules.periods import ONE_DAY

HELD = (Validity.VALID, Validity.SOON, Validity.SUSPENDED)


class Report(StrEnum):
    HANDED_IN = "handed_in"
    LATE = "late"
    OPEN = "open"  # asked, and its day has not passed
    MISSING = "missing"
    EXEMPT = "exempt"  # the certificate is of late in the year
    UNASKED = "unasked"


@dataclass(frozen=True, slots=True)
class ReportStanding:
    """`due`: the last day in time; None: not asked. `until`: the day on which an open one is missing."""

    state: Report
    due: date | None
    until: date | None
    because: tuple[int, ...]  # the certificate and the report


def report_standing(
    held: Sequence[Standing], handed_in: tuple[int, date] | None, year: int, on: date,
    term: CertificateTerm | None,
) -> ReportStanding:  # fmt: skip
    """`held`: how certificates stood on the last day of the year, the newest first."""
    asked = next((s for s in held if s.state in HELD), None)
    report = () if handed_in is None else handed_in[:1]
    if asked is None or term is None:
        state = Report.UNASKED if handed_in is None else Report.HANDED_IN
        return ReportStanding(state, None, None, report)
    because = (asked.certificate.fact, *report)
    if _is_late_in(asked, held, term.exempt_from.of(year)):
        state = Report.EXEMPT if handed_in is None else Report.HANDED_IN
        return ReportStanding(state, None, None, because)
    due = term.report_by.of(year + 1)
    if handed_in is not None:
        state = Report.LATE if handed_in[1] > due else Report.HANDED_IN
        return ReportStanding(state, due, None, because)
    state = Report.OPEN if on <= due else Report.MISSING
    return ReportStanding(state, due, due + ONE_DAY if state is Report.OPEN else None, because)


def _is_late_in(asked: Standing, held: Sequence[Standing], from_day: date) -> bool:
    """Issued from this day on, and no earlier certificate reached up to it."""
    issued = asked.certificate.issued
    if issued < from_day:
        return False
    earlier = (s.certificate for s in held if s.state is Validity.REPLACED)
    return not any(certificate.valid_until >= issued for certificate in earlier)
