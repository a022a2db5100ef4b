"""One page of what a company set itself and waived, for the company and its bureau; the forms behind it."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from anze.records.acting.context import current
from anze.records.acting.errors import NotFound
from anze.records.acting.permissions import may
from anze.records.demands import queries as demands
from anze.records.duties import choices, choosing, tailoring
from anze.records.duties.layers import layers_of
from anze.records.duties.words import rule_in_words
from anze.web.choices.forms import EndWaiverForm, TailorForm
from anze.web.ui.attempt import attempted
from anze.web.ui.company import company_at_hand, company_url, of_company


@of_company("see_company")
def index(request: HttpRequest) -> HttpResponse:
    company, actor = company_at_hand(request), current().actor
    words = {
        "company": company,
        "tailored": choices.tailored(company_id=company.id),
        "demands": [
            (row, rule_in_words(row.requirement, row.requirement.terms[0]))
            for row in demands.rows(company.id)
        ],
        "waivers": choices.all_waivers(company_id=company.id),
        "vague": choices.vague_counts(company_id=company.id, trade=company.trade),
        "may_commit": may(actor, "commit"),
        "may_waive": may(actor, "waive"),
    }
    return render(request, "choices/index.html", words)


@of_company("commit")
def tailor(request: HttpRequest, demand: str) -> HttpResponse:
    """`restore` gives the word back to law and place; else the number is set."""
    company, today = company_at_hand(request), current().today
    asked = tailoring.lawful(company.id, demand, today)
    if asked is None:
        raise NotFound("没有可以由企业加严的要求。")
    form = TailorForm(request.POST or None, initial=TailorForm.first(asked, today), asked=asked)
    act = partial(_set, request, demand, form)
    if request.method == "POST" and form.is_valid() and attempted(form, act):
        messages.success(request, "已恢复。" if "restore" in request.POST else "已确定，并记入操作日志。")
        return redirect(company_url(request, "choices"))
    layers = layers_of(company.id, demand, today)
    words = {
        "form": form,
        "demand": choices.demand(demand),
        "layers": layers,
        "history": choices.history(company_id=company.id, requirement=demand),
        "own": any(row.layer == "company" for row in layers),
    }
    return render(request, "choices/tailor.html", words, status=422 if form.errors else 200)


@of_company("waive")
def end_waiver(request: HttpRequest, waiver_id: int) -> HttpResponse:
    company = company_at_hand(request)
    waiver = next((w for w in choices.all_waivers(company_id=company.id) if w.id == waiver_id), None)
    if waiver is None:
        raise NotFound("没有这项豁免。")
    first = {"until": current().today + timedelta(days=1)}
    form = EndWaiverForm(request.POST or None, initial=first)
    if request.method == "POST" and form.is_valid() and attempted(form, lambda: _end(waiver_id, form)):
        messages.success(request, "豁免已提前结束，并记入操作日志。")
        return redirect(company_url(request, "choices"))
    words = {"form": form, "waiver": waiver}
    return render(request, "choices/end_waiver.html", words, status=422 if form.errors else 200)


def _set(request: HttpRequest, demand: str, form: TailorForm) -> None:
    given = form.cleaned_data
    if "restore" in request.POST:
        tailoring.restore(requirement=demand, since=given["since"], reason=given["reason"])
    else:
        tailoring.tailor(requirement=demand, since=given["since"], reason=given["reason"], **form.numbers)


def _end(waiver_id: int, form: EndWaiverForm) -> None:
    given = form.cleaned_data
    choosing.end_waiver(waiver_id=waiver_id, until=given["until"], reason=given["reason"])
