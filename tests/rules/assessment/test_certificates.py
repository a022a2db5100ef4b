"""Which certificate of a grade speaks on a day, and how it stands."""

from __future__ import annotations

from datetime import date

import pytest

from anze.rules.assessment.certificates import Certificate, Change, Step, Validity, same, standings, unmatched

FIRST = Certificate(1, "2021-33-000123", "third", date(2021, 3, 10), date(2024, 3, 10))
SECOND = Certificate(2, "2024-33-000456", "second", date(2024, 2, 20), date(2027, 2, 20))


def change(step: Step, day: date, *, fact: int = 9, number: str = SECOND.number) -> Change:
    return Change(fact, number, day, step)


SUSPENDED = change(Step.SUSPENDED, date(2025, 5, 1), fact=7)
RESTORED = change(Step.RESTORED, date(2025, 8, 1), fact=8)
WITHDRAWN = change(Step.WITHDRAWN, date(2026, 1, 15), fact=9)


@pytest.mark.parametrize(
    ("on", "changes", "state", "since", "until", "because"),
    [
        (date(2025, 1, 1), (), Validity.VALID, date(2024, 2, 20), date(2026, 11, 21), (2,)),
        (date(2026, 11, 20), (), Validity.VALID, date(2024, 2, 20), date(2026, 11, 21), (2,)),
        (date(2026, 11, 21), (), Validity.SOON, date(2026, 11, 21), date(2027, 2, 20), (2,)),
        (date(2027, 2, 19), (), Validity.SOON, date(2026, 11, 21), date(2027, 2, 20), (2,)),
        (date(2027, 2, 20), (), Validity.OVER, date(2027, 2, 20), None, (2,)),
        (date(2025, 4, 30), (SUSPENDED,), Validity.VALID, date(2024, 2, 20), date(2026, 11, 21), (2,)),
        (date(2025, 5, 1), (SUSPENDED,), Validity.SUSPENDED, date(2025, 5, 1), date(2027, 2, 20), (2, 7)),
        (date(2027, 2, 20), (SUSPENDED,), Validity.OVER, date(2027, 2, 20), None, (2,)),
        (
            date(2025, 8, 1),
            (SUSPENDED, RESTORED),
            Validity.VALID,
            date(2025, 8, 1),
            date(2026, 11, 21),
            (2, 8),
        ),
        (
            date(2026, 12, 1),
            (SUSPENDED, RESTORED),
            Validity.SOON,
            date(2026, 11, 21),
            date(2027, 2, 20),
            (2, 8),
        ),
        (date(2026, 2, 1), (SUSPENDED, WITHDRAWN), Validity.WITHDRAWN, date(2026, 1, 15), None, (2, 9)),
        (
            date(2026, 3, 1),
            (WITHDRAWN, change(Step.RESTORED, date(2026, 2, 1))),
            Validity.WITHDRAWN,
            date(2026, 1, 15),
            None,
            (2, 9),
        ),
    ],
)
def test_how_the_newest_stands(
    on: date,
    changes: tuple[Change, ...],
    state: Validity,
    since: date,
    until: date | None,
    because: tuple[int],
) -> None:
    found = standings([FIRST, SECOND], changes, on, warns=90)[0]
    assert (found.certificate, found.state, found.since, found.until) == (SECOND, state, since, until)
    assert found.because == because


def test_the_newest_replaces_the_earlier_ones_from_its_day() -> None:
    assert standings([SECOND, FIRST], (), date(2024, 2, 19), warns=90)[0].certificate == FIRST
    newest, earlier = standings([SECOND, FIRST], (), date(2024, 2, 20), warns=90)
    assert newest.certificate == SECOND
    assert (earlier.state, earlier.since, earlier.because) == (Validity.REPLACED, date(2024, 2, 20), (1, 2))
    assert standings([FIRST], (), date(2021, 1, 1), warns=90) == ()


def test_what_was_withdrawn_is_not_called_replaced() -> None:
    gone = change(Step.WITHDRAWN, date(2023, 1, 1), number=FIRST.number)
    assert [s.state for s in standings([FIRST, SECOND], [gone], date(2025, 1, 1), warns=90)] == [
        Validity.VALID,
        Validity.WITHDRAWN,
    ]


def test_numbers_are_compared_without_what_says_nothing() -> None:
    assert same(" 2024－33-00 0456b") == same("2024-33-000456B")
    strange = change(Step.SUSPENDED, date(2025, 5, 1), number="2020-33-1")
    assert unmatched([SECOND], [strange, SUSPENDED]) == (strange,)
