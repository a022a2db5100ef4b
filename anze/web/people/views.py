"""人员: the list, and everything about one person."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from anze.records.acting.context import current
from anze.records.duties.leaving import open_by_holding
from anze.records.duties.workbench import workbench
from anze.records.handovers import queries as handovers
from anze.records.lawbook import lawbook
from anze.records.people import directory
from anze.records.people.remits import superior_of
from anze.records.signatures import queries as signatures
from anze.rules.signatures import SignatureState
from anze.web.obligations.filters import page_number
from anze.web.people.forms import units_of
from anze.web.ui.company import company_at_hand, of_company

SERVICE = {"": "在职", "away": "请假或停岗", "left": "已离职", "all": "全部"}
SIGNED = {
    SignatureState.SIGNED: ("met", "清单已签署"),
    SignatureState.AGAIN: ("open", "清单须重新签署"),
    SignatureState.UNSIGNED: ("open", "清单未签署"),
}
OWED_SHOWN = 8


@of_company("manage_people")
def index(request: HttpRequest) -> HttpResponse:
    company = company_at_hand(request)
    units = units_of(company, none="全部机构")
    positions = lawbook().positions_of(company.trade)
    text = request.GET.get("q", "").strip()[:60]
    unit = _one_of(request.GET.get("unit", ""), [key for key, _ in units])
    position = _one_of(request.GET.get("position", ""), [p.id for p in positions])
    service = _one_of(request.GET.get("service", ""), list(SERVICE))
    page = directory.people_page(
        company_id=company.id,
        text=text,
        unit_id=int(unit) if unit else None,
        position=position or None,
        service=service,
        page=page_number(request.GET),
    )
    words = {
        "company": company,
        "page": page,
        "text": text,
        "units": units,
        "unit": unit,
        "positions": positions,
        "position": position,
        "services": SERVICE,
        "service": service,
        "filtered": bool(text or unit or position or service),
        "vacant": signatures.coverage(company.id).vacant,
        "pending": handovers.pending(company.id),
        "query": request.GET.urlencode(),
        "list_id": "list",
    }
    return render(request, "people/index.html", words)


@of_company("manage_people")
def person(request: HttpRequest, person_id: int) -> HttpResponse:
    found = directory.person_file(person_id)
    today = current().today
    held = [post for post in found.posts if post.holding.until is None or post.holding.until > today]
    owed = workbench(person_id=person_id, positions=[p.holding.position for p in held]).owed
    signed = {row.holding_id: row for row in signatures.standings_of(person_id)}
    away = next((row for row in found.leaves if row.since <= today and not _over(row.until)), None)
    words = {
        "file": found,
        "person": found.person,
        "held": held,
        "past": [post for post in found.posts if post not in held],
        "signed": {key: SIGNED[row.state] for key, row in signed.items()},
        "open": open_by_holding([post.holding.id for post in held]),
        "owed": owed[:OWED_SHOWN],
        "owed_more": max(0, len(owed) - OWED_SHOWN),
        "away": away,
        "uncovered": [p for p in held if away and not _covered(p)],
        "sheets": {row.holding_id: row for row in handovers.handovers_of(person_id)},
        "superior": superior_of(found.person, today) if found.employed else None,
        "today": today,
        "month": f"{today:%Y-%m}",
    }
    return render(request, "people/person.html", words)


def _over(until: object) -> bool:
    return until is not None and until <= current().today  # type: ignore[operator]  # a day


def _covered(post: directory.HeldPost) -> bool:
    today = current().today
    return any(c.since <= today and (c.until is None or c.until > today) for c in post.covers)


def _one_of(text: str, known: list[str]) -> str:
    return text if text in known else ""
