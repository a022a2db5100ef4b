"""What a monthly report counts, and whether a demand stands better or worse than the month before."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from fractions import Fraction

from anze.rules.duties import State
from anze.rules.periods import add_months, midnight

WAITING = (State.OPEN, State.UPCOMING)


class Change(StrEnum):
    BETTER = "better"
    SAME = "same"
    WORSE = "worse"


def month_end(month: date) -> datetime:
    """The first instant after the month that the day `month` begins."""
    return midnight(add_months(month, 1))


def standing_in(month: date, *, starts: date, since: datetime) -> bool:
    """Whether what has no due day counts for the month: it was asked, and its state held at the month's end.

    Only the state of today is stored. One that began after the month says nothing about it.
    """
    end = month_end(month)
    return midnight(starts) < end and since < end


def change(before: Mapping[str, int], now: Mapping[str, int]) -> Change | None:
    """One demand in two months, each as state -> count; None where the two cannot be compared.

    A smaller share missed is better; with the same share, a smaller one late. Shares, because months differ
    in days and companies in people. While anything still waits, nothing is better, and worse only what stays
    worse even if all of that is done.
    """
    waiting = sum(now.get(state, 0) for state in WAITING)
    if not _judged(before) or not _judged(now):
        return None
    was, has = _faults(before, _judged(before)), _faults(now, _judged(now) + waiting)
    if has > was:
        return Change.WORSE
    if waiting:
        return None
    return Change.BETTER if has < was else Change.SAME


def _judged(counts: Mapping[str, int]) -> int:
    return sum(counts.get(state, 0) for state in (State.MET, State.LATE, State.MISSED))


def _faults(counts: Mapping[str, int], total: int) -> tuple[Fraction, Fraction]:
    return Fraction(counts.get(State.MISSED, 0), total), Fraction(counts.get(State.LATE, 0), total)
