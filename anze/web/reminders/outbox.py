"""What was sent and what was not: the list, sending anew, and test messages."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from anze.records.reminders import actions, outbox, queries
from anze.records.reminders.actions import TooManyTests
from anze.records.reminders.outbox import NotResent
from anze.web.obligations.filters import page_number
from anze.web.ui.company import company_at_hand, of_company

STATES = {
    "waiting": ("open", "等待发送"),
    "delivered": ("met", "已送达"),
    "given_up": ("missed", "未送达"),
}


@require_safe
@of_company("set_reminders")
def index(request: HttpRequest) -> HttpResponse:
    company = company_at_hand(request)
    state = request.GET.get("state", "")
    page = queries.messages(company.id, state=state, page=page_number(request.GET))
    counts = queries.message_counts(company.id)
    words = {
        "company": company,
        "page": page,
        "rows": [(row, STATES[row.state]) for row in page.rows],
        "state": state if state in STATES else "",
        "states": [(key, word, counts[key]) for key, (_, word) in STATES.items()],
        "on": queries.ladder(company.id).since is not None,
    }
    return render(request, "reminders/outbox.html", words)


@require_POST
@of_company("set_reminders")
def resend(request: HttpRequest, message_id: int) -> HttpResponse:
    try:
        outbox.resend(message_id=message_id)
    except NotResent as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "已重新排队，一分钟内发送（22 时至次日 7 时不发送）。")
    return redirect("reminders:outbox")


@require_POST
@of_company("set_reminders")
def test(request: HttpRequest, channel: str) -> HttpResponse:
    try:
        problem = actions.queue_test(channel=channel)
    except TooManyTests as refusal:
        problem = str(refusal)
    if problem:
        messages.error(request, f"没有发送：{problem}")
        return redirect("reminders:settings")
    messages.success(request, "测试消息已排队，一分钟内发送。刷新本页查看结果。")
    return redirect("reminders:outbox")
