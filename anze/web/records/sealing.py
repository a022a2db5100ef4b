"""Review before sealing, sealing itself, voiding with a reason, and the draft of a revision."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from anze.records.acting.context import current
from anze.records.acting.errors import NotFound
from anze.records.duties import actions as duties
from anze.records.duties.proofs import would_prove
from anze.records.evidence import actions as evidence
from anze.records.evidence import queries
from anze.records.evidence.drafts import AlreadySealed, InvalidDraft
from anze.records.evidence.item_queries import ItemRow, settleable
from anze.records.evidence.tables import settlements_in
from anze.records.people.permissions import may, require
from anze.rules.catalogue.model import FOLLOW_UP
from anze.web.records.entry import mark_of
from anze.web.records.kinds import author_seals, kind_or_none
from anze.web.records.views import facts
from anze.web.ui.attempt import attempted

CHANGED = "这份草稿在您核对之后又被修改过，没有封存。下面是最新内容，请重新核对。"


@require_http_methods(["GET", "HEAD", "POST"])
def seal(request: HttpRequest, record_id: int) -> HttpResponse:
    _require_seal(record_id)
    if request.method == "POST":
        evidence.lock_record(record_id=record_id)
    detail = queries.record(record_id)
    if detail.status != "draft":
        return _sealed_already(request, detail)
    if request.method != "POST":
        return _review(request, detail)
    if request.POST.get("mark") != mark_of(detail):
        return _review(request, detail, CHANGED, status=409)
    try:
        duties.seal_records(record_ids=[record_id])
    except AlreadySealed as refusal:
        return _review(request, detail, str(refusal), status=409)
    except InvalidDraft as refusal:
        return _review(request, detail, str(refusal), status=422)
    return HttpResponseRedirect(reverse("records:record", args=[record_id]) + "?sealed=1")


def _require_seal(record_id: int) -> None:
    """The right to seal, or one's own record of a kind that its author seals."""
    if may(current().actor, "seal_record"):
        return
    try:
        own = author_seals(queries.record(record_id))
    except NotFound:
        own = False
    if not own:
        require("seal_record")


def _sealed_already(request: HttpRequest, detail: queries.RecordDetail) -> HttpResponse:
    if request.method == "POST":
        sentence = f"这份记录已经封存，编号 {detail.number}；不会重复封存。"
        return _review(request, detail, sentence, status=409)
    return HttpResponseRedirect(reverse("records:record", args=[detail.id]))


def _review(
    request: HttpRequest, detail: queries.RecordDetail, problem: str = "", *, status: int = 200
) -> HttpResponse:
    found = would_prove(detail) if detail.status == "draft" else []
    context = facts(detail) | {
        "mark": mark_of(detail),
        "problem": problem,
        "proving": [outlook for outlook in found if outlook.proves],
        "falling_short": [outlook for outlook in found if not outlook.proves],
        "unfollowed": _unfollowed(detail),
    }
    return render(request, "records/review.html", context, status=status)


def _unfollowed(detail: queries.RecordDetail) -> list[ItemRow]:
    """What a meeting should have followed up of earlier ones, and says nothing of (seed 001 二.1)."""
    kind = kind_or_none(detail.kind)
    if kind is None or kind.id not in kind.settles or detail.status != "draft":
        return []
    said = {(row.record, row.field, row.key) for row in settlements_in(detail.values.get(FOLLOW_UP.id, ""))}
    waiting = settleable(kind.id, record_id=detail.id)
    return [row for row in waiting if (row.origin, row.field, row.key) not in said]


class VoidForm(forms.Form):
    reason = forms.CharField(
        label="作废原因",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "请填写作废原因。", "max_length": "作废原因最多 500 字。"},
    )


@require_http_methods(["GET", "HEAD", "POST"])
def void(request: HttpRequest, record_id: int) -> HttpResponse:
    require("void_record")
    detail = queries.record(record_id)
    form = VoidForm(request.POST if request.method == "POST" else None, label_suffix="")
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        if attempted(form, lambda: duties.void_records(record_ids=[record_id], reason=reason)):
            messages.success(request, f"{detail.number} 已作废，由它证明的任务已重新判定。")
            return HttpResponseRedirect(reverse("records:record", args=[record_id]))
    status = 422 if form.errors else 200
    return render(request, "records/void.html", facts(detail) | {"form": form}, status=status)


@require_POST
def revise(request: HttpRequest, record_id: int) -> HttpResponse:
    draft = evidence.revise_record(record_id=record_id)
    messages.success(request, "已建立修订稿；封存后，原记录标为“已修订”，两份都保留。")
    return HttpResponseRedirect(reverse("records:edit", args=[draft]))
