"""法规变更: each application with its changes, newest first; one says that one has read it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from anze.records.acting.context import current
from anze.records.acting.permissions import may
from anze.records.duties import amending, amendments
from anze.records.duties.amendments import AmendmentRow, AppliedRow
from anze.records.signatures import queries as signatures
from anze.records.signatures.queries import HolderStanding
from anze.rules.duties.amendments import Effect
from anze.web.posts.lists import Clause, parse_clause
from anze.web.ui.company import company_at_hand, of_company

LOOKS = {
    "new": "open",
    "changed": "late",
    "abolished": "exempt",
    "corrected": "unset",
    "reworded": "upcoming",
}


@dataclass(frozen=True, slots=True)
class ChangeView:
    """One change as the page shows it."""

    row: AmendmentRow
    look: str
    holders: tuple[HolderStanding, ...]
    clauses: tuple[Clause, ...]
    effect: Effect | None


@dataclass(frozen=True, slots=True)
class PostView:
    """A post whose list changed: who must sign it again."""

    position: str
    name: str
    unsigned: tuple[HolderStanding, ...]
    mine: bool


@dataclass(frozen=True, slots=True)
class ApplicationView:
    id: int
    applied_at: datetime
    read_at: datetime | None
    vanished: str
    changes: tuple[ChangeView, ...]
    posts: tuple[PostView, ...]


@require_safe
@of_company("see_own")
def index(request: HttpRequest) -> HttpResponse:
    company = company_at_hand(request)
    whole = may(current().actor, "see_company")
    holders = _by_position(signatures.standings(company.id) if whole else signatures.mine())
    awaiting = amendments.awaiting(company.id) if whole else ()
    words = {
        "company": company,
        "whole": whole,
        "awaiting": [_change(row, holders, {}) for row in awaiting],
        "applications": [_application(row, holders) for row in amendments.applied(company.id)],
    }
    return render(request, "amendments/index.html", words)


@require_POST
@of_company("see_own")
def read(request: HttpRequest, application_id: int) -> HttpResponse:
    amending.acknowledge(application_id=application_id)
    messages.success(request, "已记下您阅读了这次变更。")
    return redirect("amendments:index")


Holders = Mapping[str, Sequence[HolderStanding]]


def _by_position(standings: Sequence[HolderStanding]) -> Holders:
    found: dict[str, list[HolderStanding]] = {}
    for standing in standings:
        found.setdefault(standing.position.id, []).append(standing)
    return found


def _application(applied: AppliedRow, holders: Holders) -> ApplicationView:
    posts = {row.position: row.position_name for row in applied.rows if row.position}
    return ApplicationView(
        id=applied.id,
        applied_at=applied.applied_at,
        read_at=applied.read_at,
        vanished=applied.vanished,
        changes=tuple(_change(row, holders, applied.effects) for row in applied.rows),
        posts=tuple(
            view for position, name in posts.items() if (view := _post(position, name, holders)).unsigned
        ),
    )


def _change(row: AmendmentRow, holders: Holders, effects: Mapping[str, Effect]) -> ChangeView:
    return ChangeView(
        row=row,
        look=LOOKS[row.sort],
        holders=tuple(holders.get(row.position, ())),
        clauses=tuple(parse_clause(cite) for cite in row.cites),
        effect=effects.get(row.requirement),
    )


def _post(position: str, name: str, holders: Holders) -> PostView:
    unsigned = tuple(standing for standing in holders.get(position, ()) if not standing.signed)
    person = current().actor.person
    return PostView(position, name, unsigned, any(one.person_id == person for one in unsigned))
