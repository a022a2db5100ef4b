"""Employing, editing, moving, leave and leaving: one form each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect
from django.urls import reverse

from anze.records.acting.context import current
from anze.records.acting.errors import NotFound
from anze.records.dossiers import hiring
from anze.records.duties import actions as duty_actions
from anze.records.duties import organising
from anze.records.duties.leaving import open_by_holding
from anze.records.people import directory, edits
from anze.records.people.actions import InvalidPeople, NewPerson
from anze.records.people.directory import PersonFile
from anze.records.people.leaves import LEAVE_KINDS, leaves
from anze.records.people.queries import PersonRow
from anze.records.people.queries import person as person_of
from anze.rules.dossiers.hiring import BarStanding
from anze.web.dossiers import words
from anze.web.people import forms
from anze.web.people.weighing import weighed
from anze.web.ui.attempt import attempted
from anze.web.ui.company import company_at_hand, of_company
from anze.web.ui.form_page import FormPage, form_page, over_version


@of_company("manage_people")
def employ(request: HttpRequest) -> HttpResponseBase:
    company = company_at_hand(request)
    form = forms.EmployForm(posted(request), company=company, initial={"joined_on": forms.first_day()})
    created: list[int] = []

    def act() -> None:
        given = form.cleaned_data
        new = NewPerson(given["name"], given["joined_on"], given["phone"], given["driver"], given["unit"])
        try:
            ids = duty_actions.employ(company_id=company.id, people=[new], despite_bars=given["despite"])
            created.extend(ids)
        except InvalidPeople as refusal:
            form.add_error(None, refusal.errors[0])

    bars = hiring.bars_asked(company.trade)
    if weighed(form, act) and created:
        return _employed(request, form, created[0], asked=bool(bars))
    index = reverse("people:index")
    page = FormPage("登记人员", "登记", index, crumbs=[(index, "人员")], notes=_asks(bars))
    return form_page(request, form, page)


def _asks(bars: Sequence[BarStanding]) -> list[str]:
    """What to find out before a driver is registered."""
    if not bars:
        return []
    grounds = "；".join(dict.fromkeys(words.grounds(bar.term.cite, bar.term.verified) for bar in bars))
    named = "；".join(bar.bar.name for bar in bars)
    return [f"登记驾驶员之前请核查，有下列情形之一的不得聘用：{named}。依据：{grounds}。"]


def _employed(
    request: HttpRequest, form: forms.EmployForm, person_id: int, *, asked: bool
) -> HttpResponseBase:
    name = form.cleaned_data["name"].strip()
    messages.success(request, f"已登记 {name}。接下来可以指定岗位、开设账号。")
    if asked and form.cleaned_data["driver"]:
        messages.info(request, "请登记“驾驶员聘用核查”，档案逐项判定能否聘用。")
        return redirect("own:person_file", person_id=person_id)
    return redirect("people:person", person_id=person_id)


@of_company("manage_people")
def edit(request: HttpRequest, person_id: int) -> HttpResponseBase:
    """When somebody else saved meanwhile, the form keeps what was typed and shows what stands now."""
    found = person_of(person_id)
    form = forms.EditForm(
        posted(request),
        initial={"name": found.name, "driver": found.driver, "version": found.version},
    )
    form.fields["phone"].widget.attrs["placeholder"] = found.phone_masked or "未登记"

    def act() -> None:
        given = form.cleaned_data
        organising.edit_person(
            person_id=person_id,
            version=given["version"],
            name=given["name"],
            phone=given["phone"] or None,
            driver=given["driver"],
            despite_bars=given["despite"],
        )

    notes: list[str] = []
    sent = form.is_valid()
    if weighed(form, act):
        messages.success(request, "资料已更新。")
        return redirect("people:person", person_id=person_id)
    if sent:
        found = person_of(person_id)  # who was faster may have saved while this request waited
        if form.cleaned_data["version"] != found.version:
            over_version(form, found.version)
            notes.append(_stands(found))
    return form_page(request, form, _page(found, "修改资料", "保存", notes=notes))


@of_company("manage_people")
def move(request: HttpRequest, person_id: int) -> HttpResponseBase:
    found = person_of(person_id)
    form = forms.MoveForm(
        posted(request),
        company=company_at_hand(request),
        initial={"unit": found.unit_id, "since": forms.first_day()},
    )

    def act() -> None:
        edits.move(person_id=person_id, unit_id=form.cleaned_data["unit"], since=form.cleaned_data["since"])

    if form.is_valid() and attempted(form, act):
        messages.success(request, "已调动。")
        return redirect("people:person", person_id=person_id)
    return form_page(request, form, _page(found, "调动", "调动"))


@of_company("manage_people")
def leave(request: HttpRequest, person_id: int) -> HttpResponseBase:
    """After it, the posts without a deputy for these days are offered one."""
    found = directory.person_file(person_id)
    form = forms.LeaveForm(posted(request), initial={"since": forms.first_day()})

    def act() -> None:
        organising.take_leave(person_id=person_id, **form.cleaned_data)

    if form.is_valid() and attempted(form, act):
        messages.success(request, f"已登记{LEAVE_KINDS[form.cleaned_data['kind']]}。")
        return _after_leave(found, form)
    notes = [
        f"{found.person.name} 正在代理“{c.position_name}”（{c.holder_name}），请假期间所办事项不算代理。"
        for c in found.stands_in
        if c.until is None or c.until > current().today
    ]
    for post in _held(found):
        names = "、".join(dict.fromkeys(c.deputy_name for c in post.covers if _runs(c)))
        name = post.holding.position_name
        notes.append(
            f"“{name}”已指定代理人：{names}。" if names else f"“{name}”还没有代理人，登记后可以指定。"
        )
    page = _page(found.person, "请假或停岗", "登记", notes=notes)
    return form_page(request, form, page)


@of_company("manage_people")
def end_leave(request: HttpRequest, leave_id: int) -> HttpResponseBase:
    row = next((row for row in leaves() if row.id == leave_id), None)
    if row is None:
        raise NotFound("没有这条请假。")
    form = forms.ReturnForm(posted(request), initial={"until": forms.first_day()})

    def act() -> None:
        organising.end_leave(leave_id=leave_id, until=form.cleaned_data["until"])

    if form.is_valid() and attempted(form, act):
        messages.success(request, f"{row.person_name} 的返岗日期已登记。")
        return redirect("people:person", person_id=row.person_id)
    return form_page(request, form, _page(person_of(row.person_id), "登记返岗", "登记"))


@of_company("manage_people")
def dismiss(request: HttpRequest, person_id: int) -> HttpResponseBase:
    found = directory.person_file(person_id)
    form = forms.DismissForm(posted(request), initial={"left_on": forms.first_day()})

    def act() -> None:
        duty_actions.dismiss(person_ids=[person_id], left_on=form.cleaned_data["left_on"])

    if form.is_valid() and attempted(form, act):
        messages.success(request, f"已办理 {found.person.name} 离职，账号同时停用。")
        return redirect("people:person", person_id=person_id)
    held = _held(found)
    counts = open_by_holding([post.holding.id for post in held])
    notes = ["离职后不能再登录；任职、代理和分管一并结束，记录保留。"] + [
        f"“{post.holding.position_name}”还有 {counts[post.holding.id]} 项未办结，"
        "请先编制交接单；不交接也能办理，但会一直显示为“未交接”。"
        for post in held
        if counts.get(post.holding.id)
    ]
    return form_page(request, form, _page(found.person, "办理离职", "办理离职", notes=notes))


def posted(request: HttpRequest) -> QueryDict | None:
    return request.POST if request.method == "POST" else None


def _page(person: PersonRow, title: str, submit: str, *, notes: list[str] | None = None) -> FormPage:
    back = reverse("people:person", args=[person.id])
    crumbs = [(reverse("people:index"), "人员"), (back, person.name)]
    return FormPage(f"{title}：{person.name}", submit, back, crumbs=crumbs, notes=notes or [])


def _stands(person: PersonRow) -> str:
    phone = person.phone_masked or "未登记"
    return f"现有资料：姓名 {person.name}，电话 {phone}，{'是' if person.driver else '不是'}驾驶员。"


def _held(found: PersonFile) -> list[directory.HeldPost]:
    today = current().today
    return [post for post in found.posts if post.holding.until is None or post.holding.until > today]


def _runs(cover: directory.CoverLine) -> bool:
    return cover.until is None or cover.until > current().today


def _after_leave(found: PersonFile, form: forms.LeaveForm) -> HttpResponse:
    """On to the first post that nobody stands in for over these days, with the last deputy proposed."""
    given = form.cleaned_data
    for post in _held(found):
        if any(_spans(cover, given["since"], given["until"]) for cover in post.covers):
            continue
        offered = {
            "since": given["since"],
            "until": given["until"] or "",
            "deputy": post.covers[0].deputy_id if post.covers else "",
            "reason": f"{found.person.name}{LEAVE_KINDS[given['kind']]}",
        }
        return redirect(f"{reverse('people:deputy', args=[post.holding.id])}?{urlencode(offered)}")
    return redirect("people:person", person_id=found.person.id)


def _spans(cover: directory.CoverLine, since: date, until: date | None) -> bool:
    """The cover reaches over all the days."""
    ends = cover.until is None or (until is not None and until <= cover.until)
    return cover.since <= since and ends
