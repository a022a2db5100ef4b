"""Penalty points of a driver's licence (记分) in the span that runs.

Rule 1: a span begins on each anniversary of the first issue of the licence; where that day is not on record,
the months up to today are counted, and the answer says so.
道路交通安全违法行为记分管理办法.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from anze.rules.catalogue.dossier_model import Points
from anze.rules.periods import ONE_DAY, Period, add_months


class Level(StrEnum):
    CLEAR = "clear"
    NEAR = "near"
    FULL = "full"


@dataclass(frozen=True, slots=True)
class Penalty:
    fact: int
    day: date
    points: Fraction


@dataclass(frozen=True, slots=True)
class Balance:
    """`exact`: counted from the licence's first issue."""

    level: Level
    points: Fraction
    period: Period
    exact: bool
    facts: tuple[int, ...]


def balance(term: Points, issued: date | None, penalties: Iterable[Penalty], on: date) -> Balance:
    known = issued is not None and issued <= on
    period = _span(issued, term.months, on) if issued and known else _trailing(term.months, on)
    counted = [p for p in penalties if period.since <= p.day < period.until and p.points]
    total = sum((p.points for p in counted), Fraction(0))
    level = Level.FULL if total >= term.full else Level.NEAR if total >= term.warns else Level.CLEAR
    return Balance(level, total, period, known, tuple(p.fact for p in counted))


def _span(issued: date, months: int, on: date) -> Period:
    """Anniversaries are counted from the first day, so 29 February keeps its own."""
    turn = ((on.year - issued.year) * 12 + on.month - issued.month) // months
    while add_months(issued, turn * months) > on:
        turn -= 1
    return Period(add_months(issued, turn * months), add_months(issued, (turn + 1) * months))


def _trailing(months: int, on: date) -> Period:
    tomorrow = on + ONE_DAY
    return Period(add_months(tomorrow, -months), tomorrow)
