"""Which days a question looks at, and when that changes."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anze.rules.assessment.windows import moved_past, next_turn, whole_periods, window_of
from anze.rules.catalogue.model import Every
from anze.rules.catalogue.schemes import Probe, Question
from anze.rules.periods import ONE_DAY, add_months

DAYS = st.dates(date(2019, 1, 1), date(2030, 12, 31))
YEAR = Question(Probe.NONE)


def test_twelve_months_back_from_the_last_of_december_begin_with_the_year() -> None:
    window = window_of(YEAR, date(2025, 12, 31), None)
    assert (window.since, window.on) == (date(2025, 1, 1), date(2025, 12, 31))
    assert not window.holds(date(2024, 12, 31))
    assert window.holds(date(2025, 1, 1))
    assert window.leaves(date(2025, 1, 1)) == date(2026, 1, 1)


def test_a_fixed_period_does_not_move() -> None:
    window = window_of(YEAR, date(2025, 12, 31), date(2025, 3, 1))
    assert (window.since, window.leaves(date(2025, 3, 1))) == (date(2025, 3, 1), None)


def test_look_goes_its_own_way() -> None:
    assert window_of(Question(Probe.NONE, look=36), date(2025, 12, 31), date(2025, 3, 1)).since.year == 2023
    assert window_of(Question(Probe.NONE, ever=True), date(2025, 12, 31), None).since == date.min


@given(DAYS, st.integers(1, 40))
def test_a_record_leaves_on_the_first_day_that_no_longer_sees_it(day: date, months: int) -> None:
    gone = moved_past(day, months)
    assert add_months(gone + ONE_DAY, -months) > day
    assert add_months(gone, -months) <= day


@given(DAYS, st.sampled_from([Every.MONTH, Every.QUARTER, Every.YEAR, Every.DAY]))
def test_whole_periods_stay_the_same_until_the_next_turn(on: date, every: Every) -> None:
    now, turn = whole_periods(every, window_of(YEAR, on, None)), next_turn(every, on)
    assert turn > on
    last = turn - timedelta(days=1)
    assert whole_periods(every, window_of(YEAR, last, None)) == now


@pytest.mark.parametrize(
    ("on", "turn"),
    [
        (date(2025, 12, 30), date(2025, 12, 31)), (date(2025, 12, 31), date(2026, 1, 1)),
        (date(2026, 1, 1), date(2026, 1, 31)),
    ],
)  # fmt: skip
def test_a_month_turns_when_it_is_whole_and_when_the_oldest_is_cut(on: date, turn: date) -> None:
    assert next_turn(Every.MONTH, on) == turn


def test_the_last_of_february_is_seen_until_march_ends() -> None:
    assert moved_past(date(2025, 2, 28), 1) == date(2025, 3, 31)
