"""机构: the tree with who is in charge of each unit; opening, closing, and choosing the leader."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from anze.records.acting.context import current
from anze.records.acting.errors import NotFound
from anze.records.duties import actions as duty_actions
from anze.records.duties import organising
from anze.records.people import directory
from anze.records.people.remits import RemitRow, leaders, remits
from anze.records.tenants import queries as tenants
from anze.records.tenants.actions import UNIT_KINDS
from anze.records.tenants.queries import UnitRow
from anze.web.people.acts import posted
from anze.web.people.forms import UntilForm, first_day
from anze.web.ui.attempt import attempted
from anze.web.ui.company import company_at_hand, of_company
from anze.web.ui.form_page import FormPage, form_page
from anze.web.ui.words import say_day
from anze.web.units.forms import LeaderForm, UnitForm


@dataclass(frozen=True, slots=True)
class Branch:
    """A unit in the tree. `own`: the leader was put in charge of this very unit, not of one above."""

    unit: UnitRow
    depth: int
    kind: str
    leader: RemitRow | None
    own: bool
    people: int


@of_company("manage_people")
def index(request: HttpRequest) -> HttpResponse:
    company = company_at_hand(request)
    words = {"company": company, "branches": _tree(company.id)}
    return render(request, "units/index.html", words)


@of_company("manage_people")
def open_new(request: HttpRequest) -> HttpResponseBase:
    company = company_at_hand(request)
    initial = {"since": first_day(), "kind": "department", "parent": request.GET.get("parent", "")}
    form = UnitForm(posted(request), company=company, initial=initial)

    def act() -> None:
        duty_actions.open_unit(company_id=company.id, **form.cleaned_data)

    if form.is_valid() and attempted(form, act):
        messages.success(request, f"已设立“{form.cleaned_data['name'].strip()}”。")
        return redirect("units:index")
    return form_page(request, form, _page("设立机构", "设立"))


@of_company("manage_people")
def close(request: HttpRequest, unit_id: int) -> HttpResponseBase:
    unit = _unit(unit_id)
    form = UntilForm(posted(request), initial={"until": first_day()})
    form.fields["until"].label, form.fields["until"].help_text = "撤销日期", "这一天起不再存在。"

    def act() -> None:
        organising.close_unit(unit_id=unit_id, until=form.cleaned_data["until"])

    if form.is_valid() and attempted(form, act):
        messages.success(request, f"已撤销“{unit.name}”。")
        return redirect("units:index")
    return form_page(request, form, _page(f"撤销机构：{unit.name}", "撤销"))


@of_company("manage_people")
def leader(request: HttpRequest, unit_id: int) -> HttpResponseBase:
    """A unit that has a leader: the form says who and since when, and offers to end that."""
    company, unit = company_at_hand(request), _unit(unit_id)
    known = next((r for r in remits(company_id=company.id, on=current().today) if r.unit_id == unit_id), None)
    form = LeaderForm(posted(request), company=company, initial={"since": first_day()})
    if known is None:
        del form.fields["relieve"]
    else:
        form.fields["relieve"].label = f"从同一天起 {known.person_name} 不再分管"

    def act() -> None:
        given = form.cleaned_data
        if known is not None and given["relieve"]:
            organising.end_remit(remit_id=known.id, until=given["since"])
        organising.put_in_charge(holding_id=given["holding"], unit_id=unit_id, since=given["since"])

    if form.is_valid() and attempted(form, act):
        messages.success(request, f"“{unit.name}”的分管领导已登记，相关任务已重新判定。")
        return redirect("units:index")
    notes = [f"自 {say_day(known.since)} 起由 {known.person_name} 分管。"] if known else []
    return form_page(request, form, _page(f"分管领导：{unit.name}", "登记", notes))


def _unit(unit_id: int) -> UnitRow:
    found = next((unit for unit in tenants.units() if unit.id == unit_id), None)
    if found is None:
        raise NotFound("没有这个机构。")
    return found


def _page(title: str, submit: str, notes: list[str] | None = None) -> FormPage:
    back = reverse("units:index")
    crumbs = [(reverse("people:index"), "组织人员"), (back, "机构和分管")]
    return FormPage(title, submit, back, crumbs=crumbs, notes=notes or [])


def _tree(company_id: int) -> list[Branch]:
    """Depth first, in the order in which they were opened."""
    today = current().today
    units = [unit for unit in tenants.units() if unit.company_id == company_id]
    known = {unit.id for unit in units}
    charge, counts = leaders(company_id, today), directory.people_by_unit(company_id)
    found: list[Branch] = []

    def add(parent: int | None, depth: int) -> None:
        for unit in units:
            if (unit.parent_id if unit.parent_id in known else None) != parent:
                continue
            row = charge.get(unit.id)
            kind, own = UNIT_KINDS[unit.kind], row is not None and row.unit_id == unit.id
            found.append(Branch(unit, depth, kind, row, own, counts.get(unit.id, 0)))
            add(unit.id, depth + 1)

    add(None, 0)
    return found
