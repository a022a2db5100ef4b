"""One box: as one types, the first hits below it; with Enter, a page of them."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from anze.records.acting.permissions import require
from anze.web.search.hits import FEW, MANY, Group, companies, of_the_company
from anze.web.ui.company import company_at_hand, of_company

LONGEST = 40


@require_safe
@of_company("see_own")
def search(request: HttpRequest) -> HttpResponse:
    text = _asked(request)
    groups = of_the_company(request, text, FEW if _typing(request) else MANY)
    return _answer(request, text, groups, within=company_at_hand(request).short_name)


@require_safe
def among_companies(request: HttpRequest) -> HttpResponse:
    """An officer finds a company first, and looks further inside it."""
    require("supervise")
    text = _asked(request)
    return _answer(request, text, companies(text, FEW if _typing(request) else MANY), within="")


def _answer(request: HttpRequest, text: str, groups: Sequence[Group], *, within: str) -> HttpResponse:
    words = {"text": text, "groups": groups, "within": within, "typing": _typing(request)}
    return render(request, "search/found.html" if _typing(request) else "search/page.html", words)


def _asked(request: HttpRequest) -> str:
    return request.GET.get("q", "").strip()[:LONGEST]


def _typing(request: HttpRequest) -> bool:
    """Asked by the box for what goes below it, not by somebody for a page."""
    return request.headers.get("HX-Target") == "az-found"
