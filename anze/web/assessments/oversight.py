"""What a bureau sees of grades: each company's certificate, its yearly report, and who lacks either."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from anze.records.acting.context import current
from anze.records.acting.paging import PAGE_SIZE, Page
from anze.records.acting.permissions import require
from anze.records.assessments.certificates import CertificateRow, certificates_of
from anze.records.assessments.estimating import EstimateRow, estimates_of
from anze.records.assessments.self_reports import ReportRow, standings_of
from anze.records.tenants import queries as tenants
from anze.records.tenants.queries import CompanyRow
from anze.rules.assessment.certificates import Validity
from anze.rules.assessment.self_reports import Report, ReportStanding
from anze.web.assessments.certificates import days_left, state_of
from anze.web.assessments.self_reports import STATES as REPORTS
from anze.web.obligations.filters import page_number
from anze.web.ui.export import csv_response
from anze.web.ui.words import TRADES

CERTIFICATES = {
    "": "全部",
    "valid": "有效",
    "soon": "将到期",
    "over": "已过期",
    "suspended": "已暂停",
    "withdrawn": "已撤销",
    "none": "没有证书",
}
HANDED_IN = {"": "全部", "missing": "逾期未交", "open": "待提交", "handed_in": "已提交", "unasked": "不要求"}
GROUPS = {Report.LATE: "handed_in", Report.EXEMPT: "unasked"}  # shown with
ORDERS = {"": "企业名称", "lost": "按记录失分从多到少"}
SHOWN_YEARS = 5


@dataclass(frozen=True, slots=True)
class Filters:
    year: int
    certificate: str
    report: str
    trade: str
    text: str
    order: str

    @property
    def active(self) -> bool:
        return any((self.certificate, self.report, self.trade, self.text))


@dataclass(frozen=True, slots=True)
class Overseen:
    """A company as the list shows it."""

    company: CompanyRow
    certificate: CertificateRow | None
    look: str
    state: str
    left: str
    report: ReportRow | None
    standing: ReportStanding
    report_look: str
    report_state: str
    estimate: EstimateRow | None

    @property
    def certificate_key(self) -> str:
        return "none" if self.certificate is None else self.certificate.standing.state.value

    @property
    def report_key(self) -> str:
        return GROUPS.get(self.standing.state, self.standing.state.value)


@require_safe
def overseen(request: HttpRequest) -> HttpResponse:
    require("supervise")
    filters = _filters(request)
    everyone = _everyone(filters.year)
    shown = _filtered(everyone, filters)
    context = {
        "page": _page(shown, page_number(request.GET)),
        "filters": filters,
        "authority": tenants.authority(current().actor.authority or 0),
        "certificates": CERTIFICATES,
        "reports": HANDED_IN,
        "orders": ORDERS,
        "years": _years(),
        "trades": {
            key: label for key, label in TRADES.items() if any(c.company.trade == key for c in everyone)
        },
        "companies": len(everyone),
        "held": Counter(row.certificate_key for row in everyone),
        "handed_in": Counter(row.report_key for row in everyone),
        "list_id": "list",
    }
    return render(request, "assessments/overseen.html", context)


@require_safe
def export(request: HttpRequest) -> HttpResponseBase:
    """Exactly what is shown."""
    require("supervise")
    filters = _filters(request)

    rows = _filtered(_everyone(filters.year), filters)
    name = f"{filters.year}年度达标情况.csv"
    return csv_response(name, _heads(filters.year), (_line(row) for row in rows))


def _heads(year: int) -> tuple[str, ...]:
    return (
        "企业", "行业", "证书状态", "等级", "证书编号", "发证机关", "有效期至", f"{year}年度自评报告",
        "提交期限", "报告编号", "提交日期", "自评结果", "按记录测算日期（不是考评）", "按记录失分",
        "记录可判定",
    )  # fmt: skip


def _line(row: Overseen) -> tuple[object, ...]:
    held, report, made = row.certificate, row.report, row.estimate
    certificate = ("",) * 4 if held is None else (held.grade, held.number, held.issuer, held.last)
    told = ("",) * 3 if report is None else (report.number, report.handed_in, report.level)
    known = ("",) * 3 if made is None else (made.on, made.lost, f"{made.decided}/{made.conditions}")
    trade = TRADES.get(row.company.trade, row.company.trade)
    return (
        row.company.name, trade, row.state, *certificate, row.report_state, row.standing.due, *told, *known,
    )  # fmt: skip


def _everyone(year: int) -> list[Overseen]:
    companies = tenants.companies_in_scope()
    ids = [company.id for company in companies]
    held, reports, estimates = certificates_of(ids), standings_of(ids, year), estimates_of(ids)
    return [
        _row(company, held[company.id].newest, *reports[company.id], estimates.get(company.id))
        for company in companies
    ]


def _row(
    company: CompanyRow, held: CertificateRow | None, report: ReportRow | None, standing: ReportStanding,
    estimate: EstimateRow | None,
) -> Overseen:  # fmt: skip
    look, state = state_of(held)
    report_look, report_state = REPORTS[standing.state]
    left = days_left(held) if held and held.standing.state is not Validity.VALID else ""
    return Overseen(company, held, look, state, left, report, standing, report_look, report_state, estimate)


def _filters(request: HttpRequest) -> Filters:
    asked = request.GET
    years = {str(year): year for year in _years()}
    return Filters(
        year=years.get(asked.get("year", ""), current().today.year - 1),
        certificate=_one(asked.get("certificate", ""), CERTIFICATES),
        report=_one(asked.get("report", ""), HANDED_IN),
        trade=_one(asked.get("trade", ""), TRADES),
        text=asked.get("q", "").strip()[:40],
        order=_one(asked.get("order", ""), ORDERS),
    )


def _one(text: str, known: dict[str, str]) -> str:
    return text if text in known else ""


def _years() -> range:
    newest = current().today.year
    return range(newest, newest - SHOWN_YEARS, -1)


def _filtered(rows: Sequence[Overseen], filters: Filters) -> list[Overseen]:
    named = tenants.matching_companies(filters.text) if filters.text else None
    found = [
        row
        for row in rows
        if filters.certificate in ("", row.certificate_key)
        and filters.report in ("", row.report_key)
        and filters.trade in ("", row.company.trade)
        and (named is None or row.company.id in named)
    ]
    if filters.order:
        found.sort(key=lambda row: -1 if row.estimate is None else row.estimate.lost, reverse=True)
    return found


def _page(rows: Sequence[Overseen], number: int) -> Page[Overseen]:
    pages = max(1, -(-len(rows) // PAGE_SIZE))
    number = min(max(1, number), pages)
    return Page(list(rows[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]), number, pages, len(rows))
