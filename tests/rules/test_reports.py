"""What a report counts for a month, and what is better or worse than the month before."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from anze.rules.periods import midnight
from anze.rules.reports import Change, change, month_end, standing_in

MAY = date(2026, 5, 1)


def test_a_month_ends_with_the_first_instant_of_the_next():
    assert month_end(MAY) == midnight(date(2026, 6, 1))
    assert month_end(date(2026, 12, 1)) == midnight(date(2027, 1, 1))


@pytest.mark.parametrize(
    ("starts", "since", "counts"),
    [
        (date(2025, 1, 1), midnight(MAY), True),
        (date(2026, 5, 31), midnight(date(2026, 6, 1)) - timedelta(seconds=1), True),
        (date(2025, 1, 1), midnight(date(2026, 6, 1)), False),
        (date(2026, 6, 1), midnight(MAY), False),
    ],
)
def test_a_standing_demand_counts_while_its_state_reaches_back_into_the_month(starts, since, counts):
    assert standing_in(MAY, starts=starts, since=since) is counts


@pytest.mark.parametrize(
    ("before", "now", "expected"),
    [
        ({"missed": 1}, {"met": 1}, Change.BETTER),
        ({"met": 1}, {"missed": 1}, Change.WORSE),
        ({"missed": 30}, {"missed": 31}, Change.SAME),
        ({"missed": 2, "met": 3}, {"missed": 4, "met": 6}, Change.SAME),
        ({"missed": 2, "met": 3}, {"missed": 2, "met": 9}, Change.BETTER),
        ({"missed": 1, "late": 1}, {"missed": 1, "met": 1}, Change.BETTER),
        ({"met": 1}, {"late": 1}, Change.WORSE),
        ({"missed": 2}, {"missed": 1, "open": 1}, None),
        ({"missed": 2}, {"met": 1, "upcoming": 1}, None),
        ({"missed": 1, "met": 9}, {"missed": 2, "open": 8}, Change.WORSE),
        ({"missed": 1, "met": 9}, {"missed": 2, "open": 28}, None),
        ({}, {"missed": 1}, None),
        ({"met": 1}, {}, None),
        ({"exempt": 1}, {"met": 1}, None),
        ({"unset": 1}, {"unset": 1}, None),
    ],
)
def test_a_smaller_share_missed_is_better_and_what_waits_is_never_better(before, now, expected):
    assert change(before, now) == expected
