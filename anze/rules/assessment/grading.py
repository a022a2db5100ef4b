"""Which grades an assessment reaches, and what stands in the way of the others.

Rule 1: a grade is reached when its points are there even if everything open were lost, and none of its vetoes
and full-mark items fails or is open; it has failed when even everything open and unprinted could not save it;
between the two it is undecided.
Rule 2: a veto speaks by itself, whatever the points (printed); an item with a veto or a star must have all
its points at the grades it binds where the regime says so.
Rule 3: of an incomplete source no grade can be reached: nobody has seen its other vetoes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from anze.rules.assessment.ledger import Assessment, ItemScore, State
from anze.rules.catalogue.schemes import Grade, Regime


class Standing(StrEnum):
    REACHED = "reached"
    FAILED = "failed"
    UNDECIDED = "undecided"


class Reason(StrEnum):
    POINTS = "points"  # fewer than the grade asks for
    VETO = "veto"
    MANDATORY = "mandatory"  # an item that must have all its points
    MISSING = "missing"  # the source is incomplete


@dataclass(frozen=True, slots=True)
class Blocker:
    """One thing between an assessment and a grade. `final`: nothing that is still open can remove it."""

    reason: Reason
    final: bool
    condition: str = ""  # the veto or the item
    points: int = 0  # short of, lost or missing


@dataclass(frozen=True, slots=True)
class GradeVerdict:
    grade: Grade
    least: int
    standing: Standing
    blockers: tuple[Blocker, ...]


def grades(assessment: Assessment) -> tuple[GradeVerdict, ...]:
    """Of every grade, from the highest down."""
    return tuple(_verdict(assessment, grade) for grade in Grade)


def reached(assessment: Assessment) -> Grade | None:
    """The highest grade that is reached."""
    return next((v.grade for v in grades(assessment) if v.standing is Standing.REACHED), None)


def bound(binds: frozenset[Grade], grade: Grade, regime: Regime) -> bool:
    """Whether what is printed for these grades binds this one."""
    if grade in binds:
        return True
    order = list(Grade)
    return regime.upward and any(order.index(grade) < order.index(lower) for lower in binds)


def _verdict(assessment: Assessment, grade: Grade) -> GradeVerdict:
    blockers = tuple(_blockers(assessment, grade))
    standing = Standing.UNDECIDED if blockers else Standing.REACHED
    if any(blocker.final for blocker in blockers):
        standing = Standing.FAILED
    return GradeVerdict(grade, assessment.regime.least[grade], standing, blockers)


def _blockers(assessment: Assessment, grade: Grade) -> Iterator[Blocker]:
    for item in assessment.items:
        yield from _of_veto(assessment, item, grade)
        yield from _of_full_marks(assessment.regime, item, grade)
    least = assessment.regime.least[grade]
    if assessment.least < least:
        short = -((assessment.score - least) // 1)
        yield Blocker(Reason.POINTS, assessment.best < least, points=max(0, short))
    if assessment.missing:
        yield Blocker(Reason.MISSING, False, points=assessment.missing)


def _of_veto(assessment: Assessment, item: ItemScore, grade: Grade) -> Iterator[Blocker]:
    veto = item.item.veto
    if veto is None or item.omission is not None or not bound(veto.binds, grade, assessment.regime):
        return
    standpoint = assessment.standpoints.get(veto.id)
    if standpoint is None or standpoint.answer.count:
        yield Blocker(Reason.VETO, standpoint is not None, veto.id)


def _of_full_marks(regime: Regime, item: ItemScore, grade: Grade) -> Iterator[Blocker]:
    veto = item.item.veto
    binds = item.item.stars | (veto.binds if veto is not None else frozenset())
    if not regime.full_marks or item.omission is not None or not bound(binds, grade, regime):
        return
    if item.lost or item.state is State.OPEN:
        yield Blocker(Reason.MANDATORY, item.lost > 0, item.item.id, item.lost)
