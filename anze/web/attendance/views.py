"""The roll of a session for whoever holds it, the big screen, and the list of who has to catch up."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import segno
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from anze.records.acting.context import current
from anze.records.acting.errors import NotPermitted, Refused
from anze.records.acting.permissions import may, require
from anze.records.evidence import catching_up, roll_calls, roll_queries
from anze.records.evidence.access import LARGEST_ID
from anze.records.people import queries as people
from anze.web.attendance.codes import code_of

MARKED = ("attended", "excused", "absent")
WITHDRAWN = "签名已撤销，此人标为未到，可以重新扫码签名。"
SHOWN = 12  # names on the big screen


@require_http_methods(["GET", "HEAD", "POST"])
def roll(request: HttpRequest, record_id: int) -> HttpResponseBase:
    require("draft_record")
    found = _held(record_id)
    if request.method == "POST":
        return _act(request, record_id)
    if not found.takes_attendance:
        raise Refused("这类记录不登记到场情况，不能现场签到。")
    there = {row.person_id for row in found.rows}
    employed = [(p.id, p.name) for p in people.people(on=current().today) if p.id not in there]
    return render(request, "attendance/roll.html", {"roll": found, "employed": employed})


@require_safe
def rows(request: HttpRequest, record_id: int) -> HttpResponse:
    require("draft_record")
    return render(request, "attendance/rows.html", {"roll": _held(record_id)})


@require_safe
def screen(request: HttpRequest, record_id: int) -> HttpResponse:
    require("draft_record")
    return render(request, "attendance/screen.html", _shown(request, record_id))


@require_safe
def code(request: HttpRequest, record_id: int) -> HttpResponse:
    """The part of the screen that changes."""
    require("draft_record")
    response = render(request, "attendance/code.html", _shown(request, record_id))
    response["Cache-Control"] = "no-store"
    return response


@require_POST
def catch_up(request: HttpRequest, record_id: int) -> HttpResponseBase:
    require("draft_record")
    try:
        draft = catching_up.open_catch_up(record_id=record_id)
    except catching_up.NothingToCatchUp as refusal:
        messages.info(request, str(refusal))
        return redirect("records:record", record_id)
    messages.success(request, "已建立补课草稿：名单是还没有补课的人。填写时间后可以现场签到。")
    return redirect("records:edit", draft)


@require_safe
def waiting(request: HttpRequest) -> HttpResponse:
    company = current().actor.company
    if company is None:
        raise NotPermitted("补课名单由企业查看。")
    sessions: dict[int, list[catching_up.CatchUpRow]] = {}
    found = catching_up.waiting(company)
    for row in found:
        sessions.setdefault(row.record_id, []).append(row)
    words = {
        "sessions": [(rows, unplanned(rows)) for rows in sessions.values()],
        "people": len({row.person_id for row in found}),
    }
    return render(request, "attendance/waiting.html", words)


def unplanned(rows: Sequence[catching_up.CatchUpRow]) -> int:
    """How many of them stand in no session to catch up, not even a draft."""
    return sum(row.by is None for row in rows)


def _held(record_id: int) -> roll_queries.Roll:
    """Of whoever may change the draft; what others sign is not theirs to see live. Raises NotFound."""
    found = roll_queries.roll_of(record_id)
    actor = current().actor
    if actor.authority is not None or not (may(actor, "see_company") or found.mine):
        raise NotPermitted("只能主持本人填写的记录的签到。")
    return found


def _shown(request: HttpRequest, record_id: int) -> dict[str, Any]:
    found, scope = _held(record_id), current()
    picture = ""
    if found.open:
        assert scope.actor.company is not None
        path = reverse("attendance:scan", args=[code_of(scope.actor.company, record_id, scope.at)])
        address = f"{settings.SITE}{path}" if settings.SITE else request.build_absolute_uri(path)
        picture = segno.make(address, error="l").svg_data_uri(scale=8, border=2)
    return {"roll": found, "picture": picture, "newest": found.signed[:SHOWN]}


def _act(request: HttpRequest, record_id: int) -> HttpResponseBase:
    asked, person = request.POST.get("act", ""), _person(request)
    acts: dict[str, tuple[Callable[..., None], dict[str, Any], str]] = {
        "open": (roll_calls.open_roll_call, {}, "签到已开始，请打开大屏幕。"),
        "close": (roll_calls.close_roll_call, {}, "签到已结束。"),
        "add": (roll_calls.add_person, {"person_id": person}, "已加入名单，标为到场。"),
        "withdraw": (roll_calls.withdraw_signature, {"person_id": person}, WITHDRAWN),
    }
    acts |= {key: (roll_calls.mark, {"person_id": person, "attendance": key}, "") for key in MARKED}
    if asked not in acts:
        raise Refused("没有这个操作，请刷新页面后重试。")
    act, given, said = acts[asked]
    try:
        act(record_id=record_id, **given)
    except (roll_calls.NoRollCall, roll_calls.SignedThemselves) as refusal:
        messages.error(request, str(refusal))
    else:
        if said:
            messages.success(request, said)
    return redirect("attendance:roll", record_id)


def _person(request: HttpRequest) -> int:
    text = request.POST.get("person", "")
    return (
        int(text) if text.isascii() and text.isdecimal() and len(text) < 19 and int(text) <= LARGEST_ID else 0
    )
