"""工作台."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render

from anze.records.acting.context import current
from anze.records.acting.paging import LARGEST_PAGE
from anze.records.acting.permissions import may
from anze.records.duties import amendments
from anze.records.duties import queries as duties
from anze.records.people import queries as people
from anze.records.signatures import queries as signatures
from anze.web.obligations.events import events_of
from anze.web.ui.company import of_company
from anze.web.workbench.urgency import buckets, folded


def home(request: HttpRequest) -> HttpResponseBase:
    actor = current().actor
    if actor.authority is not None:
        return redirect("bureau:ranking")
    if actor.company is None:
        return render(request, "workbench/administrator.html")
    return owed(request)


@of_company("see_own")
def owed(request: HttpRequest) -> HttpResponse:
    scope = current()
    person, positions = scope.actor.person, people.my_positions()
    found = buckets(duties.owed(person_id=person, positions=positions), scope.today)
    coming = duties.upcoming(person_id=person, positions=positions, limit=200)
    about_me = [] if may(scope.actor, "see_company") else _about(person)
    unsigned = [row for row in signatures.mine() if not row.signed] if positions else []
    company = scope.actor.company
    amended = amendments.unread(company, positions) if positions and company is not None else []
    words = {
        "buckets": found,
        "amended": amended,
        "unsigned": unsigned,
        "events": events_of(item.group.row for bucket in found for item in bucket.items),
        "about_me": folded(about_me),
        "nothing": not unsigned and not about_me and not any(bucket.items for bucket in found),
        "coming": coming[:6],
        "next_by_requirement": {row.requirement: row for row in coming},
        "holds_post": bool(positions),
        "may_record": may(scope.actor, "draft_record"),
        "may_commit": may(scope.actor, "commit"),
        "today": scope.today,
    }
    return render(request, "workbench/home.html", words)


def _about(person: int | None) -> list[duties.Group]:
    """What others must see to for this person: a driver's monthly study, an employee's check-up."""
    rows = duties.obligations(states=("open", "missed"), size=LARGEST_PAGE).rows
    return [
        duties.Group(row, 1, 0, row.state) for row in rows if person is not None and row.subject_id == person
    ]
