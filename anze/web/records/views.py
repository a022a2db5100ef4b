"""The page of one record, its print, and its files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from anze.records.acting.context import current
from anze.records.confirmations import queries as confirmations
from anze.records.demands import queries as demands
from anze.records.duties import named
from anze.records.duties import queries as duties
from anze.records.duties.proofs import Outlook, would_prove
from anze.records.duties.rows import ObligationRow
from anze.records.evidence import catching_up, papers
from anze.records.evidence import item_queries as items
from anze.records.evidence import queries as evidence
from anze.records.imports import queries as imports
from anze.records.people.permissions import may
from anze.records.tenants import queries as tenants
from anze.rules.duties import WORST_FIRST, State
from anze.web.records.kinds import author_seals, kind_or_none
from anze.web.records.ledger import backfilled
from anze.web.records.roster import SUBJECT_NAMES
from anze.web.records.sheet import hours_in_words

SHOWN_INLINE = frozenset({"image/jpeg", "image/png", "image/webp"})
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Proved:
    """A demand of one period that the record counts for, with all the drivers or vehicles under it."""

    row: ObligationRow  # the only one, or the worst of many
    url: str  # the page that says why, or the list of all
    subjects: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Attendee:
    """`note`: what sets this person apart: absent, excused, or hours of their own."""

    name: str
    note: str
    away: bool
    picture: int | None = None  # of the name written at the session


@dataclass(frozen=True, slots=True)
class RoleGroup:
    role: str
    people: tuple[Attendee, ...]
    away: int


@require_safe
def record(request: HttpRequest, record_id: int) -> HttpResponse:
    detail = named.record(record_id)
    actor = current().actor
    sealed = detail.status == "sealed"
    own = actor.company == detail.company_id
    proved = _proved(detail) if sealed else []
    near = _near(detail, {item.row.requirement for item in proved}) if sealed else []
    whole = own and (may(actor, "see_company") or detail.mine)
    away = any(part.attendance != "attended" for part in detail.parts)
    missing = catching_up.catch_up_of(detail.id) if sealed and own and away else []
    context = (
        facts(detail)
        | _confirming(detail)
        | {
            "just_sealed": sealed and "sealed" in request.GET,
            "proved": proved,
            "near": near,
            "catch_up": missing,
            "stamped": papers.stamped_copies(detail.id) if detail.number else [],
            "catch_up_left": sum(row.by is None for row in missing) if whole else 0,
            "may_edit": whole and detail.status == "draft" and may(actor, "draft_record"),
            "may_seal": whole
            and detail.status == "draft"
            and (may(actor, "seal_record") or author_seals(detail)),
            "may_copy": own and sealed and may(actor, "draft_record") and kind_or_none(detail.kind),
            "may_revise": whole and sealed and not detail.revised_by and may(actor, "draft_record"),
            "may_void": own and sealed and may(actor, "void_record"),
        }
    )
    return render(request, "records/record.html", context)


def _confirming(detail: evidence.RecordDetail) -> dict[str, Any]:
    """Who has confirmed it, who has not, and whether the reader is asked."""
    rows = confirmations.confirmations_of(detail.id) if detail.status == "sealed" else []
    me, actor = current().actor.person, current().actor
    waiting = [row for row in rows if row.confirmed_at is None]
    return {
        "confirmations": rows,
        "waiting": waiting,
        "given": [row for row in rows if row.confirmed_at is not None],
        "to_confirm": next((row for row in waiting if row.person_id == me), None),
        "may_ask": actor.company == detail.company_id and may(actor, "set_reminders"),
    }


def _proved(detail: evidence.RecordDetail) -> list[Proved]:
    found: dict[tuple[str, date, int | None], list[ObligationRow]] = {}
    for row in duties.proved_by(detail.id, company_id=detail.company_id):
        found.setdefault((row.requirement, row.starts, row.person_id), []).append(row)
    return [_group(rows) for rows in found.values()]


def _group(rows: Sequence[ObligationRow]) -> Proved:
    worst = min(rows, key=lambda row: WORST_FIRST.index(State(row.state)))
    subjects = tuple(row.subject_name for row in rows if row.subject_id is not None)
    if len(rows) == 1:
        return Proved(worst, _company_page(worst, "obligation", obligation_id=worst.id), subjects)
    query = urlencode({"requirement": worst.requirement, "starts": worst.starts.isoformat()})
    return Proved(worst, f"{_company_page(worst, 'obligations')}?{query}", subjects)


def _company_page(row: ObligationRow, name: str, **words: int) -> str:
    """An officer reads the company's pages under the bureau's address."""
    if current().actor.authority is not None:
        return reverse(f"bureau:{name}", kwargs={"company_id": row.company_id, **words})
    return reverse(f"own:{name}", kwargs=words)


def _near(detail: evidence.RecordDetail, proved: set[str]) -> list[Outlook]:
    """What takes this kind of record, but not this record."""
    found = would_prove(detail)
    return [outlook for outlook in found if not outlook.proves and outlook.requirement not in proved]


def facts(detail: evidence.RecordDetail) -> dict[str, Any]:
    """What every page about one record shows."""
    kind = kind_or_none(detail.kind)
    return {
        "detail": detail,
        "kind": kind,
        "officer": current().actor.authority is not None,
        "attested": _attested(detail.attests),
        "company": tenants.company(detail.company_id),
        "takes_attendance": kind is not None and kind.attendance,
        "hours": hours_in_words(detail.hours),
        "printed_hours": any(row.id == "hours" for row in detail.fields),
        "people": _by_role(detail),
        "last_valid_day": detail.valid_until - ONE_DAY if detail.valid_until else None,
        "subjects": [(SUBJECT_NAMES.get(s.type, s.type), s.name) for s in detail.subjects],
        "pictures": [a for a in detail.attachments if a.media_type in SHOWN_INLINE],
        "papers": [a for a in detail.attachments if a.media_type not in SHOWN_INLINE],
        "backfilled": backfilled(detail),
        "origin": imports.origin(detail.id, kind=detail.kind) if detail.number else None,
        "items": items.items_of(detail.id) if detail.status == "sealed" else [],
        "successor": next((row for row in detail.history if row.id == detail.revised_by), None),
    }


def _attested(requirement_id: str | None) -> str:
    try:
        return demands.requirement(requirement_id).text if requirement_id else ""
    except (KeyError, ValueError):
        return requirement_id or ""


def _by_role(detail: evidence.RecordDetail) -> list[RoleGroup]:
    groups: dict[str, list[Attendee]] = {}
    pictures = {file.sha256: file.id for file in detail.signatures}
    for part in detail.parts:
        away = part.attendance != "attended"
        hours = part.attendance_label if away else hours_in_words(part.hours)
        note = "，".join(filter(None, (hours, part.result_label)))
        groups.setdefault(part.role_label, []).append(
            Attendee(part.person_name, note, away, pictures.get(part.signature))
        )
    return [RoleGroup(role, tuple(people), sum(p.away for p in people)) for role, people in groups.items()]


@require_safe
def attachment(request: HttpRequest, record_id: int, attachment_id: int) -> HttpResponseBase:
    """Pictures are shown, all else is handed over as a file; neither can run anything in our origin."""
    row, path = named.open_attachment(record_id, attachment_id)
    inline = row.media_type in SHOWN_INLINE and "download" not in request.GET
    response = FileResponse(path.open("rb"), as_attachment=not inline, filename=row.name)
    response.headers["Content-Type"] = row.media_type
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Cache-Control"] = "private, max-age=3600"
    return response
