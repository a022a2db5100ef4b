"""What the next grade needs, and where the score goes if nothing more is done.

Rule 1: the next grade is the one above the highest that is reached; points are won back where most are lost,
after what the grade asks for by itself: its vetoes and full-mark items.
Rule 2: a forecast takes the answers of persons as they stand and asks the facts again on the later day.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from math import ceil

from anze.rules.assessment.automatic import findings
from anze.rules.assessment.grading import Blocker, GradeVerdict, Reason, Standing, grades
from anze.rules.assessment.ledger import Assessment, Deduction, ItemScore, assess
from anze.rules.assessment.model import Answer, Books, How, Omission
from anze.rules.catalogue.schemes import Grade, Regime, Scheme


@dataclass(frozen=True, slots=True)
class Needs:
    """Between an assessment and its next grade."""

    grade: Grade
    blockers: tuple[Blocker, ...]
    points: int  # short of; 0: they are there
    win_back: tuple[ItemScore, ...]  # the fewest items that, made whole, give the points and full marks
    open: tuple[str, ...]  # deductions that nobody has answered
    enough: bool  # whether winning these back gives the points


def needs(assessment: Assessment) -> Needs | None:
    """None: the highest grade is reached."""
    verdict = _next(grades(assessment))
    if verdict is None:
        return None
    short = max(Fraction(0), verdict.least - assessment.score)
    full = {blocker.condition for blocker in verdict.blockers if blocker.reason is Reason.MANDATORY}
    losing = [item for item in assessment.items if item.lost]
    chosen: list[ItemScore] = []
    for item in sorted(losing, key=lambda one: (one.item.id not in full, -one.lost)):
        if item.item.id in full or _won(assessment, chosen) < short:
            chosen.append(item)
    enough = _won(assessment, chosen) >= short
    return Needs(verdict.grade, verdict.blockers, ceil(short), tuple(chosen), assessment.open, enough)


def _won(assessment: Assessment, items: Iterable[ItemScore]) -> Fraction:
    return sum(item.lost for item in items) * assessment.scale


def forecast(
    scheme: Scheme, regime: Regime, books: Books, answers: Iterable[Answer], day: date,
    omissions: Iterable[Omission] = (),
) -> Assessment:  # fmt: skip
    """The assessment on a day, if nothing more is recorded. Of `answers` those of persons are taken."""
    judged = [answer for answer in answers if answer.how is not How.AUTOMATIC]
    found = [finding.answer for finding in findings(scheme, books, day).values()]
    automatic = {answer.condition: answer for answer in found if answer is not None}
    return assess(scheme, regime, [*automatic.values(), *_standing(judged, automatic)], omissions)


def newly_lost(now: Assessment, then: Assessment) -> tuple[Deduction, ...]:
    """Lines of the later ledger that take more than today's."""
    today = {d.rule.id: d.points for item in now.items for d in item.deductions}
    return tuple(d for d in _losses(then) if d.points > today.get(d.rule.id, 0))


def _standing(judged: list[Answer], automatic: dict[str, Answer]) -> list[Answer]:
    """What a person overruled stays overruled, also on a day on which facts say nothing any more."""
    asked = {answer.condition for answer in judged if answer.how is How.ASKED}
    alone = [a for a in judged if a.how is How.OVERRULED and a.condition not in {*asked, *automatic}]
    return [*(a for a in judged if a not in alone), *(_as_asked(a) for a in alone)]


def _as_asked(answer: Answer) -> Answer:
    return Answer(
        answer.condition, answer.count, How.ASKED, answer.facts, answer.subjects, answer.matters,
        answer.person, answer.reason,
    )  # fmt: skip


def _next(verdicts: tuple[GradeVerdict, ...]) -> GradeVerdict | None:
    above: GradeVerdict | None = None
    for verdict in verdicts:
        if verdict.standing is Standing.REACHED:
            break
        above = verdict
    return above


def _losses(assessment: Assessment) -> list[Deduction]:
    return [d for item in assessment.items for d in item.deductions if d.points]
