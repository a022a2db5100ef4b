"""The company's certificates of a grade: which one holds, until when, and what became of it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from anze.records.acting.context import current
from anze.records.assessments import certificates as records
from anze.rules.assessment.certificates import Validity
from anze.web.dossiers.words import grounds, may_register, register_url
from anze.web.ui.company import company_at_hand, of_company

STATES = {
    Validity.VALID: ("met", "有效"),
    Validity.SOON: ("open", "将到期"),
    Validity.OVER: ("missed", "已过期"),
    Validity.SUSPENDED: ("missed", "已暂停"),
    Validity.WITHDRAWN: ("missed", "已撤销"),
    Validity.REPLACED: ("none", "已换证"),
}
NONE = ("none", "没有登记")


@require_safe
@of_company("see_own")
def certificates(request: HttpRequest) -> HttpResponse:
    company = company_at_hand(request)
    found, term = records.certificates(company.id), records.term()
    registers = may_register(company)
    context = {
        "company": company,
        "found": found,
        "rows": [(row, *state_of(row), days_left(row)) for row in found.rows],
        "term": term,
        "years": term.months // 12 if term else None,
        "grounds": grounds(term.cite, term.verified) if term else "",
        "register": register_url(records.KIND) if registers else "",
        "change": register_url(records.CHANGE) if registers else "",
    }
    return render(request, "assessments/certificates.html", context)


def state_of(row: records.CertificateRow | None) -> tuple[str, str]:
    """The look of how it stands, and its words."""
    return NONE if row is None else STATES[row.standing.state]


def needs_notice(row: records.CertificateRow) -> bool:
    return row.standing.state not in (Validity.VALID, Validity.REPLACED)


def days_left(row: records.CertificateRow) -> str:
    """还有 84 天 · 已过期 3 天; nothing of what does not hold by itself."""
    if row.standing.state not in (*records.GOOD, Validity.OVER):
        return ""
    days = (row.last - current().today).days
    if days < 0:
        return f"已过期 {-days} 天"
    return f"还有 {days} 天" if days else "今天到期"
