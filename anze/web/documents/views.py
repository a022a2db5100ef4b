"""The register of documents: valid versions, or all of them."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from anze.records.acting.context import current
from anze.records.acting.permissions import may
from anze.records.evidence import documents
from anze.web.ui.company import company_at_hand, of_company

LOOKS = {"valid": "met", "upcoming": "open", "superseded": "upcoming", "abolished": "waived"}


@require_safe
@of_company("see_company")
def index(request: HttpRequest) -> HttpResponse:
    categories = documents.categories()
    asked = request.GET.get("category", "")
    category, with_old = asked if asked in categories else "", "all" in request.GET
    company = company_at_hand(request)
    rows = documents.versions(company.id, category=category, with_old=with_old)
    words = {
        "company": company,
        "rows": [(row, LOOKS[row.state]) for row in rows],
        "categories": categories,
        "category": category,
        "with_old": with_old,
        "due": sum(row.review_due for row in rows),
        "may_record": may(current().actor, "draft_record"),
        "form": "/records/new/?kind=document.register",
    }
    return render(request, "documents/index.html", words)
