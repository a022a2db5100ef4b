"""The company's yearly self-reports: which are asked for, which were handed in, and the next one drawn up."""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from anze.records.acting.context import current
from anze.records.acting.errors import NotFound, NotPermitted, Refused
from anze.records.acting.permissions import may
from anze.records.assessments import certificates, reporting
from anze.records.assessments import self_reports as records
from anze.rules.assessment.self_reports import Report
from anze.web.assessments.certificates import days_left, needs_notice, state_of
from anze.web.dossiers.words import grounds, may_register, register_url
from anze.web.ui.company import company_at_hand, company_url, of_company

STATES = {
    Report.HANDED_IN: ("met", "已提交"),
    Report.LATE: ("late", "逾期提交"),
    Report.OPEN: ("open", "待提交"),
    Report.MISSING: ("missed", "逾期未交"),
    Report.EXEMPT: ("exempt", "当年免交"),
    Report.UNASKED: ("none", "不要求"),
}


@require_safe
@of_company("see_company")
def index(request: HttpRequest) -> HttpResponse:
    company, actor = company_at_hand(request), current().actor
    term, own = certificates.term(), company.id == actor.company
    context = {
        "company": company,
        "rows": [(row, *STATES[row.standing.state]) for row in records.self_reports(company.id)],
        "term": term,
        "grounds": grounds(term.cite, term.verified) if term else "",
        "draws_up": own and may(actor, "conduct_assessment"),
        "blank": register_url(records.KIND) if may_register(company) else "",
    }
    return render(request, "assessments/self_reports.html", context)


@require_POST
@of_company("conduct_assessment")
def draft(request: HttpRequest, year: int) -> HttpResponse:
    """To the draft; a refusal is said on the list of years."""
    company = company_at_hand(request)
    if not 2000 <= year <= current().today.year:
        raise NotFound("没有这个年度。")
    try:
        with transaction.atomic():
            record = reporting.draft_report(company_id=company.id, year=year)
    except (NotFound, NotPermitted):
        raise
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(company_url(request, "self_reports"))
    messages.success(request, "年度自评报告草稿已生成，请核对、补充后由主要负责人提交。")
    return redirect(reverse("records:edit", kwargs={"record_id": record}))


@require_safe
@of_company("see_company")
def notice(request: HttpRequest) -> HttpResponse:
    """What other pages show of certificate and report, asked for once they are there; mostly nothing."""
    company = company_at_hand(request)
    newest = certificates.certificates(company.id).newest
    context = {
        "certificate": newest if newest and needs_notice(newest) else None,
        "state": state_of(newest),
        "left": days_left(newest) if newest else "",
        "owed": records.owed(company.id),
    }
    return render(request, "assessments/notice.html", context)
