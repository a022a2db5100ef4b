"""The days that a question looks at, and when a record or a declaration moves out of or into sight.

Rule 1: the day asked about belongs to the window. Twelve months back from 31 December begin on 1 January.
Rule 2: `until` is the first day on which an answer can change without new facts; None: it cannot.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from anze.rules.catalogue.model import Every
from anze.rules.catalogue.schemes import Question
from anze.rules.periods import ONE_DAY, Period, add_months, period_of, periods_between

ASSESSED_MONTHS = 12


class Window(NamedTuple):
    """`months` None: it does not move with the day asked about."""

    since: date
    on: date
    months: int | None

    def holds(self, day: date) -> bool:
        return self.since <= day <= self.on

    def leaves(self, day: date) -> date | None:
        """The first day on which a record of this day is out of sight."""
        return None if self.months is None else moved_past(day, self.months)


def window_of(question: Question, on: date, since: date | None) -> Window:
    """`since`: first day of a fixed assessed period."""
    if question.ever:
        return Window(date.min, on, None)
    if question.look is None and since is not None:
        return Window(since, on, None)
    months = question.look or ASSESSED_MONTHS
    return Window(add_months(on + ONE_DAY, -months), on, months)


def moved_past(day: date, months: int) -> date:
    """The first day whose window of so many months begins after this one."""
    on = add_months(day, months)
    while add_months(on + ONE_DAY, -months) <= day:
        on += ONE_DAY
    return on


def whole_periods(every: Every, window: Window) -> list[Period]:
    """Periods of the calendar that lie wholly inside the window."""
    periods = periods_between(every, window.since, window.on + ONE_DAY)
    return [p for p in periods if p.since >= window.since and p.until <= window.on + ONE_DAY]


def next_turn(every: Every, on: date) -> date:
    """The next day on which a period becomes whole or leaves a window that moves."""
    period = period_of(every, on + ONE_DAY)
    return period.since if period.since == on + ONE_DAY else period.until - ONE_DAY


def earliest(days: Iterable[date | None]) -> date | None:
    return min((day for day in days if day is not None), default=None)
