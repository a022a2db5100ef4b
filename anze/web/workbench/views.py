"""工作台."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render

from anze.records.acting.context import current
from anze.records.acting.permissions import may
from anze.records.duties import queries as duties
from anze.records.people import queries as people
from anze.web.ui.company import of_company
from anze.web.workbench.urgency import buckets


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
    words = {
        "buckets": found,
        "nothing": not any(bucket.items for bucket in found),
        "coming": coming[:6],
        "next_by_requirement": {row.requirement: row for row in coming},
        "may_commit": may(scope.actor, "commit"),
        "today": scope.today,
    }
    return render(request, "workbench/home.html", words)
