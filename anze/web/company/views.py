"""Post × month at a glance, for one's own company or for the one that an officer opened."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from anze.records.acting.context import current
from anze.records.acting.permissions import may
from anze.records.dossiers.credit import credit_years
from anze.records.duties import overview
from anze.records.handovers import queries as handovers
from anze.records.signatures import queries as signatures
from anze.web.posts.holders import holders_today
from anze.web.ui.company import company_at_hand, of_company
from anze.web.ui.words import WORST_FIRST


@of_company("see_company")
def matrix(request: HttpRequest) -> HttpResponse:
    scope = current()
    company = company_at_hand(request)
    found = overview.matrix(company_id=company.id, months=12)
    holders = holders_today()
    words = {
        "company": company,
        "at_company": True,
        "matrix": found,
        "lagging": overview.lagging(company_id=company.id),
        "holders": holders,
        "vacant": [row.position for row in found.rows if row.position.id not in holders],
        "counts": overview.ranking()[0],
        "pending": handovers.pending(company.id),
        "may_manage": may(scope.actor, "manage_people"),
        "credit": credit_years(company.id),
        "signed": signatures.signed_shares([company.id]).get(company.id),
        "this_month": scope.today.replace(day=1),
        "judged_from_month": company.judged_from.replace(day=1),
        "legend": [state for state in WORST_FIRST if state != "exempt"],
    }
    return render(request, "company/matrix.html", words)
