"""Companies under an authority, the one that is furthest behind first."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from anze.records.acting.context import current
from anze.records.acting.paging import PAGE_SIZE, Page
from anze.records.acting.permissions import require
from anze.records.duties import overview
from anze.records.duties.overview import CompanyStanding
from anze.records.signatures import queries as signatures
from anze.records.tenants import queries as tenants
from anze.web.obligations.filters import page_number
from anze.web.ui.words import TRADES


def ranking(request: HttpRequest) -> HttpResponse:
    require("supervise")
    trade = request.GET.get("trade", "")
    trade = trade if trade in TRADES else ""
    search = request.GET.get("q", "").strip()[:40]
    everyone = overview.ranking()
    shown = [c for c in everyone if trade in ("", c.trade)]
    if search:
        wanted = tenants.matching_companies(search)
        shown = [c for c in shown if c.company_id in wanted]
    page = _page(shown, page_number(request.GET))
    words = {
        "page": page,
        "signed": signatures.signed_shares([company.company_id for _, company in page.rows]),
        "authority": tenants.authority(current().actor.authority or 0),
        "trade": trade,
        "search": search,
        "trades": {key: label for key, label in TRADES.items() if any(c.trade == key for c in everyone)},
        "companies": len(everyone),
        "behind": sum(1 for c in shown if c.missed),
        "unlisted": sum(1 for c in shown if not c.listed),
        "missed": sum(c.missed for c in shown),
        "unset": sum(c.unset for c in shown),
        "worst": max((c.missed for c in shown), default=0),
        "list_id": "list",
    }
    return render(request, "bureau/ranking.html", words)


def _page(rows: Sequence[CompanyStanding], number: int) -> Page[tuple[int, CompanyStanding]]:
    """Each company with its rank."""
    pages = max(1, -(-len(rows) // PAGE_SIZE))
    number = min(max(1, number), pages)
    first = (number - 1) * PAGE_SIZE
    shown = overview.dated(rows[first : first + PAGE_SIZE])
    return Page(list(enumerate(shown, start=first + 1)), number, pages, len(rows))
