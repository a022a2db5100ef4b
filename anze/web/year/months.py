"""Twelve months of days as the page draws them: rest and work by the State Council, marks by state."""

from __future__ import annotations

from calendar import Calendar
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from anze.records.duties.year import YearDay
from anze.records.lawbook import lawbook
from anze.web.ui.words import STATES, WORST_FIRST

FORESEEN = "预计到期"
MARKS = ("missed", "open", "late", "met", "upcoming")  # of the legend
WEEKS = Calendar()
SHOWN_IN_HEAD = 3


@dataclass(frozen=True, slots=True)
class Day:
    """`state`: the worst; None: nothing falls due. `rest`: 休, 班 or nothing."""

    day: date
    state: str | None
    count: int
    words: str
    rest: str
    weekend: bool
    today: bool


@dataclass(frozen=True, slots=True)
class Month:
    first: date
    weeks: tuple[tuple[Day | None, ...], ...]
    counts: tuple[tuple[str, int], ...]  # by state, the worst first
    total: int
    now: bool


def months_of(year: int, found: Mapping[date, YearDay], today: date) -> list[Month]:
    return [_month(date(year, month, 1), found, today) for month in range(1, 13)]


def _month(first: date, found: Mapping[date, YearDay], today: date) -> Month:
    weeks = tuple(
        tuple(_day(day, found.get(day), today) if day.month == first.month else None for day in week)
        for week in WEEKS.monthdatescalendar(first.year, first.month)
    )
    counts = Counter[str]()
    for day, falling in found.items():
        if day.month == first.month:
            counts += _counts(falling)
    ordered = tuple((state, counts[state]) for state in WORST_FIRST if counts[state])
    return Month(
        first, weeks, ordered, counts.total(), (first.year, first.month) == (today.year, today.month)
    )


def _day(day: date, falling: YearDay | None, today: date) -> Day:
    counts = Counter[str]() if falling is None else _counts(falling)
    parts = [f"{STATES[state]} {counts[state]} 项" for state in WORST_FIRST if counts[state]]
    if falling is not None and falling.foreseen:
        parts = [part for part in parts if not part.startswith(STATES["upcoming"])]
        parts.append(f"{FORESEEN} {counts['upcoming']} 项")
    return Day(
        day=day,
        state=next((state for state in WORST_FIRST if counts[state]), None),
        count=counts.total(),
        words="、".join(parts),
        rest=_rest(day),
        weekend=day.weekday() >= 5,
        today=day == today,
    )


def _counts(falling: YearDay) -> Counter[str]:
    """What is only foreseen lies ahead."""
    return falling.counts + Counter({"upcoming": falling.foreseen})


def _rest(day: date) -> str:
    year = lawbook().calendar.get(day.year)
    if year is None:
        return ""
    return "休" if day in year.holidays else "班" if day in year.workdays else ""
