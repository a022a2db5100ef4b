"""The settings of reminders, and one's own contact data."""

from __future__ import annotations

from typing import Any

from django.conf import settings as installation
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from anze.records.acting.errors import NotFound
from anze.records.reminders import actions, planning, queries
from anze.records.reminders.actions import InvalidAddress, InvalidLadder
from anze.records.reminders.reach import GROUPS
from anze.web.reminders.forms import ContactForm, HourForm, RobotForm, SuperiorForm, step_forms, steps_of
from anze.web.ui.attempt import attempted
from anze.web.ui.company import company_at_hand, of_company

MOST_PREVIEWED = 30
SWITCHED = {
    "on": "提醒已开启。此前已逾期的任务合并为一条告知，不逐项补发。",
    "off": "提醒已停用，设置保留。",
    "keep": "提醒设置已保存。",
}


@require_http_methods(["GET", "HEAD", "POST"])
@of_company("set_reminders")
def settings(request: HttpRequest) -> HttpResponse:
    known = queries.ladder(company_at_hand(request).id)
    data = request.POST if request.method == "POST" else None
    hour, steps = HourForm(data, initial={"hour": known.hour}), step_forms(data, known)
    if data is not None and hour.is_valid() and steps.is_valid():
        then = request.POST.get("then", "keep")
        on = then == "on" or (then != "off" and known.since is not None)
        try:
            actions.set_ladder(on=on, hour=hour.cleaned_data["hour"], steps=steps_of(steps))
        except InvalidLadder as refusal:
            _take(hour, steps, refusal)
        else:
            messages.success(request, SWITCHED.get(then, SWITCHED["keep"]))
            return redirect("reminders:settings")
    return _page(request, known, hour=hour, steps=steps, status=200 if data is None else 422)


@require_POST
@of_company("set_reminders")
def robot(request: HttpRequest, channel: str) -> HttpResponse:
    if channel not in GROUPS:
        raise NotFound("没有这种群机器人。")
    form = RobotForm(request.POST, prefix=channel)
    if form.is_valid():
        try:
            actions.set_robot(channel=channel, **form.cleaned_data)
        except InvalidAddress as refusal:
            for name, problem in refusal.errors.items():
                form.add_error(name, problem)
        else:
            messages.success(request, "群机器人已保存。请发送一条测试消息，确认群里能收到。")
            return redirect("reminders:settings")
    known = queries.ladder(company_at_hand(request).id)
    return _page(request, known, robot=(channel, form), status=422)


@require_POST
@of_company("set_reminders")
def remove(request: HttpRequest, channel: str) -> HttpResponse:
    actions.remove_robot(channel=channel)
    messages.success(request, "群机器人已移除，地址已删除。")
    return redirect("reminders:settings")


@require_http_methods(["GET", "HEAD", "POST"])
@of_company("set_reminders")
def superiors(request: HttpRequest) -> HttpResponse:
    rows = queries.superiors(company_at_hand(request).id)
    form = SuperiorForm(request.POST if request.method == "POST" else None, rows)
    if form.is_valid() and attempted(form, lambda: actions.choose_superiors(superiors=form.superiors)):
        messages.success(request, "上级岗位已保存。")
        return redirect("reminders:superiors")
    words = {"company": company_at_hand(request), "rows": [(row, form[row.position.id]) for row in rows]}
    status = 422 if form.errors else 200
    return render(request, "reminders/superiors.html", words | {"form": form}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@of_company("see_own")
def contact(request: HttpRequest) -> HttpResponse:
    known = queries.my_contact()
    if known is None:
        raise NotFound("此账号不属于任何人员。")
    initial = {"email": known.email, "by_mail": known.by_mail, "by_sms": known.by_sms}
    form = ContactForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        try:
            actions.set_contact(**form.cleaned_data)
        except InvalidAddress as refusal:
            form.add_error("email", refusal.errors["email"])
        else:
            messages.success(request, "联系方式已保存。")
            return redirect("reminders:contact")
    words = {"form": form, "known": known, "company": company_at_hand(request)}
    return render(request, "reminders/contact.html", words, status=422 if form.errors else 200)


def _take(hour: HourForm, steps: Any, refusal: InvalidLadder) -> None:
    """Each refusal to the row it is about. Rows that are removed or empty are no steps."""
    rows = [form for form in steps if form.step is not None]
    for where, problem in refusal.errors.items():
        if isinstance(where, int):
            rows[where].add_error(None, problem)
        else:
            hour.add_error(None, problem)


def _page(
    request: HttpRequest,
    known: queries.LadderRow,
    *,
    hour: HourForm | None = None,
    steps: Any = None,
    robot: tuple[str, RobotForm] | None = None,
    status: int,
) -> HttpResponse:
    company = company_at_hand(request)
    channels = queries.channels(company.id)
    found = planning.preview(company_id=company.id)
    words = {
        "company": company,
        "ladder": known,
        "hour": hour or HourForm(initial={"hour": known.hour}),
        "steps": steps if steps is not None else step_forms(None, known),
        "channels": [(row, _robot_form(row, robot)) for row in channels],
        "idle": _idle(known, channels),
        "preview": found[:MOST_PREVIEWED],
        "preview_more": max(0, len(found) - MOST_PREVIEWED),
        "counts": queries.message_counts(company.id),
        "site": installation.SITE,
    }
    return render(request, "reminders/settings.html", words, status=status)


def _robot_form(row: queries.ChannelRow, tried: tuple[str, RobotForm] | None) -> RobotForm | None:
    if not row.group:
        return None
    if tried is not None and tried[0] == row.id:
        form = tried[1]
    else:
        form = RobotForm(prefix=row.id, initial={"mention": row.mention})
    if row.id != "dingtalk":
        del form.fields["secret"]
    return form


def _idle(known: queries.LadderRow, channels: list[queries.ChannelRow]) -> list[queries.ChannelRow]:
    """Channels that the ladder uses and that do not work."""
    used = {channel for step in known.steps for channel in step.channels}
    return [row for row in channels if row.id in used and row.missing]
