"""Planning an assessment, sharing out its items, and saying which ledgers are kept here."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from anze.records.acting.context import current
from anze.records.assessments import planning, queries
from anze.records.people.queries import people
from anze.web.assessments.forms import KeptForm, PlanForm, ShareForm
from anze.web.ui.attempt import attempted
from anze.web.ui.company import company_at_hand, company_url, of_company
from anze.web.ui.form_page import FormPage, form_page


@of_company("conduct_assessment")
def new(request: HttpRequest) -> HttpResponse:
    company, scope = company_at_hand(request), current()
    year, schemes = scope.today.year, planning.schemes_for(company.trade)
    first = {
        "title": f"{year}年度达标自评",
        "since": date(year, 1, 1),
        "last": date(year, 12, 31),
        "target": "second",
        "lead": scope.actor.person,
    }
    form = PlanForm(
        request.POST or None,
        initial=first,
        schemes=schemes,
        people=people(on=scope.today, company_id=company.id),
    )
    made: list[int] = []
    if request.method == "POST" and form.is_valid():
        plan = form.plan
        if attempted(form, lambda: made.append(planning.plan(company_id=company.id, plan=plan))):
            messages.success(request, "考评已列入计划。请分工，然后开始考评。")
            return redirect(company_url(request, "shares", assessment_id=made[0]))
    back = company_url(request, "assessments")
    page = FormPage(
        "新建考评",
        "保存计划",
        back,
        lead="标准和等级办法按今天的版本固定下来，以后标准更新也不影响这次的得分。",
        crumbs=[(back, "达标考评")],
        notes=[note for scheme in schemes if (note := queries.incomplete_of(scheme))],
    )
    return form_page(request, form, page)


@of_company("see_own")
def shares(request: HttpRequest, assessment_id: int) -> HttpResponse:
    found = queries.overview(assessment_id)
    items = [item.id for item in found.score.scheme.items]
    form = ShareForm(request.POST or None, initial=dict(found.shares), items=items, team=found.members)
    if request.method == "POST" and form.is_valid():
        given = form.shares
        if attempted(form, lambda: planning.share_out(assessment_id=assessment_id, shares=given)):
            messages.success(request, "分工已保存。")
            return redirect(company_url(request, "assessment", assessment_id=assessment_id))
    groups = [
        (category, [(item, form[item.id]) for item in category.items])
        for category in found.score.scheme.categories
        if category.items
    ]
    context = {"row": found.row, "form": form, "groups": groups, "team": found.members}
    return render(request, "assessments/shares.html", context, status=422 if form.errors else 200)


@of_company("conduct_assessment")
def kept(request: HttpRequest) -> HttpResponse:
    company = company_at_hand(request)
    rows = queries.keepings(company.id, planning.schemes_for(company.trade))
    form = KeptForm(
        request.POST or None,
        initial={row.kind: row.since for row in rows},
        kinds={row.kind: row.name for row in rows},
    )
    if request.method == "POST" and form.is_valid():
        days = form.days
        changed = {row.kind: days[row.kind] for row in rows if days[row.kind] != row.since}
        if not changed or attempted(
            form, lambda: planning.declare_kept(company_id=company.id, since=changed)
        ):
            messages.success(request, f"已保存，改动 {len(changed)} 类台账。")
            return redirect(company_url(request, "assessments"))
    context = {"company": company, "form": form, "rows": [(row, form[row.kind]) for row in rows]}
    return render(request, "assessments/kept.html", context, status=422 if form.errors else 200)
