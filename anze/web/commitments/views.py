"""The vague duties of a company with what it fixed for each, and the form that fixes one."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from anze.records.acting.context import current
from anze.records.acting.errors import NotFound
from anze.records.acting.permissions import require
from anze.records.duties import actions as duty_actions
from anze.records.lawbook import lawbook
from anze.records.tenants import queries as tenants
from anze.rules.catalogue.model import Kind, Requirement
from anze.web.commitments.forms import CommitmentForm
from anze.web.commitments.preview import preview
from anze.web.commitments.vague import vague_duties, vague_duty
from anze.web.ui.attempt import attempted
from anze.web.ui.company import of_company


@of_company("see_company")
def index(request: HttpRequest) -> HttpResponse:
    company = tenants.company(current().reads[0])
    found = vague_duties(company)
    words = {"company": company, "duties": found, "open": sum(1 for duty in found if not duty.current)}
    return render(request, "commitments/index.html", words)


@of_company("commit")
def fix(request: HttpRequest, requirement: str) -> HttpResponse:
    require("commit")
    scope = current()
    company = tenants.company(scope.reads[0])
    asked = _committed(requirement, company.trade)
    form = CommitmentForm(request.POST or None, asks=asked.asks or "frequency", today=scope.today)
    shown = None
    if request.method == "POST" and form.is_valid():
        since, term = form.cleaned_data["since"], form.term
        shown = preview(asked, since, scope.at, **term)
        confirmed = "confirm" in request.POST
        if confirmed and attempted(
            form,
            lambda: duty_actions.commit_to(
                requirement=asked.id, since=since, reason=form.cleaned_data["reason"], **term
            ),
        ):
            messages.success(request, f"已明确：{shown.rule}")
            return redirect("commitments:index")
    words = {"company": company, "form": form, "duty": vague_duty(company, asked), "preview": shown}
    return render(request, "commitments/fix.html", words, status=422 if form.errors else 200)


def _committed(requirement_id: str, trade: str) -> Requirement:
    try:
        found = lawbook().requirement(requirement_id)
    except (KeyError, IndexError) as unknown:
        raise NotFound("没有这项要求。") from unknown
    if found.kind is not Kind.COMMITTED or lawbook().positions[found.position].trade != trade:
        raise NotFound("这项要求不由企业自行确定。")
    return found
