"""工作台."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render

from anze.records.acting.context import current
from anze.records.acting.permissions import may
from anze.records.assessments import quiz_queries
from anze.records.confirmations import queries as confirmations
from anze.records.duties import amendments
from anze.records.duties.workbench import workbench
from anze.records.evidence import item_queries as items
from anze.records.handovers import queries as handovers
from anze.records.people import queries as people
from anze.records.signatures import queries as signatures
from anze.web.items.settling import forms_for
from anze.web.obligations.events import events_of
from anze.web.ui.company import company_at_hand, of_company
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
    desk = workbench(person_id=person, positions=positions)
    found = buckets(desk.owed, scope.today)
    about_me = [] if may(scope.actor, "see_company") else desk.about
    unsigned = [row for row in signatures.mine() if not row.signed] if positions else []
    company = scope.actor.company
    amended = amendments.unread(company, positions) if positions and company is not None else []
    sheets = handovers.waiting_for_me()
    to_confirm = confirmations.mine()
    own_items = [(row, forms_for(row)) for row in items.mine()]
    quizzes = quiz_queries.waiting_for_me()
    words = {
        "own_items": own_items,
        "to_confirm": to_confirm,
        "quizzes": quizzes,
        "company": company_at_hand(request),
        "sheets": sheets,
        "buckets": found,
        "amended": amended,
        "unsigned": unsigned,
        "events": events_of(item.group.row for bucket in found for item in bucket.items),
        "about_me": folded(about_me),
        "nothing": not (
            unsigned
            or sheets
            or about_me
            or own_items
            or to_confirm
            or quizzes
            or any(bucket.items for bucket in found)
        ),
        "coming": desk.coming[:6],
        "next_by_requirement": {row.requirement: row for row in desk.coming},
        "holds_post": bool(positions),
        "may_record": may(scope.actor, "draft_record"),
        "drives": "driver" in scope.actor.roles,
        "may_commit": may(scope.actor, "commit"),
        "sees_company": may(scope.actor, "see_company"),
        "today": scope.today,
    }
    return render(request, "workbench/home.html", words)
