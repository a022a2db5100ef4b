"""The samples of an assessment: drawn with list, seed and digest that anybody can check."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from anze.records.acting.context import current
from anze.records.acting.permissions import may
from anze.records.assessments import queries, sample_queries
from anze.web.ui.company import company_at_hand, of_company


@require_safe
@of_company("see_own")
def samples(request: HttpRequest, assessment_id: int) -> HttpResponse:
    company, actor = company_at_hand(request), current().actor
    row = queries.assessment(assessment_id)
    conducts = may(actor, "conduct_assessment") or actor.person == row.lead_id
    leads = conducts and actor.person != row.reviewer_id
    context = {
        "company": company,
        "row": row,
        "samples": sample_queries.samples(assessment_id),
        "draws": leads and company.id == actor.company and row.status == "running",
    }
    return render(request, "assessments/samples.html", context)
