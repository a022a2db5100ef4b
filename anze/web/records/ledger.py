"""The ledger of records: filtered, paged, and exported exactly as shown."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from anze.records.acting.context import SHANGHAI, current
from anze.records.acting.errors import NotFound, NotPermitted
from anze.records.acting.paging import LARGEST_PAGE, PAGE_SIZE, Page
from anze.records.confirmations import queries as confirmations
from anze.records.evidence import queries as evidence
from anze.records.evidence.listing import MOST_LISTED, Filters
from anze.records.people.permissions import may
from anze.records.tenants import queries as tenants
from anze.web.records.forms import LedgerFilter
from anze.web.ui.export import csv_response

LATE_AFTER = 7  # days
ONE_DAY = timedelta(days=1)
MOST_CHOICES = 200  # a longer list of companies is chosen from on the bureau's own page
COLUMNS = ("编号", "种类", "标题", "状态", "发生时间", "录入时间", "封存时间", "补录", "经办人")


def backfilled(row: evidence.RecordRow | evidence.RecordDetail) -> bool:
    """Sealed long after it happened: shown as such, so that nobody takes it for a record of the day."""
    return row.lag_days is not None and row.lag_days > LATE_AFTER


@require_safe
def ledger(request: HttpRequest) -> HttpResponse:
    company = company_asked(request)
    form = filter_of(request)
    page = _page(form, company, _number(request.GET.get("page")) or 1)
    actor = current().actor
    names = _company_names() if actor.authority else {}
    unconfirmed = confirmations.waiting_counts(row.id for row in page.rows)
    context = {
        "form": form,
        "page": page,
        "rows": [(row, backfilled(row), unconfirmed.get(row.id)) for row in page.rows],
        "filtered": any(value for name, value in request.GET.items() if name not in ("page", "company")),
        "query": request.GET.urlencode(),
        "company": tenants.company(company) if company else None,
        "officer": actor.authority is not None,
        "names": names,
        "companies": names if len(names) <= MOST_CHOICES else {},
        "may_draft": actor.company is not None and may(actor, "draft_record"),
        "may_import": actor.company is not None and may(actor, "seal_record"),
        "one_kind": (one_kind := _one_kind(form)),
        "withheld": one_kind in evidence.withheld(),
        "whole_company": may(actor, "see_company"),
        "late_after": LATE_AFTER,
        "list_id": "ledger",
        "printable": 0 < page.total <= MOST_LISTED and (company or actor.company) is not None,
    }
    return render(request, "records/ledger.html", context, status=200 if form.is_valid() else 400)


@require_safe
def export(request: HttpRequest) -> HttpResponseBase:
    company, form = company_asked(request), filter_of(request)
    if not form.is_valid():
        return ledger(request)
    return csv_response("履职记录台账", COLUMNS, _rows(form, company))


def filter_of(request: HttpRequest) -> LedgerFilter:
    return LedgerFilter(request.GET, with_drafts=current().actor.authority is None)


def company_asked(request: HttpRequest) -> int | None:
    """An officer looks at one company or at all; others at their own."""
    actor = current().actor
    if actor.company is None and actor.authority is None:
        raise NotPermitted("系统管理员不查看企业的履职记录。")
    text = request.GET.get("company", "")
    if not text:
        return None
    asked = _number(text)
    if asked not in current().reads:
        raise NotFound("没有这家企业，或不在您的监管范围内。")
    return asked


def _company_names() -> dict[int, str]:
    return {company.id: company.short_name for company in tenants.companies_in_scope()}


def _page(
    form: LedgerFilter, company: int | None, page: int, page_size: int = PAGE_SIZE
) -> Page[evidence.RecordRow]:
    """A filter that cannot be read shows no rows rather than the wrong ones."""
    if not form.is_valid():
        return Page((), 1, 1, 0)
    return evidence.records(page=page, page_size=page_size, **filters(form, company))


def filters(form: LedgerFilter, company: int | None) -> Filters:
    """Of a valid form."""
    chosen = form.cleaned_data
    return {
        "company_id": company,
        "kinds": form.kinds(),
        "status": chosen["status"] or None,
        "since": chosen["since"],
        "until": chosen["until"] + ONE_DAY if chosen["until"] else None,
        "search": chosen["q"].strip() or None,
    }


def _one_kind(form: LedgerFilter) -> str:
    """The kind that is shown alone; empty: several are."""
    kinds = (form.kinds() if form.is_valid() else None) or ()
    return kinds[0] if len(kinds) == 1 else ""


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() and len(text) < 10 else None


def _rows(form: LedgerFilter, company: int | None) -> Iterator[tuple[str, ...]]:
    page = pages = 1
    while page <= pages:
        found = _page(form, company, page, LARGEST_PAGE)
        pages, page = found.pages, page + 1
        yield from map(_values, found.rows)


def _values(row: evidence.RecordRow) -> tuple[str, ...]:
    times = (_moment(at) for at in (row.happened_at, row.captured_at, row.received_at))
    mark = "补录" if backfilled(row) else ""
    return (row.number or "", row.kind_name, row.title, row.status_label, *times, mark, row.author_name)


def _moment(at: datetime | None) -> str:
    return f"{at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}" if at else ""
