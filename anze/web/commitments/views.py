"""The vague duties of a company with what it fixed for each, and the form that fixes one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from anze.records.acting.context import current
from anze.records.acting.errors import NotFound
from anze.records.acting.permissions import may
from anze.records.duties import choices, choosing
from anze.records.duties.cases import committed_term
from anze.records.duties.choices import Choice, VagueDuty
from anze.records.duties.rows import TermFinder
from anze.records.lawbook import lawbook
from anze.rules.catalogue.model import Requirement, Term
from anze.rules.catalogue.strength import weaker
from anze.rules.periods import ONE_DAY, WorkCalendar
from anze.web.commitments.forms import CommitmentForm
from anze.web.ui.attempt import attempted
from anze.web.ui.company import company_at_hand, of_company


@dataclass(frozen=True, slots=True)
class Preview:
    """What a commitment would mean. `days`: last days of the next periods; `example`: of an event of now."""

    rule: str
    too_weak: bool
    days: tuple[date, ...] = ()
    example: datetime | None = None


@of_company("see_company")
def index(request: HttpRequest) -> HttpResponse:
    company = company_at_hand(request)
    found = [
        (duty, in_force(duty)) for duty in choices.vague_duties(company_id=company.id, trade=company.trade)
    ]
    words = {
        "company": company,
        "duties": found,
        "open": sum(1 for _, choice in found if choice is None),
        "may_commit": may(current().actor, "commit"),
    }
    return render(request, "commitments/index.html", words)


@of_company("commit")
def fix(request: HttpRequest, requirement: str) -> HttpResponse:
    """A change of the form asks for a preview; only `confirm` acts. A fresh form previews its proposal."""
    duty = _duty(request, requirement)
    asked = duty.requirement
    given = request.POST or CommitmentForm.proposal(_term(request, asked) or asked.floor, current().today)
    form = CommitmentForm(given, asks=asked.asks or "frequency")
    shown = preview_of(duty, form) if form.is_valid() else None
    if (
        shown is not None
        and "confirm" in request.POST
        and attempted(form, lambda: _commit(requirement, form))
    ):
        messages.success(request, f"已明确：{shown.rule}")
        return redirect("commitments:index")
    words = {"form": form, "duty": duty, "preview": shown}
    return render(request, "commitments/fix.html", words, status=422 if form.errors else 200)


def in_force(duty: VagueDuty) -> Choice | None:
    return next((choice for choice in duty.history if choice.since <= current().today), None)


def preview_of(duty: VagueDuty, form: CommitmentForm) -> Preview:
    asked, since, given = duty.requirement, form.cleaned_data["since"], form.term
    rule = choices.promised(asked.id, since=since, **given)
    term = committed_term(since=since, **given)
    too_weak = asked.floor is not None and weaker(term, asked.floor)
    if term.within is not None:
        deadline = WorkCalendar(lawbook().calendar).deadline(current().at, term.within)
        return Preview(rule, too_weak, example=deadline.at)
    periods = choices.next_periods(given["every"], max(since, current().today))
    return Preview(rule, too_weak, days=tuple(period.until - ONE_DAY for period in periods))


def _commit(requirement: str, form: CommitmentForm) -> None:
    given = form.cleaned_data
    choosing.commit_to(requirement=requirement, since=given["since"], reason=given["reason"], **form.term)


def _duty(request: HttpRequest, requirement: str) -> VagueDuty:
    company = company_at_hand(request)
    for duty in choices.vague_duties(company_id=company.id, trade=company.trade):
        if duty.requirement.id == requirement:
            return duty
    raise NotFound("没有这项由企业自行明确的要求。")


def _term(request: HttpRequest, asked: Requirement) -> Term | None:
    company_id = company_at_hand(request).id
    return TermFinder([company_id]).term(company_id, asked, current().today)
