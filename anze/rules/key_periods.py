"""Key periods (重点时段): which ones a company prepares for, and from when on.

Rule 1: a yearly period is known ahead; its preparations are owed from the day that its file says.
Rule 2: a period declared by an authority binds every company that is under it on a day of the period, from
the declaration on or from the day on which the company came under it; one withdrawn before it began binds
nobody; one ended early keeps what it has opened.
Rule 3: such a period is no record of the company. As an event it has a number below zero: the year and the
number in the year, or one beyond all years for a declaration.
Rule 4: a declared weather warning is also a warning received: it opens what must be told to the vehicles.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from anze.rules.catalogue.model import Catalogue, KeyPeriod
from anze.rules.evidence import Fact
from anze.rules.periods import day_of, midnight
from anze.rules.posts import Span

TYPES = {
    "spring_festival": "春运",
    "golden_week": "黄金周和小长假",
    "flood": "汛期",
    "activity": "重大活动",
    "weather": "极端异常天气",
    "other": "其他",
}
LEVELS = {"blue": "蓝色", "yellow": "黄色", "orange": "橙色", "red": "红色"}
DECLARED, WARNED = "key-period.declared", "monitoring.alert"  # kinds of event
MOST_NUMBERS = 99  # of a year
_BEYOND_YEARS = 1_000_000


@dataclass(frozen=True, slots=True)
class Declaration:
    """A period declared by an authority. `under`: when the company was under it; `ends` exclusive."""

    id: int
    type: str
    begins: date
    ends: date
    at: datetime
    under: Sequence[Span]


def yearly_event(period: KeyPeriod) -> int:
    year = int(period.id.partition(".")[0])
    return -(year * (MOST_NUMBERS + 1) + period.number)


def declared_event(declaration: int) -> int:
    return -(_BEYOND_YEARS + declaration)


def declaration_of(event: int) -> int | None:
    """The declaration that an event's number stands for; None: it stands for something else."""
    return -event - _BEYOND_YEARS if event < -_BEYOND_YEARS else None


def yearly(catalogue: Catalogue, trade: str, area: str) -> list[KeyPeriod]:
    """Those of the trade and the place, by the day on which they begin."""
    found = [
        period
        for period in catalogue.key_periods.values()
        if (not period.trades or trade in period.trades)
        and (not period.areas or area.startswith(period.areas))
    ]
    return sorted(found, key=lambda period: (period.begins, period.number))


def facts_of_yearly(periods: Iterable[KeyPeriod]) -> list[Fact]:
    return [
        _fact(yearly_event(period), DECLARED, midnight(period.opens), period.begins, period.ends)
        for period in periods
    ]


def facts_of_declared(declarations: Iterable[Declaration]) -> Iterator[Fact]:
    for one in declarations:
        opened = opened_at(one)
        if opened is None:
            continue
        yield _fact(declared_event(one.id), DECLARED, opened, one.begins, one.ends)
        if one.type == "weather":
            yield _fact(declared_event(one.id), WARNED, opened, one.begins, one.ends)


def opened_at(one: Declaration) -> datetime | None:
    """When it began to bind the company; None: it never does."""
    binding = [
        span.since
        for span in one.under
        if span.since < one.ends and (span.until is None or span.until > one.begins)
    ]
    return max(one.at, midnight(min(binding))) if binding else None


def _fact(event: int, kind: str, opens: datetime, begins: date, ends: date) -> Fact:
    return Fact(
        id=event, kind=kind, day=day_of(opens), happened=opens, received=opens, starts=begins, ends=ends
    )
