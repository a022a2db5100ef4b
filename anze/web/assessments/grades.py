"""How an assessment stands to each grade, in words with the item that each reason leads to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from anze.records.assessments import words
from anze.records.assessments.queries import Overview
from anze.rules.assessment import GradeVerdict, Standing
from anze.rules.assessment.grading import Blocker, Reason

LOOKS = {Standing.REACHED: "met", Standing.FAILED: "missed", Standing.UNDECIDED: "open"}


@dataclass(frozen=True, slots=True)
class GradeLine:
    """`reasons`: text, and the item it leads to or nothing."""

    name: str
    least: int
    standing: str
    look: str
    reasons: Sequence[tuple[str, str]]


def grade_lines(found: Overview) -> list[GradeLine]:
    return [
        GradeLine(
            words.GRADES[verdict.grade],
            verdict.least,
            words.STANDINGS[verdict.standing],
            LOOKS[verdict.standing],
            [_reason(verdict, one) for one in verdict.blockers],
        )
        for verdict in found.verdicts
    ]


def _reason(verdict: GradeVerdict, one: Blocker) -> tuple[str, str]:
    number = words.number_of(one.condition)
    if one.reason is Reason.POINTS:
        short = f"，还差{one.points}分" if one.points else "（未判定的按失分计）"
        return f"得分低于{verdict.least}分{short}", ""
    if one.reason is Reason.MISSING:
        return f"有{one.points}分未见原文，不能认定", ""
    if one.reason is Reason.VETO:
        number = number.removesuffix(".v")
        return f"否决项 {number} {'不符合' if one.final else '未判定'}", one.condition.removesuffix(".v")
    lost = f"，已失{one.points}分" if one.points else "，未判完"
    return f"要点 {number} 须得满分{lost}", one.condition
