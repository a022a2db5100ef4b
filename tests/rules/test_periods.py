import itertools
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anze.rules.catalogue.model import CalendarYear, Citation, Every, Limit, LimitUnit
from anze.rules.periods import (
    ONE_DAY,
    Period,
    WorkCalendar,
    add_months,
    day_of,
    midnight,
    period_of,
    periods_between,
)  # fmt: skip
from tests.rules.build import at, limit

DAYS = st.dates(date(2020, 1, 1), date(2030, 12, 31))
SPRING = CalendarYear(
    2026,
    frozenset(date(2026, 2, 15) + timedelta(n) for n in range(9)),
    frozenset({date(2026, 2, 14), date(2026, 2, 28)}),
    Citation("holidays-2026", "3"),
)
CALENDAR = WorkCalendar({2026: SPRING})


@given(DAYS, st.sampled_from(Every))
def test_every_day_lies_in_exactly_one_period(day, every):
    period = period_of(every, day)
    assert period.since <= day < period.until
    assert period_of(every, period.since) == period_of(every, period.until - ONE_DAY) == period
    assert period_of(every, period.until).since == period.until


@given(DAYS, st.integers(0, 800), st.sampled_from(Every))
def test_periods_tile_the_days_between(day, length, every):
    until = day + timedelta(length)
    periods = periods_between(every, day, until)
    assert all(a.until == b.since for a, b in itertools.pairwise(periods))
    if length:
        assert periods[0].since <= day
        assert periods[-1].since < until <= periods[-1].until
    else:
        assert periods == ()


@given(DAYS)
def test_a_day_begins_at_sixteen_hours_utc(day):
    assert midnight(day).hour == 16
    assert day_of(midnight(day)) == day
    assert day_of(midnight(day) - timedelta(microseconds=1)) == day - ONE_DAY


def test_half_years_and_quarters_start_on_their_months():
    assert period_of(Every.HALF_YEAR, date(2026, 8, 31)) == Period(date(2026, 7, 1), date(2027, 1, 1))
    assert period_of(Every.QUARTER, date(2026, 5, 1)).days == 91


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2026, 12, 1), 1, date(2027, 1, 1)),
        (date(2026, 1, 15), -1, date(2025, 12, 15)),
    ],
)
def test_months_are_clamped_to_their_last_day(day, months, expected):
    assert add_months(day, months) == expected


def test_a_moved_weekend_is_a_workday_and_a_holiday_is_not():
    assert CALENDAR.is_workday(date(2026, 2, 14))
    assert not CALENDAR.is_workday(date(2026, 2, 16))
    assert CALENDAR.is_workday(date(2026, 3, 2))
    assert not CALENDAR.is_workday(date(2026, 3, 1))


def test_workdays_jump_over_the_spring_festival():
    deadline = CALENDAR.deadline(at("2026-02-13T09:00"), limit("2 workday"))
    assert deadline == (at("2026-02-25T00:00"), False)


def test_an_unpublished_year_makes_a_deadline_provisional():
    assert CALENDAR.deadline(at("2026-12-31T09:00"), limit("1 workday")).provisional
    assert not CALENDAR.published(2027)
    assert CALENDAR.ahead(date(2027, 1, 4), limit("1 workday")) == (at("2027-01-01T00:00"), True)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 hour", "2026-03-05T10:30"),
        ("3 day", "2026-03-09T00:00"),
        ("1 month", "2026-04-06T00:00"),
        ("1 workday", "2026-03-07T00:00"),
    ],
)
def test_limits_run_out_at_the_end_of_their_last_day_and_hours_to_the_minute(text, expected):
    assert CALENDAR.deadline(at("2026-03-05T09:30"), limit(text)).at == at(expected)


@pytest.mark.parametrize(
    ("amount", "unit", "expected"),
    [
        (2, "hour", "2026-04-30T22:00"),
        (3, "day", "2026-04-28T00:00"),
        (1, "month", "2026-04-01T00:00"),
        (1, "workday", "2026-04-30T00:00"),
    ],
)
def test_ahead_counts_back_from_the_day(amount, unit, expected):
    assert CALENDAR.ahead(date(2026, 5, 1), Limit(amount, LimitUnit(unit))).at == at(expected)
