"""Training hours of a month or year against the rule for the post.

Rule 1: 小时 and 学时 are different units: a rule counts its own, the other is never converted.
Rule 2: who was not employed for the whole of a period owes nothing in it, and what was done is shown.
Rule 3: hours of one's own (came late, left early) stand before those of the session.
安全生产法第二十八条; 道路旅客运输企业安全管理规范.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from anze.rules.catalogue.dossier_model import HoursRule, HoursTerm, in_force
from anze.rules.periods import Period, period_of


class Progress(StrEnum):
    ENOUGH = "enough"
    SHORT = "short"  # and the period is over
    RUNNING = "running"  # short, and the period runs on
    PARTIAL = "partial"  # employed for a part of the period only


@dataclass(frozen=True, slots=True)
class Attended:
    """A session that a person attended; each amount in its own unit."""

    fact: int
    day: date
    kind: str
    hours: Fraction | None = None
    class_hours: Fraction | None = None

    def amount(self, unit: str) -> Fraction:
        return (self.hours if unit == "hours" else self.class_hours) or Fraction(0)


@dataclass(frozen=True, slots=True)
class Hours:
    """`other`: sessions of these kinds whose time is given in the other unit alone, and so not counted."""

    rule: HoursRule
    term: HoursTerm
    period: Period
    progress: Progress
    done: Fraction
    until: date | None  # the next day on which the progress can change without a record
    facts: tuple[int, ...]
    other: tuple[int, ...]


def hours_of(
    rule: HoursRule,
    attended: Iterable[Attended],
    on: date,
    *,
    day: date,
    joined: date,
    left: date | None = None,
) -> Hours | None:
    """Of the period that contains `day`, as of `on`. None: no number is in force."""
    term = in_force(rule.terms, day)
    if term is None:
        return None
    period = period_of(term.every, day)
    sessions = [s for s in attended if s.kind in rule.kinds and period.since <= s.day < period.until]
    counted = [s for s in sessions if s.amount(rule.unit)]
    done = sum((s.amount(rule.unit) for s in counted), Fraction(0))
    whole = joined <= period.since and (left is None or left >= period.until)
    progress = progress_of(done >= term.least, whole=whole, over=on >= period.until)
    return Hours(
        rule,
        term,
        period,
        progress,
        done,
        period.until if progress is Progress.RUNNING else None,
        tuple(s.fact for s in counted),
        tuple(s.fact for s in sessions if not s.amount(rule.unit) and (s.hours or s.class_hours)),
    )


def progress_of(enough: bool, *, whole: bool, over: bool) -> Progress:
    if enough:
        return Progress.ENOUGH
    if not whole:
        return Progress.PARTIAL
    return Progress.SHORT if over else Progress.RUNNING
