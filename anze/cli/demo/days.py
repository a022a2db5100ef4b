"""The days of the story, all counted from one given instant."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from anze.records.acting.context import SHANGHAI
from anze.rules.periods import add_months

# First day of the lunar year; a year beyond the table is told as if it were the middle of the range.
SPRING_FESTIVAL = {
    2024: (2, 10),
    2025: (1, 29),
    2026: (2, 17),
    2027: (2, 6),
    2028: (1, 26),
    2029: (2, 13),
    2030: (2, 3),
    2031: (1, 23),
    2032: (2, 11),
    2033: (1, 31),
    2034: (2, 19),
    2035: (2, 8),
}


def at(day: date, clock: str) -> datetime:
    """An instant of Shanghai, in UTC; `clock` as 09:30."""
    return datetime.combine(day, time.fromisoformat(clock), SHANGHAI).astimezone(UTC)


def chance(*key: object) -> float:
    """0 to 1, the same for the same key for ever."""
    digest = hashlib.sha256(repr(key).encode()).digest()
    return int.from_bytes(digest[:6], "big") / 2**48


def office_day(day: date) -> date:
    """The day itself, or the next one on which an office works."""
    festival = spring_festival(day.year)
    if day.month == 10 and day.day <= 7:
        day = date(day.year, 10, 8)
    elif day.month == 5 and day.day <= 5:
        day = date(day.year, 5, 6)
    elif -1 <= (day - festival).days < 7:
        day = festival + timedelta(days=7)
    return day + timedelta(days=max(0, 7 - day.weekday()) if day.weekday() > 4 else 0)


def spring_festival(year: int) -> date:
    return date(year, *SPRING_FESTIVAL.get(year, (2, 5)))


@dataclass(frozen=True, slots=True)
class Days:
    """`months` closed months lie behind the current one, which is number 0; the last closed one is 1."""

    now: datetime
    months: int

    @property
    def today(self) -> date:
        return self.now.astimezone(SHANGHAI).date()

    @property
    def start(self) -> date:
        return self.month(self.months)

    def month(self, back: int) -> date:
        return add_months(self.today.replace(day=1), -back)

    def day(self, back: int, number: int) -> date:
        """An office day on or soon after the given day of the month."""
        return office_day(self.month(back) + timedelta(days=number - 1))

    def backs(self) -> range:
        """Months from the oldest to the current one."""
        return range(self.months, -1, -1)

    def years(self) -> range:
        return range(self.start.year, self.today.year + 1)
