"""What the telephone sees: the code read, who is there, the name written, and that it was taken."""

from __future__ import annotations

import base64
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from anze.records.acting.context import acting, current
from anze.records.acting.errors import NotFound, Refused
from anze.records.evidence import arrivals
from anze.records.evidence.arrivals import Arrival, Call
from anze.rules.roll_calls import TO_SIGN
from anze.web.attendance.codes import (
    NoCode,
    Ticket,
    device_of,
    give_ticket,
    scanned,
    take_ticket,
    ticket_of,
)

EXPIRED = "这个二维码已经换掉了：每 30 秒换一次，照片和截图不能签到。请重新扫描大屏幕上现在的二维码。"
FOREIGN = "这不是签到用的二维码，或没有扫完整。请重新扫描大屏幕上的二维码。"
NOT_SCANNED = "请先扫描大屏幕上的二维码；扫码后 5 分钟内在这部手机上签名。"
UNKNOWN = (
    "姓名与手机尾号对不上。请填写本人姓名和在单位登记的手机号后四位；没有登记或换了号码的，请到主持人处登记。"
)


class NameForm(forms.Form):
    """Of a visitor without an account: who they are."""

    name = forms.CharField(
        label="姓名",
        max_length=40,
        error_messages={"required": "请填写本人姓名。", "max_length": "姓名最多 40 字。"},
        widget=forms.TextInput(attrs={"autocomplete": "name", "class": "form-control form-control-lg"}),
    )
    tail = forms.RegexField(
        label="手机号后四位",
        regex=r"^[0-9]{4}$",
        error_messages={"required": "请填写手机号后四位。", "invalid": "手机号后四位是 4 个数字。"},
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "maxlength": 4, "class": "form-control form-control-lg"}
        ),
    )


@login_not_required
@require_safe
def scan(request: HttpRequest, code: str) -> HttpResponseBase:
    """A code that was read in time becomes a ticket of this telephone."""
    at = datetime.now(UTC)
    try:
        found = scanned(code, at)
    except NoCode:
        return _refused(request, FOREIGN, status=404)
    if not found.fresh:
        return _refused(request, EXPIRED, status=410)
    try:
        _within(request, found.company_id, at, lambda: arrivals.call_of(found.record_id))
    except NotFound as refusal:
        return _refused(request, str(refusal), status=404)
    except Refused as refusal:
        return _refused(request, str(refusal), status=409)
    response = redirect("attendance:sign")
    give_ticket(request, response, found, at)
    response["Cache-Control"] = "no-store"
    return response


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def sign(request: HttpRequest) -> HttpResponseBase:
    at = datetime.now(UTC)
    ticket = ticket_of(request, at)
    if ticket is None:
        return _refused(request, NOT_SCANNED, status=410)
    try:
        call = _within(request, ticket.company_id, at, lambda: arrivals.call_of(ticket.record_id))
        return _signed(request, ticket, call, at) if request.method == "POST" else _page(request, call)
    except NotFound as refusal:
        return _refused(request, str(refusal), status=404)
    except arrivals.RollCallClosed as refusal:
        return _refused(request, str(refusal), status=409)


def _signed(request: HttpRequest, ticket: Ticket, call: Call, at: datetime) -> HttpResponse:
    form = None if _known(request) else NameForm(request.POST, label_suffix="")
    if form is not None and not form.is_valid():
        return _page(request, call, form, status=422)
    try:
        arrival = _arrive(request, ticket, form, at)
    except (arrivals.RollCallClosed, NotFound):
        raise
    except arrivals.ArrivedAlready as refusal:
        return _refused(request, str(refusal), status=409, icon="circle-check")
    except Refused as refusal:
        return _page(request, call, form, problem=str(refusal), status=422)
    if arrival is None:
        return _page(request, call, form, problem=UNKNOWN, status=422)
    picture = f"data:image/png;base64,{base64.b64encode(arrival.picture).decode()}"
    response = render(
        request, "attendance/arrived.html", {"call": call, "arrival": arrival, "picture": picture}
    )
    take_ticket(response)
    return response


def _arrive(request: HttpRequest, ticket: Ticket, form: NameForm | None, at: datetime) -> Arrival | None:
    """None: nobody has this name and these digits."""

    def arrive() -> Arrival:
        return arrivals.arrive(
            record_id=ticket.record_id, device=device_of(request), strokes=request.POST.get("strokes", "")
        )

    if form is None:
        return arrive()
    said = form.cleaned_data
    with acting(arrivals.visitor(ticket.company_id), reads=(ticket.company_id,), at=at):
        who = arrivals.identify(record_id=ticket.record_id, name=said["name"], tail=said["tail"])
    if who is None:
        return None
    with acting(arrivals.person_there(*who, ticket.company_id), reads=(ticket.company_id,), at=at):
        return arrive()


def _within(request: HttpRequest, company_id: int, at: datetime, ask: Callable[[], Call]) -> Call:
    """In the scope of the account that is signed in: another company's session is not found there."""
    if _known(request):
        if current().actor.person is None:
            raise NotFound(arrivals.NO_CALL)
        return ask()
    with acting(arrivals.visitor(company_id), reads=(company_id,), writes=(), at=at):
        return ask()


def _known(request: HttpRequest) -> bool:
    """Signed in: then the account says who it is."""
    return request.user.is_authenticated


def _page(
    request: HttpRequest, call: Call, form: NameForm | None = None, *, problem: str = "", status: int = 200
) -> HttpResponse:
    known = _known(request)
    words: dict[str, Any] = {
        "call": call,
        "who": current().actor.name if known else "",
        "form": None if known else form or NameForm(label_suffix=""),
        "problem": problem,
        "strokes": request.POST.get("strokes", "") if status != 200 else "",
        "minutes": int(TO_SIGN.total_seconds() // 60),
    }
    response = render(request, "attendance/sign.html", words, status=status)
    response["Cache-Control"] = "no-store"
    return response


def _refused(request: HttpRequest, text: str, *, status: int, icon: str = "alert-triangle") -> HttpResponse:
    return render(request, "attendance/refused.html", {"text": text, "icon": icon}, status=status)
