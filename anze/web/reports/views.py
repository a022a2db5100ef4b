"""Choosing a report; the report as a page, as Word and as PDF."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render

from anze.records.acting.context import current
from anze.records.acting.errors import NotFound
from anze.records.acting.permissions import may
from anze.records.duties.reports import MonthReport, month_report, people_to_report
from anze.rules.periods import add_months
from anze.web.reports.pdf import pdf_of
from anze.web.reports.sheet import sheet_of
from anze.web.reports.word import word_of
from anze.web.ui.company import company_at_hand, company_url, of_company
from anze.web.ui.export import PDF, WORD, file_response

MONTHS_OFFERED = 24


@of_company("see_own")
def index(request: HttpRequest) -> HttpResponseBase:
    """A chosen month leads to its report."""
    scope, company = current(), company_at_hand(request)
    if chosen := request.GET.get("month"):
        return redirect(
            company_url(request, "report", month=_month(chosen)[0], person=request.GET.get("person"))
        )
    first = company.judged_from.replace(day=1)
    this = scope.today.replace(day=1)
    months = [add_months(this, -back) for back in range(MONTHS_OFFERED)]
    words = {
        "company": company,
        "months": [month for month in months if month >= first],
        "last_month": add_months(this, -1),
        "people": people_to_report(company_id=company.id),
        "whole": may(scope.actor, "see_company"),
        "own": scope.actor.person,
    }
    return render(request, "reports/index.html", words)


@of_company("see_own")
def report(request: HttpRequest, month: str) -> HttpResponse:
    found = _report(request, month)
    this = current().today.replace(day=1)
    after = add_months(found.month, 1)
    words = {
        "report": found,
        "company": found.company,
        "key": month,
        "before": f"{found.before:%Y-%m}" if found.judged_before else None,
        "after": f"{after:%Y-%m}" if after <= this else None,
        "waiting": sum(total.now for total in found.totals if total.state in ("open", "upcoming")),
        "missed": sum(total.now for total in found.totals if total.state == "missed"),
    }
    return render(request, "reports/report.html", words)


@of_company("see_own")
def word(request: HttpRequest, month: str) -> HttpResponse:
    found = _report(request, month)
    return _file(word_of(sheet_of(found)), WORD, found, "docx")


@of_company("see_own")
def pdf(request: HttpRequest, month: str) -> HttpResponse:
    found = _report(request, month)
    return _file(pdf_of(sheet_of(found)), PDF, found, "pdf")


def _report(request: HttpRequest, month: str) -> MonthReport:
    """Of the person that the address names, of oneself for whoever may not see the company, or of all."""
    company = company_at_hand(request)
    asked = request.GET.get("person", "")
    person: int | None = None
    if asked:
        if not asked.isdecimal() or len(asked) > 18:
            raise NotFound("没有这个人员。")
        person = int(asked)
    elif not may(current().actor, "see_company"):
        person = current().actor.person
    return month_report(company_id=company.id, month=_month(month)[1], person_id=person)


def _month(text: str) -> tuple[str, date]:
    """2026-10, no later than this month. Raises NotFound."""
    try:
        found = date.fromisoformat(f"{text}-01") if len(text) == 7 else None
    except ValueError:
        found = None
    if found is None or not found.year >= 2000 or found > current().today:
        raise NotFound("没有这个月的报告。")
    return f"{found:%Y-%m}", found


def _file(content: bytes, kind: str, found: MonthReport, ending: str) -> HttpResponse:
    whose = found.person_name or found.company.short_name
    name = f"{whose}{found.month.year}年{found.month.month}月履职情况.{ending}"
    return file_response(content, kind, name)
