"""The list of assessments with last year's beside this year's, and the overview of one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from anze.records.acting.context import current
from anze.records.acting.errors import NotFound, NotPermitted, Refused
from anze.records.acting.permissions import may
from anze.records.assessments import certificates, correcting, onward, queries, words
from anze.records.assessments.checking import CheckRow
from anze.records.assessments.estimating import estimates_of
from anze.records.assessments.planning import schemes_for
from anze.records.assessments.queries import Overview
from anze.records.people.queries import people
from anze.rules.assessment.ledger import CategoryScore, ItemScore
from anze.web.assessments.certificates import days_left, state_of
from anze.web.assessments.grades import grade_lines
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


@require_safe
@of_company("see_own")
def index(request: HttpRequest) -> HttpResponse:
    company, actor = company_at_hand(request), current().actor
    rows = queries.assessments(company.id)
    certificate = certificates.certificates(company.id).newest
    context = {
        "company": company,
        "rows": rows,
        "schemes": schemes_for(company.trade),
        "may_conduct": company.id == actor.company and may(actor, "conduct_assessment"),
        "certificate": certificate,
        "estimate": estimates_of([company.id]).get(company.id) if may(actor, "see_company") else None,
        "sees_company": may(actor, "see_company"),
        "certificate_state": state_of(certificate),
        "certificate_left": days_left(certificate) if certificate else "",
        "incomplete": sorted({row.incomplete for row in rows if row.incomplete}),
    }
    return render(request, "assessments/index.html", context)


@require_safe
@of_company("see_own")
def overview(request: HttpRequest, assessment_id: int) -> HttpResponse:
    company, actor = company_at_hand(request), current().actor
    found, conducts = queries.overview(assessment_id), may(actor, "conduct_assessment")
    day = _day(request.GET.get("on", ""))
    own = company.id == actor.company
    reviews = own and actor.person == found.row.reviewer_id
    context = {
        "company": company,
        "found": found,
        "row": found.row,
        "bars": bars(found),
        "grades": grade_lines(found),
        "losing": _losing(found),
        "opened": _opened(found),
        "open_vetoes": sum(veto.met is None for veto in found.vetoes),
        "failed_vetoes": [veto for veto in found.vetoes if veto.met is False],
        "blocking": [check for check in found.checks if check.blocks],
        "doubts": _doubts(found),
        "forecast": queries.forecast_on(assessment_id, day) if day and found.row.score is not None else None,
        "forecast_day": day or date(current().today.year, 12, 31),
        "bad_day": bool(request.GET.get("on")) and day is None,
        "my_items": [i for i, person in found.shares.items() if person == actor.person],
        "may_conduct": own and conducts,
        "leads": own and not reviews and (conducts or actor.person == found.row.lead_id),
        "targets": [(grade.value, name) for grade, name in words.GRADES.items()],
        "concludes": own and not reviews and conducts,
        "reviews": reviews,
        "takes_pack": may(actor, "take_pack"),
        "go_on": onward.unfinished_after(assessment_id) if own else "",
    }
    return render(request, "assessments/overview.html", context)


@require_safe
@of_company("see_own")
def review(request: HttpRequest, assessment_id: int) -> HttpResponse:
    """Both scores of every item side by side."""
    company, actor = company_at_hand(request), current().actor
    found = queries.overview(assessment_id)
    pairs = list(zip(found.first.items, found.score.items, strict=True))
    context = {
        "company": company,
        "found": found,
        "row": found.row,
        "pairs": pairs,
        "differing": [first for first, second in pairs if first.score != second.score],
        "reviews": company.id == actor.company and actor.person == found.row.reviewer_id,
    }
    return render(request, "assessments/review.html", context)


@of_company("see_own")
def corrections(request: HttpRequest, assessment_id: int) -> HttpResponse:
    """What was lost becomes a draft of the list of corrections."""
    company, actor = company_at_hand(request), current().actor
    row, problem = queries.assessment(assessment_id), ""
    if request.method == "POST":
        try:
            with transaction.atomic():
                record = _correct(request, assessment_id)
            messages.success(request, "整改清单草稿已生成，请逐项写明责任人后提交。")
            return redirect(reverse("records:edit", kwargs={"record_id": record}))
        except (NotFound, NotPermitted):
            raise
        except Refused as refusal:
            problem = str(refusal)
    losing = correcting.lost_items(assessment_id) if row.score is not None else []
    leads = may(actor, "conduct_assessment") or actor.person == row.lead_id
    context = {
        "company": company,
        "row": row,
        "lists": correcting.corrections(assessment_id),
        "losing": losing,
        "chosen": request.POST.getlist("items") if problem else [item.item.id for item in losing],
        "due": request.POST.get("due") or (current().today + timedelta(days=30)).isoformat(),
        "people": people(on=current().today, company_id=company.id),
        "who": request.POST.get("who", ""),
        "problem": problem,
        "may_correct": company.id == actor.company and leads and row.status in CORRECTED,
    }
    return render(request, "assessments/corrections.html", context, status=422 if problem else 200)


CORRECTED = ("submitted", "reviewed", "concluded")


def _correct(request: HttpRequest, assessment_id: int) -> int:
    try:
        due = date.fromisoformat(request.POST.get("due", ""))
    except ValueError as error:
        raise Refused("请填写整改期限。") from error
    typed = request.POST.get("who", "")
    return correcting.correct(
        assessment_id=assessment_id,
        items=request.POST.getlist("items"),
        due=due,
        who=int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 19 else None,
    )


def _day(text: str) -> date | None:
    """Today or later, within three years."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if 0 <= (day - current().today).days <= 1100 else None


def bars(found: Overview) -> list[CategoryBar]:
    """Of the categories that the source prints."""
    return [_bar(one, found.before.get(one.category.number)) for one in found.score.categories]


def _bar(one: CategoryScore, before: int | None) -> CategoryBar:
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
        before=before,
        first=one.items[0].item.id if one.items else "",
    )


def _doubts(found: Overview) -> list[tuple[str, list[CheckRow]]]:
    """What is only doubtful, items of the same doubt together."""
    by_text: dict[str, dict[str, CheckRow]] = {}
    for check in found.checks:
        if not check.blocks:
            by_text.setdefault(check.text, {}).setdefault(check.item, check)
    return [(text, list(rows.values())) for text, rows in by_text.items()]


def _opened(found: Overview) -> list[tuple[str, list[ItemScore]]]:
    """Items that are not wholly answered, by category."""
    by_category = [
        (f"{one.category.number} {one.category.name}", [item for item in one.items if item.open])
        for one in found.score.categories
    ]
    return [(name, items) for name, items in by_category if items]


def _losing(found: Overview) -> list[tuple[str, str, int, str]]:
    """Items that lost points, the most first: id, number, points, text."""
    items = sorted((i for i in found.score.items if i.lost), key=lambda i: -i.lost)
    return [(i.item.id, words.number_of(i.item.id), i.lost, i.item.text) for i in items]
