"""The list of assessments with last year's beside this year's, and the overview of one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from anze.records.acting.context import current
from anze.records.acting.permissions import may
from anze.records.assessments import queries, words
from anze.records.assessments.planning import schemes_for
from anze.records.assessments.queries import AssessmentRow, Overview
from anze.rules.assessment.grading import Blocker, GradeVerdict, Reason
from anze.rules.assessment.ledger import CategoryScore
from anze.web.ui.company import company_at_hand, of_company


@dataclass(frozen=True, slots=True)
class CategoryBar:
    """`kept`, `lost`, `open`: hundredths of its printed points."""

    number: int
    name: str
    score: int
    points: int
    missing: int
    lost_points: int
    open_items: int
    kept: int
    open: int
    before: int | None
    first: str  # its first item


@dataclass(frozen=True, slots=True)
class GradeLine:
    name: str
    least: int
    standing: str
    look: str
    reasons: Sequence[tuple[str, str]]  # text, item it leads to


@require_safe
@of_company("see_own")
def index(request: HttpRequest) -> HttpResponse:
    company, actor = company_at_hand(request), current().actor
    rows = queries.assessments(company.id)
    context = {
        "company": company,
        "rows": rows,
        "schemes": schemes_for(company.trade),
        "may_conduct": company.id == actor.company and may(actor, "conduct_assessment"),
        "incomplete": sorted({row.incomplete for row in rows if row.incomplete}),
    }
    return render(request, "assessments/index.html", context)


@require_safe
@of_company("see_own")
def overview(request: HttpRequest, assessment_id: int) -> HttpResponse:
    company, actor = company_at_hand(request), current().actor
    found = queries.overview(assessment_id)
    day = _day(request.GET.get("on", ""))
    own = company.id == actor.company
    context = {
        "company": company,
        "found": found,
        "row": found.row,
        "bars": bars(found),
        "grades": [_grade(found, verdict) for verdict in found.verdicts],
        "losing": _losing(found),
        "open_vetoes": sum(veto.met is None for veto in found.vetoes),
        "failed_vetoes": [veto for veto in found.vetoes if veto.met is False],
        "blocking": [check for check in found.checks if check.blocks],
        "doubts": [check for check in found.checks if not check.blocks],
        "forecast": queries.forecast_on(assessment_id, day) if day and found.row.score is not None else None,
        "forecast_day": day or date(current().today.year, 12, 31),
        "bad_day": bool(request.GET.get("on")) and day is None,
        "my_items": [i for i, person in found.shares.items() if person == actor.person],
        "may_conduct": own and may(actor, "conduct_assessment"),
        "leads": own and (may(actor, "conduct_assessment") or actor.person == found.row.lead_id),
        "reviews": own and actor.person == found.row.reviewer_id,
    }
    return render(request, "assessments/overview.html", context)


def _day(text: str) -> date | None:
    """Today or later, within three years."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if 0 <= (day - current().today).days <= 1100 else None


def bars(found: Overview) -> list[CategoryBar]:
    """Of the categories that the source prints."""
    return [_bar(one) for one in found.score.categories]


def _bar(one: CategoryScore) -> CategoryBar:
    whole = max(1, one.points)
    return CategoryBar(
        number=one.category.number,
        name=one.category.name,
        score=one.score,
        points=one.points,
        missing=one.missing,
        lost_points=one.points - one.score,
        open_items=sum(bool(item.open) for item in one.items),
        kept=round(100 * one.least / whole),
        open=round(100 * (one.score - one.least) / whole),
        before=None,
        first=one.items[0].item.id if one.items else "",
    )


LOOKS = {"reached": "met", "failed": "missed", "undecided": "open"}


def _grade(found: Overview, verdict: GradeVerdict) -> GradeLine:
    reasons = [_reason(found.row, verdict, one) for one in verdict.blockers]
    return GradeLine(
        words.GRADES[verdict.grade],
        verdict.least,
        words.STANDINGS[verdict.standing],
        LOOKS[verdict.standing.value],
        reasons,
    )


def _reason(row: AssessmentRow, verdict: GradeVerdict, one: Blocker) -> tuple[str, str]:
    number = words.number_of(one.condition)
    if one.reason is Reason.POINTS:
        return (
            f"得分低于{verdict.least}分"
            + (f"，还差{one.points}分" if one.points else "（未判定的按失分计）"),
            "",
        )
    if one.reason is Reason.MISSING:
        return f"来源缺{one.points}分未见原文，不能认定", ""
    if one.reason is Reason.VETO:
        item = one.condition.removesuffix(".v")
        return (f"否决项 {number} {'不符合' if one.final else '未判定'}", item)
    return (
        f"要点 {number} 须得满分" + (f"，已失{one.points}分" if one.points else "，未判完"),
        one.condition,
    )


def _losing(found: Overview) -> list[tuple[str, str, int, str]]:
    """Items that lost points, the most first: id, number, points, text."""
    items = sorted((i for i in found.score.items if i.lost), key=lambda i: -i.lost)
    return [(i.item.id, words.number_of(i.item.id), i.lost, i.item.text) for i in items]
