"""The form that adds a demand of the company's own to a post, and the one that ends it."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from anze.records.acting.context import current
from anze.records.acting.errors import NotFound
from anze.records.demands import queries as demands
from anze.records.duties import own
from anze.web.demands.forms import DemandForm, EndDemandForm
from anze.web.people.acts import posted
from anze.web.ui.attempt import attempted
from anze.web.ui.company import company_at_hand, company_url, of_company


@of_company("commit")
def add(request: HttpRequest) -> HttpResponse:
    company, today = company_at_hand(request), current().today
    first = DemandForm.first(request.GET.get("position", ""), today)
    form = DemandForm(posted(request), initial=first, trade=company.trade)

    def act() -> None:
        own.add_demand(demand=form.demand(), reason=form.cleaned_data["reason"])

    if form.is_valid() and attempted(form, act):
        messages.success(request, "已增加，并记入操作日志。清单有更新，请任职人重新签署。")
        return redirect(company_url(request, "post", position=form.cleaned_data["position"]))
    words = {"form": form, "company": company}
    return render(request, "demands/add.html", words, status=422 if form.errors else 200)


@of_company("commit")
def end(request: HttpRequest, demand_id: int) -> HttpResponse:
    row = demands.row(demand_id)
    if row is None:
        raise NotFound("没有这项企业自定要求。")
    form = EndDemandForm(posted(request), initial={"ends": current().today + timedelta(days=1)})

    def act() -> None:
        given = form.cleaned_data
        own.end_demand(demand_id=demand_id, ends=given["ends"], reason=given["reason"])

    if form.is_valid() and attempted(form, act):
        messages.success(request, "已写明结束日期，并记入操作日志。")
        return redirect(company_url(request, "choices"))
    words = {"form": form, "row": row}
    return render(request, "demands/end.html", words, status=422 if form.errors else 200)
