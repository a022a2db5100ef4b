"""The list of obligations and its export, one obligation with its why, and waiving."""

from __future__ import annotations

from collections.abc import Iterator

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render

from anze.records.acting.context import current
from anze.records.acting.errors import NotFound
from anze.records.acting.permissions import may
from anze.records.duties import choices, choosing
from anze.records.duties import queries as duties
from anze.records.duties.layers import layers_of
from anze.records.duties.rows import ObligationRow, TermFinder
from anze.records.duties.tailoring import lawful
from anze.records.fleet import queries as fleet
from anze.records.lawbook import lawbook
from anze.records.people import queries as people
from anze.rules.catalogue.model import Position
from anze.web.obligations.detail import detail_of
from anze.web.obligations.events import events_of
from anze.web.obligations.filters import Filters, filters_of, months_offered, page_number
from anze.web.obligations.forms import WaiveForm
from anze.web.obligations.missing import missing_of
from anze.web.ui.attempt import attempted
from anze.web.ui.company import company_at_hand, company_url, of_company
from anze.web.ui.export import csv_response
from anze.web.ui.words import LAYERS, STATES, last_day

HEAD = (
    "岗位",
    "清单条目",
    "要求",
    "规则",
    "责任人",
    "对象",
    "期间起",
    "期限",
    "应办次数",
    "已办次数",
    "状态",
    "原因",
    "依据层级",
)


@of_company("see_own")
def index(request: HttpRequest) -> HttpResponse:
    positions, filters = _asked(request)
    page = duties.obligations(**filters.keywords, page=page_number(request.GET))
    words = {
        "company": company_at_hand(request),
        "page": page,
        "events": events_of(page.rows),
        "missing": missing_of(page.rows, company_at_hand(request).id),
        "filters": filters,
        "whose": _whose(filters),
        "positions": positions,
        "states": STATES,
        "layers": LAYERS,
        "months": months_offered(),
        "may_record": may(current().actor, "draft_record"),
        "list_id": "list",
    }
    return render(request, "obligations/index.html", words)


@of_company("see_own")
def export(request: HttpRequest) -> HttpResponseBase:
    _, filters = _asked(request)
    return csv_response("履职任务", HEAD, _cells(duties.all_obligations(**filters.keywords)))


@of_company("see_own")
def detail(request: HttpRequest, obligation_id: int) -> HttpResponse:
    row = duties.obligation(obligation_id)
    actor = current().actor
    words = {
        "company": company_at_hand(request),
        "row": row,
        "detail": detail_of(row),
        "event": events_of([row]).get(row.event_id or 0),
        "waivers": choices.waivers(company_id=row.company_id, requirement=row.requirement),
        "may_record": may(actor, "draft_record"),
        "layers": layers_of(
            row.company_id, row.requirement, row.starts, TermFinder([row.company_id]).ruling_of(row)
        ),
        "may_tailor": may(actor, "commit")
        and lawful(row.company_id, row.requirement, current().today) is not None,
        "may_commit": may(actor, "commit"),
        "may_waive": may(actor, "waive"),
    }
    return render(request, "obligations/detail.html", words)


@of_company("waive")
def waive(request: HttpRequest, obligation_id: int) -> HttpResponse:
    row = duties.obligation(obligation_id)
    initial = {"since": row.starts, "until": None}
    form = WaiveForm(request.POST or None, initial=initial, person_name=row.person_name)
    if request.method == "POST" and form.is_valid() and attempted(form, lambda: _waive(row, form)):
        messages.success(request, "已豁免，并记入操作日志。")
        return redirect(company_url(request, "obligation", obligation_id=obligation_id))
    words = {"form": form, "row": row, "company": company_at_hand(request)}
    return render(request, "obligations/waive.html", words, status=422 if form.errors else 200)


def _waive(row: ObligationRow, form: WaiveForm) -> None:
    given = form.cleaned_data
    choosing.waive(
        requirement=row.requirement,
        since=given["since"],
        until=given["until"],
        reason=given["reason"],
        person_id=row.person_id if given["whole_post"] == "person" else None,
    )


def _asked(request: HttpRequest) -> tuple[tuple[Position, ...], Filters]:
    """The posts to choose from, and the filters. Which rows are seen at all, the query decides."""
    company = company_at_hand(request)
    positions = lawbook().positions_of(company.trade)
    if not may(current().actor, "see_company"):
        own = people.my_positions()
        positions = tuple(p for p in positions if p.id in own)
    return positions, filters_of(request.GET, positions)


def _whose(filters: Filters) -> str:
    """The person and the vehicle that the list is narrowed to. Raises NotFound."""
    actor, names = current().actor, []
    if filters.person is not None:
        if filters.person != actor.person and not may(actor, "see_company"):
            raise NotFound("没有这个人员。")
        names.append(people.person(filters.person).name)
    if filters.vehicle is not None:
        names.append(fleet.vehicle(filters.vehicle).plate)
    return " · ".join(names)


def _cells(rows: Iterator[ObligationRow]) -> Iterator[tuple[object, ...]]:
    for row in rows:
        yield (
            row.position_name,
            row.line_id.rsplit(".", 1)[-1],
            row.text,
            row.rule,
            row.person_name,
            row.subject_name,
            row.starts,
            last_day(row.due) if row.due else "",
            row.needed,
            row.done,
            row.state_label,
            row.reason_text,
            row.layer_name,
        )
