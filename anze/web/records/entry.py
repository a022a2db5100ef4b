"""Entering a record: choose its kind, fill in the form, keep it as a draft, go on to sealing."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from django.contrib import messages
from django.forms import Widget
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from anze.records.acting.context import current
from anze.records.acting.errors import NotPermitted, Refused
from anze.records.evidence import actions as evidence
from anze.records.evidence import copying, queries
from anze.records.evidence.copying import Likeness
from anze.records.evidence.drafts import AlreadySealed, InvalidDraft
from anze.records.people.permissions import may, require
from anze.rules.catalogue.model import FOLLOW_UP, EvidenceKind, Role
from anze.rules.importing.batches import batchable
from anze.rules.results import plain
from anze.web.records import alike, roster
from anze.web.records.demands import Demand, demand_for, first_values, needs_in_words, roles_of, usual_role
from anze.web.records.forms import MakingUp, RecordForm
from anze.web.records.kinds import attestable, grouped, kind_or_none, uses
from anze.web.records.prefill import filled_in
from anze.web.records.roster import SUBJECT_NAMES

CHANGED = "这份草稿刚在另一个窗口或由他人修改过。您填写的内容还在下面；核对后再次保存，将以此处的内容为准。"
SEALED = "这份记录已封存，不能再修改；需要更正请在记录页“修订”。您填写的内容还在下面。"

MANY = frozenset({Role.PARTICIPANT.value, Role.SUBJECT.value})  # roles that all drivers can have at once


@require_safe
def kinds(request: HttpRequest) -> HttpResponse:
    """Which kind of record; from a duty that several kinds prove, only those."""
    require("draft_record")
    demand = _demand(request)
    return _pick_kind(request, demand)


def _pick_kind(request: HttpRequest, demand: Demand | None, unknown: str = "") -> HttpResponse:
    groups = grouped(demand.kinds if demand and demand.kinds else None)
    company = current().actor.company
    known = {} if company is None else uses(company)
    context = {"groups": groups, "demand": demand, "unknown": unknown, "uses": known}
    return render(request, "records/kinds.html", context, status=404 if unknown else 200)


def _demand(request: HttpRequest) -> Demand | None:
    text = request.GET.get("obligation", "")
    if not text:
        return None
    if not text.isdecimal() or len(text) > 18:
        raise Http404("没有这项任务。")
    return demand_for(int(text))


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    require("draft_record")
    demand = _demand(request)
    asked = request.GET.get("kind", "")
    if not asked and demand and len(demand.kinds) == 1:
        asked = demand.kinds[0].id
    kind = kind_or_none(asked)
    if kind is None:
        return _pick_kind(request, demand, unknown=asked)
    making_up = demand.making_up if demand else None
    sheet = Sheet(request, kind, demand=demand, making_up=making_up, like=alike.like_of(request, kind))
    return sheet.save() if request.method == "POST" else sheet.show()


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, record_id: int) -> HttpResponse:
    if request.method == "POST":
        evidence.lock_record(record_id=record_id)
    detail = queries.record(record_id)
    kind = kind_or_none(detail.kind)
    if kind is None:
        raise Refused(f"目录中已没有“{detail.kind}”这一种类，草稿不能再编辑。")
    require("draft_record")
    if not (detail.mine or may(current().actor, "see_company")):
        raise NotPermitted("只能处理本人填写的记录。")
    making_up = MakingUp(detail.makes_up, f"自 {detail.makes_up} 起的一期") if detail.makes_up else None
    demand = _demand(request)
    if demand and demand.making_up:
        making_up = demand.making_up
    sheet = Sheet(request, kind, demand=demand, making_up=making_up, detail=detail)
    if detail.status != "draft":
        if request.method == "POST":
            return sheet.refuse(SEALED, status=409)
        messages.info(request, "这份记录已封存，不能再编辑；需要更正请使用“修订”。")
        return HttpResponseRedirect(reverse("records:record", args=[record_id]))
    return sheet.save() if request.method == "POST" else sheet.show()


@require_POST
def discard(request: HttpRequest, record_id: int) -> HttpResponse:
    try:
        evidence.discard_drafts(record_ids=[record_id])
    except AlreadySealed as refusal:
        messages.error(request, str(refusal))
        return HttpResponseRedirect(reverse("records:record", args=[record_id]))
    messages.success(request, "草稿已删除。")
    return HttpResponseRedirect(reverse("records:ledger"))


def mark_of(detail: queries.RecordDetail) -> str:
    """Of what a page showed: tells whether a draft has changed since."""
    attachments = [attachment.id for attachment in detail.attachments]
    shown = (detail.status, detail.title, detail.happened_at, detail.ended_at, detail.hours, detail.about)
    rest = (sorted(detail.values.items()), detail.parts, detail.subjects, detail.makes_up, attachments)
    return sha256(repr((*shown, *rest)).encode()).hexdigest()[:16]


@dataclass
class Sheet:
    """The entry form of one request: a new record, or a draft being edited."""

    request: HttpRequest
    kind: EvidenceKind
    demand: Demand | None = None
    making_up: MakingUp | None = None
    detail: queries.RecordDetail | None = None
    like: Likeness | None = None  # the earlier record that it begins with

    def show(self) -> HttpResponse:
        initial = _values_of(self.detail) if self.detail else self._first()
        return self._page(self._form(initial=initial), status=200)

    def _first(self) -> dict[str, Any]:
        first = filled_in(self.request, self.kind, first_values(self.kind, self.demand))
        return alike.begun_with(self.like, first) if self.like else first

    def save(self) -> HttpResponse:
        sealing = self.request.POST.get("then") == "seal"
        form = self._form(data=self.request.POST, sealing=sealing)
        if not form.is_valid():
            return self._page(form, status=422)
        if self.detail and self.request.POST.get("mark", "") not in ("", mark_of(self.detail)):
            return self.refuse(CHANGED, status=409)
        try:
            record_id = self._store(form)
        except InvalidDraft as refusal:
            form.take(refusal.errors)
            return self._page(form, status=422)
        except AlreadySealed as refusal:
            return self.refuse(str(refusal), status=409)
        refused, status = self._change_files(record_id)
        if refused:
            return self.refuse("".join(refused), status=status)
        return self._go_on(record_id, sealing)

    def refuse(self, sentence: str, *, status: int) -> HttpResponse:
        """Nothing is stored, nothing typed is lost; the page holds the mark that the next attempt needs."""
        form = self._form(data=self.request.POST)
        form.is_valid()
        form.add_error(None, sentence)
        return self._page(form, status=status)

    def _store(self, form: RecordForm) -> int:
        if self.detail is None:
            return evidence.draft_record(draft=form.draft())
        evidence.edit_draft(record_id=self.detail.id, draft=form.draft())
        return self.detail.id

    def _change_files(self, record_id: int) -> tuple[list[str], int]:
        """What was refused and the status that says so; the caller then keeps nothing of the attempt."""
        attachments = self.detail.attachments if self.detail else ()
        known = {str(attachment.id): attachment.id for attachment in attachments}
        for text in set(self.request.POST.getlist("detach")) & known.keys():
            evidence.detach_file(attachment_id=known[text])
        refused, status = [], 422
        for upload in self.request.FILES.getlist("files"):
            if (upload.size or 0) > evidence.LARGEST:
                refused.append(f"“{upload.name}”超过 {evidence.LARGEST >> 20} MB，请压缩或拆分后再上传。")
                status = 413
                continue
            try:
                evidence.attach_file(record_id=record_id, name=upload.name or "附件", chunks=upload.chunks())
            except evidence.InvalidAttachment as refusal:
                refused.append(str(refusal))
        return refused, status

    def _go_on(self, record_id: int, sealing: bool) -> HttpResponse:
        name = "records:seal" if sealing else "records:record"
        if not sealing:
            messages.success(self.request, "草稿已保存。")
        url = reverse(name, args=[record_id])
        if getattr(self.request, "htmx", False):
            return HttpResponseClientRedirect(url)
        return HttpResponseRedirect(url)

    def _form(self, *, sealing: bool = False, **source: Any) -> RecordForm:
        events = roster.events_for(self.kind, self.detail)
        kept = len(self.detail.attachments) - len(self.request.POST.getlist("detach")) if self.detail else 0
        files = kept + len(self.request.FILES.getlist("files"))
        return RecordForm(
            self.kind,
            events=events,
            attestable=attestable(self.kind.id),
            making_up=self.making_up,
            sealing=sealing,
            files=files,
            tables=self._tables(),
            **source,
        )

    def _tables(self) -> dict[str, Widget]:
        """The controls of fields with several rows."""
        kept = self.detail.values.get(FOLLOW_UP.id, "") if self.detail else ""
        return roster.tables(self.kind, self.detail.id if self.detail else None, kept)

    @property
    def action(self) -> str:
        base = reverse("records:edit", args=[self.detail.id]) if self.detail else reverse("records:new")
        query = []
        if not self.detail:
            query.append(f"kind={self.kind.id}")
        if self.demand:
            query.append(f"obligation={self.demand.row.id}")
        if self.like:
            query.append(f"{alike.LIKE}={self.like.like.id}")
        return base + ("?" + "&".join(query) if query else "")

    def _needs(self, form: RecordForm) -> tuple[str, ...]:
        events = len(form.fields["about"].choices) > 1  # type: ignore[attr-defined]  # the form's own choice field
        return needs_in_words(self.kind, self.demand, events=events) if self.demand else ()

    def _page(self, form: RecordForm, *, status: int) -> HttpResponse:
        listed, many = roster.roster(self.kind, self.detail), usual_role(self.kind) in MANY
        context = {
            "form": form,
            "kind": self.kind,
            "demand": self.demand,
            "making_up": self.making_up,
            "like": self.like,
            "attended_before": alike.attended_before(self.like),
            "latest": copying.latest(self.kind) if not (self.detail or self.like) else None,
            "detail": self.detail,
            "mark": mark_of(self.detail) if self.detail else "",
            "action": self.action,
            "needs": self._needs(form),
            "saved": self.detail.id if self.detail and status == 409 else None,
            "detached": set(self.request.POST.getlist("detach")),
            "roster": listed,
            "people_units": roster.units_in(listed, "people") if many else (),
            "subject_units": roster.units_in(listed, "subjects"),
            "roles": roles_of(self.kind),
            "lists_subjects": "和".join(
                name for subject, name in SUBJECT_NAMES.items() if subject in self.kind.subjects
            ),
            "form_settings": {"usualRole": usual_role(self.kind), "largest": evidence.LARGEST},
            "adds_many": many,
            "may_seal": self.kind.author_seals or may(current().actor, "seal_record"),
            "may_batch": may(current().actor, "seal_record") and batchable(self.kind),
            "largest_mb": evidence.LARGEST >> 20,
        }
        partial = getattr(self.request, "htmx", False) and self.request.method == "POST"
        template = "records/form.html" if partial else "records/entry.html"
        return render(self.request, template, context, status=status)


def _values_of(detail: queries.RecordDetail) -> dict[str, Any]:
    values: dict[str, Any] = {f"v_{name}": value for name, value in detail.values.items()}
    return values | {
        "title": detail.title,
        "happened_at": detail.happened_at,
        "ended_at": detail.ended_at,
        "hours": detail.hours,
        "about": str(detail.about.id) if detail.about else "",
        "attests": detail.attests or "",
        "made": "now" if detail.makes_up else "then",
        "parts": [
            {
                "person": part.person_id,
                "name": part.person_name,
                "role": part.role,
                "attendance": part.attendance,
                "hours": "" if part.hours is None else f"{part.hours:g}",
                "score": plain(part.score),
                "result": part.result,
            }
            for part in detail.parts
        ],
        "subjects": [{"type": s.type, "id": s.id, "name": s.name} for s in detail.subjects],
    }
