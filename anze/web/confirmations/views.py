"""The page on which a person reads a record and confirms it, and the asking of those who have not."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from anze.records.acting.context import current
from anze.records.acting.errors import NotFound, Refused
from anze.records.confirmations import actions, queries
from anze.records.evidence import queries as evidence
from anze.records.reminders import asking
from anze.web.records.views import facts


@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, record_id: int) -> HttpResponse:
    detail = evidence.record(record_id)
    own = queries.own(record_id)
    if own is None:
        raise NotFound("没有需要您确认的这份记录，它可能已修订或作废。")
    problem = ""
    if request.method == "POST":
        try:
            actions.confirm(record_id=record_id, digest=request.POST.get("digest", ""))
        except Refused as refusal:
            problem = str(refusal)
        else:
            own = queries.own(record_id)
    words = facts(detail) | {
        "own": own,
        "problem": problem,
        "by_link": current().actor.only is not None,
        "left": len(queries.mine()),
    }
    return render(request, "confirmations/confirm.html", words, status=409 if problem else 200)


@require_POST
def ask(request: HttpRequest, record_id: int) -> HttpResponse:
    """Links of one use to those who have not confirmed."""
    evidence.record(record_id)
    try:
        asked = asking.ask_by_message(record_id=record_id)
    except asking.NobodyToAsk as refusal:
        messages.error(request, str(refusal))
    else:
        names = "、".join(asked.sent[:10])
        messages.success(request, f"已向 {len(asked.sent)} 人（{names}）发送一次性链接。")
        for row in asked.unreached[:10]:
            messages.warning(request, f"{row.name}：{row.why}。")
    return HttpResponseRedirect(reverse("records:record", args=[record_id]) + "#confirmations")
