"""Posts: assigning, ending, deputies and remits. A form names what is in the way and offers the way out."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from anze.records.acting.errors import NotFound
from anze.records.duties import actions as duty_actions
from anze.records.duties import organising
from anze.records.duties.leaving import open_by_holding
from anze.records.lawbook import lawbook
from anze.records.people import directory
from anze.records.people.queries import HoldingRow
from anze.records.people.queries import person as person_of
from anze.records.people.remits import remits
from anze.web.people import forms
from anze.web.people.acts import posted
from anze.web.ui.attempt import attempted
from anze.web.ui.company import company_at_hand, of_company
from anze.web.ui.form_page import FormPage, form_page
from anze.web.ui.words import say_day


@of_company("manage_people")
def assign(request: HttpRequest, person_id: int) -> HttpResponseBase:
    """A post for one that is taken: the form says by whom since when, and offers to end that holding."""
    company, found = company_at_hand(request), person_of(person_id)
    form = forms.AssignForm(posted(request), company=company, initial={"since": forms.first_day()})
    holder: HoldingRow | None = None
    if form.is_valid():
        holder = _in_the_way(form, company.id, person_id)
        if attempted(form, lambda: _assign(form, person_id, holder)):
            return _assigned(request, form, person_id, holder)
    if holder is None:
        del form.fields["relieve"]
    else:
        day = say_day(form.cleaned_data["since"])
        form["relieve"].label = f"同时办理 {holder.person_name} 离任，自 {day} 起不再担任"
    back = reverse("people:person", args=[person_id])
    page = FormPage(
        f"指定岗位：{found.name}",
        "指定",
        back,
        crumbs=[(reverse("people:index"), "人员"), (back, found.name)],
    )
    return form_page(request, form, page)


@of_company("manage_people")
def end(request: HttpRequest, holding_id: int) -> HttpResponseBase:
    held = directory.holding(holding_id)
    form = forms.EndForm(posted(request), initial={"until": forms.first_day()})

    def act() -> None:
        duty_actions.end_holding(holding_id=holding_id, until=form.cleaned_data["until"])

    left = open_by_holding([holding_id]).get(holding_id, 0)
    if form.is_valid() and attempted(form, act):
        messages.success(request, f"{held.person_name} 不再担任“{held.position_name}”。")
        if left:
            return redirect("own:draw_up", holding_id=holding_id)
        return redirect("people:person", person_id=held.person_id)
    notes = []
    if left:
        notes = [f"这个岗位还有 {left} 项未办结，离任后请编制交接单；交接完成之前显示为“未交接”。"]
    return form_page(request, form, _page(held, "办理离任", "办理离任", notes))


@of_company("manage_people")
def deputy(request: HttpRequest, holding_id: int) -> HttpResponseBase:
    held = directory.holding(holding_id)
    offered = {name: request.GET.get(name, "") for name in ("deputy", "since", "until", "reason")}
    form = forms.DeputyForm(
        posted(request),
        company=company_at_hand(request),
        holder=held.person_id,
        initial={**offered, "since": offered["since"] or forms.first_day()},
    )

    def act() -> None:
        given = form.cleaned_data
        duty_actions.appoint_deputy(
            holding_id=holding_id,
            deputy_id=given["deputy"],
            since=given["since"],
            until=given["until"],
            reason=given["reason"],
        )

    if form.is_valid() and attempted(form, act):
        messages.success(request, f"已指定“{held.position_name}”的代理人，其工作台会显示代办事项。")
        return redirect("people:person", person_id=held.person_id)
    return form_page(request, form, _page(held, "指定代理人", "指定", []))


@of_company("manage_people")
def remit(request: HttpRequest, holding_id: int) -> HttpResponseBase:
    held = directory.holding(holding_id)
    form = forms.RemitForm(
        posted(request),
        company=company_at_hand(request),
        initial={"since": forms.first_day(), "unit": request.GET.get("unit", "")},
    )

    def act() -> None:
        given = form.cleaned_data
        organising.put_in_charge(
            holding_id=holding_id, unit_id=given["unit"], since=given["since"], until=given["until"]
        )

    if form.is_valid() and attempted(form, act):
        messages.success(request, "分管范围已登记，相关任务已重新判定。")
        return redirect("people:person", person_id=held.person_id)
    notes = ["机构之下没有另行分管的下级机构，一并归其分管。"]
    return form_page(request, form, _page(held, "登记分管范围", "登记", notes))


@of_company("manage_people")
def end_remit(request: HttpRequest, remit_id: int) -> HttpResponseBase:
    row = next((row for row in remits() if row.id == remit_id), None)
    if row is None:
        raise NotFound("没有这条分管记录。")
    form = forms.UntilForm(posted(request), initial={"until": forms.first_day()})

    def act() -> None:
        organising.end_remit(remit_id=remit_id, until=form.cleaned_data["until"])

    if form.is_valid() and attempted(form, act):
        messages.success(request, f"{row.person_name} 不再分管“{row.unit_name}”。")
        return redirect("people:person", person_id=row.person_id)
    back = reverse("people:person", args=[row.person_id])
    page = FormPage(
        f"结束分管：{row.unit_name}",
        "结束分管",
        back,
        lead=f"{row.person_name}（{row.position_name}）自 {say_day(row.since)} 起分管。",
        crumbs=[(reverse("people:index"), "人员"), (back, row.person_name)],
    )
    return form_page(request, form, page)


def _in_the_way(form: forms.AssignForm, company_id: int, person_id: int) -> HoldingRow | None:
    """Of a post for one: somebody else who holds it over the days, and began before them."""
    given = form.cleaned_data
    if not lawbook().positions[given["position"]].single_holder:
        return None
    found = directory.holder_of(
        given["position"], company_id=company_id, since=given["since"], until=given["until"]
    )
    return found if found and found.person_id != person_id and found.since < given["since"] else None


def _assign(form: forms.AssignForm, person_id: int, holder: HoldingRow | None) -> None:
    given = form.cleaned_data
    since: date = given["since"]
    if holder is not None and given["relieve"]:
        duty_actions.end_holding(holding_id=holder.id, until=since)
    duty_actions.assign_post(
        person_id=person_id, position=given["position"], since=since, until=given["until"]
    )


def _assigned(
    request: HttpRequest, form: forms.AssignForm, person_id: int, holder: HoldingRow | None
) -> HttpResponseBase:
    """Whoever was relieved hands over next."""
    if holder is not None and form.cleaned_data["relieve"]:
        messages.success(request, f"已指定。接下来为 {holder.person_name} 编制交接单。")
        url = reverse("own:draw_up", args=[holder.id])
        return redirect(f"{url}?receiver={person_id}")
    messages.success(request, "已指定岗位，请本人登录签署清单。")
    return redirect("people:person", person_id=person_id)


def _page(held: HoldingRow, title: str, submit: str, notes: list[str]) -> FormPage:
    back = reverse("people:person", args=[held.person_id])
    return FormPage(
        f"{title}：{held.position_name}",
        submit,
        back,
        lead=f"{held.person_name} 自 {say_day(held.since)} 起任职。",
        crumbs=[(reverse("people:index"), "人员"), (back, held.person_name)],
        notes=notes,
    )
