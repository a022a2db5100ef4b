"""Tags of the monthly report: amounts and lists in words, and the way to the obligations behind a line."""

from __future__ import annotations

from django import template
from django.template.context import Context

from anze.records.duties.report_lines import ReportLine
from anze.records.duties.reports import MonthReport
from anze.web.reports import sheet
from anze.web.ui.company import company_url

register = template.Library()
register.simple_tag(sheet.amount, name="amount")
register.simple_tag(sheet.behind, name="behind")
register.simple_tag(sheet.records, name="records")


@register.simple_tag(takes_context=True)
def report_rows(context: Context, report: MonthReport, line: ReportLine) -> str:
    month = "standing" if line.standing else report.month
    return company_url(context["request"], "obligations", requirement=line.requirement, month=month)
