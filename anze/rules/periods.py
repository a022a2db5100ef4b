"""Days, periods and time limits of Asia/Shanghai.

Rule 1: a period is half-open and lies on the calendar's grid: months, quarters, half-years, years, days.
Rule 2: an instant is UTC; a day begins at midnight of the fixed +8 offset.
Rule 3: workdays follow the published calendar with 调休; a year not published is counted by weekdays and
marked provisional.
"""

from __future__ import annotations

import calendar
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta, timezone
from functools import lru_cache
from typing import NamedTuple

from anze.rules.catalogue.model import CalendarYear, Every, Limit, LimitUnit

OFFSET = timezone(timedelta(hours=8))
ONE_DAY = timedelta(days=1)
MONTHS = {Every.MONTH: 1, Every.QUARTER: 3, Every.HALF_YEAR: 6, Every.YEAR: 12}


class Period(NamedTuple):
    """Half-open days."""

    since: date
    until: date

    @property
    def days(self) -> int:
        return (self.until - self.since).days


class Deadline(NamedTuple):
    """The first instant that is too late; provisional when it rests on an unpublished calendar year."""

    at: datetime
    provisional: bool


@lru_cache(maxsize=8192)
def midnight(day: date) -> datetime:
    """The instant, in UTC, at which the day begins."""
    return datetime(day.year, day.month, day.day, tzinfo=OFFSET).astimezone(UTC)


def day_of(instant: datetime) -> date:
    return instant.astimezone(OFFSET).date()


@lru_cache(maxsize=65_536)  # a large fleet's days of registration are asked for on every page
def add_months(day: date, months: int) -> date:
    """The same day of the month, or the month's last: 31 January + 1 month is 28 or 29 February."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


@lru_cache(maxsize=8192)
def period_of(every: Every, day: date) -> Period:
    """The grid period that contains the day."""
    if every is Every.DAY:
        return Period(day, day + ONE_DAY)
    months = MONTHS[every]
    first = date(day.year, (day.month - 1) // months * months + 1, 1)
    return Period(first, add_months(first, months))


@lru_cache(maxsize=4096)
def periods_between(every: Every, since: date, until: date) -> tuple[Period, ...]:
    """All grid periods that share a day with [since, until), in order."""
    periods = []
    day = since
    while day < until:
        period = period_of(every, day)
        periods.append(period)
        day = period.until
    return tuple(periods)


class WorkCalendar:
    """Workdays by the State Council's yearly notices."""

    def __init__(self, years: Mapping[int, CalendarYear]) -> None:
        self._years = years

    def published(self, year: int) -> bool:
        return year in self._years

    def is_workday(self, day: date) -> bool:
        year = self._years.get(day.year)
        if year is not None and day in year.workdays:
            return True
        return day.weekday() < 5 and (year is None or day not in year.holidays)

    def after_workdays(self, day: date, count: int) -> Deadline:
        """The end of the count-th workday after the day."""
        provisional = False
        while count:
            day += ONE_DAY
            provisional |= not self.published(day.year)
            count -= self.is_workday(day)
        return Deadline(midnight(day + ONE_DAY), provisional)

    def deadline(self, start: datetime, limit: Limit) -> Deadline:
        """Hours run from the instant; days, workdays and months run out at the end of their last day."""
        if limit.unit is LimitUnit.HOUR:
            return Deadline(start + timedelta(hours=limit.amount), False)
        day = day_of(start)
        if limit.unit is LimitUnit.WORKDAY:
            return self.after_workdays(day, limit.amount)
        last = (
            day + timedelta(days=limit.amount)
            if limit.unit is LimitUnit.DAY
            else add_months(day, limit.amount)
        )
        return Deadline(midnight(last + ONE_DAY), False)

    def ahead(self, day: date, limit: Limit) -> Deadline:
        """The instant that lies the limit before the day begins."""
        if limit.unit is LimitUnit.HOUR:
            return Deadline(midnight(day) - timedelta(hours=limit.amount), False)
        if limit.unit is LimitUnit.DAY:
            return Deadline(midnight(day - timedelta(days=limit.amount)), False)
        if limit.unit is LimitUnit.MONTH:
            return Deadline(midnight(add_months(day, -limit.amount)), False)
        count, provisional = limit.amount, False
        while count:
            day -= ONE_DAY
            provisional |= not self.published(day.year)
            count -= self.is_workday(day)
        return Deadline(midnight(day), provisional)
