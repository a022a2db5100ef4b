"""Who may not be hired as a driver, and until when (客运驾驶员不得聘用的情形).

Rule 1: what a check found speaks by its day: the last such day known, and so many months after it.
Rule 2: a number of occasions speaks from the day of the check; it may end earlier, never later.
Rule 3: without any check it is unknown, which is not clear.
道路旅客运输企业安全管理规范, as the examination questions give it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from fractions import Fraction

from anze.rules.catalogue.dossier_model import Bar, BarTerm, in_force
from anze.rules.dossiers.validity import Holder, is_asked
from anze.rules.periods import add_months


class BarState(StrEnum):
    CLEAR = "clear"
    BARRED = "barred"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Check:
    """A sealed record of what was asked about a driver. `days` and `numbers`: by field, where filled in."""

    fact: int
    day: date
    days: Mapping[str, date] = field(default_factory=dict)
    numbers: Mapping[str, Fraction] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class BarStanding:
    """`until`: the first day on which it no longer bars; `fact`: the record that says so."""

    bar: Bar
    term: BarTerm
    state: BarState
    until: date | None
    fact: int | None


def bar_standings(
    bars: Iterable[Bar], checks: Sequence[Check], holder: Holder, on: date
) -> list[BarStanding]:
    """Of each bar that the trade asks about its drivers."""
    found = []
    for bar in bars:
        term = in_force(bar.terms, on)
        if term is not None and is_asked(bar.asked, holder):
            found.append(_standing(bar, term, checks, on))
    return found


def _standing(bar: Bar, term: BarTerm, checks: Sequence[Check], on: date) -> BarStanding:
    if not checks:
        return BarStanding(bar, term, BarState.UNKNOWN, None, None)
    ends = [(add_months(day, term.months), check.fact) for check in checks if (day := _day(bar, term, check))]
    until, fact = max(ends, default=(on, 0))
    if until > on:
        return BarStanding(bar, term, BarState.BARRED, until, fact)
    newest = max(checks, key=lambda check: (check.day, check.fact))
    return BarStanding(bar, term, BarState.CLEAR, None, newest.fact)


def _day(bar: Bar, term: BarTerm, check: Check) -> date | None:
    if term.least is None:
        return check.days.get(bar.field)
    return check.day if check.numbers.get(bar.field, 0) >= term.least else None
