"""The bureau's key periods: the list, declaring one, and who has prepared; withdrawing and ending."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from anze.records.acting.context import current
from anze.records.acting.permissions import require
from anze.records.duties import key_periods
from anze.records.duties.periods import declare_period, end_period, withdraw_period
from anze.records.key_periods import queries as declarations
from anze.records.key_periods.queries import DeclarationRow
from anze.records.tenants import queries as tenants
from anze.records.tenants.queries import CompanyRow
from anze.rules.duties import State
from anze.rules.key_periods import TYPES, declared_event
from anze.web.bureau.forms import DeclareForm, ReasonForm
from anze.web.ui.attempt import attempted

DONE = (State.MET, State.LATE, State.WAIVED, State.EXEMPT)
STATES = {"coming": "即将到来", "running": "正在进行", "over": "已经结束", "withdrawn": "已撤回"}


@dataclass(frozen=True, slots=True)
class Prepared:
    """How far one company is with what the period opened."""

    company: CompanyRow
    counts: Mapping[str, int]

    @property
    def opened(self) -> int:
        return sum(self.counts.values())

    @property
    def done(self) -> int:
        return sum(self.counts.get(state, 0) for state in DONE)

    @property
    def missed(self) -> int:
        return self.counts.get(State.MISSED, 0)


def index(request: HttpRequest) -> HttpResponse:
    require("supervise")
    words = {
        "rows": declarations.declared_by_us(),
        "types": TYPES,
        "states": STATES,
        "authority": tenants.authority(current().actor.authority or 0),
    }
    return render(request, "bureau/declarations.html", words)


def declare(request: HttpRequest) -> HttpResponse:
    require("declare_period")
    companies = tenants.companies_in_scope()
    form = DeclareForm(request.POST or None, companies=[(c.id, c.name) for c in companies])
    if request.method == "POST" and form.is_valid():
        made: list[int] = []
        if attempted(form, lambda: made.append(declare_period(period=form.period))):
            messages.success(request, "已发布，企业的准备任务已经生成。")
            return redirect("bureau:declaration", declaration_id=made[0])
    words = {"form": form, "companies": len(companies)}
    return render(request, "bureau/declare.html", words, status=422 if form.errors else 200)


def detail(request: HttpRequest, declaration_id: int) -> HttpResponse:
    """Companies that are furthest behind come first."""
    row = declarations.declaration(declaration_id)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and attempted(form, lambda: _change(row, form)):
        messages.success(request, "已撤回。" if row.state == "coming" else "已提前结束，今天是最后一天。")
        return redirect("bureau:declaration", declaration_id=declaration_id)
    prepared = _prepared(row)
    words = {
        "row": row,
        "form": form,
        "types": TYPES,
        "states": STATES,
        "event": declared_event(row.id),
        "prepared": prepared,
        "ready": sum(1 for p in prepared if p.opened and p.done == p.opened),
        "asked": sum(1 for p in prepared if p.opened),
    }
    return render(request, "bureau/declaration.html", words, status=422 if form.errors else 200)


def _change(row: DeclarationRow, form: ReasonForm) -> None:
    act = withdraw_period if row.state == "coming" else end_period
    act(declaration_id=row.id, reason=form.cleaned_data["reason"])


def _prepared(row: DeclarationRow) -> Sequence[Prepared]:
    counts = key_periods.preparation(row)
    bound = set(declarations.bound_companies(row)) if row.state != "withdrawn" else set()
    found = [Prepared(c, counts.get(c.id, {})) for c in tenants.companies_in_scope() if c.id in bound]
    return sorted(found, key=lambda p: (p.done - p.opened, not p.opened))
