"""The official table and the report: as pages, the table for Excel, both together as Word."""

from __future__ import annotations

from pathlib import Path

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from anze.records.assessments import queries
from anze.records.assessments.table_queries import table as table_parts
from anze.web.assessments.sheet import Sheet, sheet_of
from anze.web.assessments.workbook import excel_of
from anze.web.reports.word import word_of
from anze.web.ui.company import company_at_hand, of_company
from anze.web.ui.export import WORD, file_response

LAYOUT = Path(__file__).with_name("assessment.docx")
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
@of_company("see_own")
def table(request: HttpRequest, assessment_id: int) -> HttpResponse:
    context = {
        "company": company_at_hand(request),
        "row": queries.assessment(assessment_id),
        "parts": table_parts(assessment_id),
    }
    return render(request, "assessments/table.html", context)


@require_safe
@of_company("see_own")
def report(request: HttpRequest, assessment_id: int) -> HttpResponse:
    found = queries.overview(assessment_id)
    company = company_at_hand(request)
    context = {"company": company, "row": found.row, "sheet": sheet_of(company, found)}
    return render(request, "assessments/report.html", context)


@require_safe
@of_company("see_own")
def word(request: HttpRequest, assessment_id: int) -> HttpResponse:
    sheet, name = _sheet(request, assessment_id)
    return file_response(word_of(sheet, LAYOUT), WORD, f"{name}报告.docx")


@require_safe
@of_company("see_own")
def excel(request: HttpRequest, assessment_id: int) -> HttpResponse:
    sheet, name = _sheet(request, assessment_id)
    return file_response(excel_of(sheet), EXCEL, f"{name}考评表.xlsx")


def _sheet(request: HttpRequest, assessment_id: int) -> tuple[Sheet, str]:
    company, found = company_at_hand(request), queries.overview(assessment_id)
    return sheet_of(company, found), f"{company.short_name}{found.row.title}"
