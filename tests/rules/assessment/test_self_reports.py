"""Of whom a yearly self-report is asked, by when, and how that stands."""

from __future__ import annotations

from datetime import date

import pytest

from anze.rules.assessment.certificates import Certificate, Change, Standing, Step, standings
from anze.rules.assessment.self_reports import Report, report_standing
from anze.rules.catalogue.schemes import CertificateTerm, DayOfYear

TERM = CertificateTerm(date(2012, 4, 23), 36, 90, DayOfYear(1, 31), DayOfYear(10, 1), ())
HELD = Certificate(1, "A", "second", date(2024, 2, 1), date(2027, 2, 1))


def at_year_end(*certificates: Certificate, changes: tuple[Change, ...] = ()) -> tuple[Standing, ...]:
    return standings(certificates, changes, date(2025, 12, 31), warns=90)


@pytest.mark.parametrize(
    ("handed_in", "on", "state", "until"),
    [
        (None, date(2025, 6, 1), Report.OPEN, date(2026, 2, 1)),
        (None, date(2026, 1, 31), Report.OPEN, date(2026, 2, 1)),
        (None, date(2026, 2, 1), Report.MISSING, None),
        ((5, date(2026, 1, 31)), date(2026, 3, 1), Report.HANDED_IN, None),
        ((5, date(2026, 2, 1)), date(2026, 3, 1), Report.LATE, None),
    ],
)
def test_of_whoever_holds_a_certificate(
    handed_in: tuple[int, date] | None, on: date, state: Report, until: date | None
) -> None:
    found = report_standing(at_year_end(HELD), handed_in, 2025, on, TERM)
    assert (found.state, found.due, found.until) == (state, date(2026, 1, 31), until)
    assert found.because == ((1,) if handed_in is None else (1, 5))


def test_a_suspension_asks_for_it_all_the_same_and_a_withdrawal_does_not() -> None:
    suspended = Change(7, "A", date(2025, 5, 1), Step.SUSPENDED)
    withdrawn = Change(8, "A", date(2025, 6, 1), Step.WITHDRAWN)
    on = date(2026, 3, 1)
    found = report_standing(at_year_end(HELD, changes=(suspended,)), None, 2025, on, TERM)
    assert found.state is Report.MISSING
    found = report_standing(at_year_end(HELD, changes=(suspended, withdrawn)), None, 2025, on, TERM)
    assert found.state is Report.UNASKED


@pytest.mark.parametrize(
    ("issued", "state"),
    [(date(2025, 9, 30), Report.MISSING), (date(2025, 10, 1), Report.EXEMPT)],
)
def test_a_first_certificate_of_late_in_the_year_asks_for_none(issued: date, state: Report) -> None:
    first = Certificate(2, "B", "third", issued, date(2028, 9, 30))
    assert report_standing(at_year_end(first), None, 2025, date(2026, 3, 1), TERM).state is state


def test_a_renewal_late_in_the_year_asks_for_it() -> None:
    renewed = Certificate(3, "C", "second", date(2025, 11, 1), date(2028, 11, 1))
    found = report_standing(at_year_end(HELD, renewed), None, 2025, date(2026, 3, 1), TERM)
    assert found.state is Report.MISSING
    gap = Certificate(1, "A", "second", date(2022, 2, 1), date(2025, 2, 1))
    assert (
        report_standing(at_year_end(gap, renewed), None, 2025, date(2026, 3, 1), TERM).state is Report.EXEMPT
    )


def test_who_is_asked_nothing_may_hand_one_in() -> None:
    handed_in = (5, date(2026, 5, 1))
    assert report_standing((), None, 2025, date(2026, 5, 1), TERM).state is Report.UNASKED
    found = report_standing((), handed_in, 2025, date(2026, 5, 1), TERM)
    assert (found.state, found.due, found.because) == (Report.HANDED_IN, None, (5,))
    assert report_standing(at_year_end(HELD), None, 2025, date(2026, 5, 1), None).state is Report.UNASKED
    late = Certificate(2, "B", "third", date(2025, 10, 1), date(2028, 9, 30))
    assert (
        report_standing(at_year_end(late), handed_in, 2025, date(2026, 5, 1), TERM).state is Report.HANDED_IN
    )
