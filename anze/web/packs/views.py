"""Choosing a pack, seeing what it would hold, and taking it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from anze.records.acting.context import current
from anze.records.acting.errors import Refused
from anze.records.acting.permissions import require
from anze.records.lawbook import lawbook
from anze.records.packs import queries as packs
from anze.records.packs.actions import take_pack
from anze.web.packs.archive import answer
from anze.web.packs.forms import PackForm
from anze.web.ui.company import company_at_hand, of_company


@require_http_methods(["GET", "HEAD", "POST"])
@of_company("take_pack")
def pack(request: HttpRequest) -> HttpResponseBase:
    """A question shows what the pack would hold; only then is it taken."""
    require("take_pack")
    company, scope = company_at_hand(request), current()
    taking = request.method == "POST"
    asked = request.POST if taking else request.GET or None
    form = PackForm(lawbook().positions_of(company.trade), data=asked, today=scope.today)
    if not form.is_bound or not form.is_valid():
        return _page(request, form, None, status=422 if form.is_bound else 200)
    try:
        if not taking:
            return _page(request, form, packs.outline(form.choice(), company=company))
        taken = take_pack(choice=form.choice(), company=company)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _page(request, form, None, status=422)
    return answer(taken, scope)


def _page(
    request: HttpRequest, form: PackForm, outline: packs.Outline | None, *, status: int = 200
) -> HttpResponse:
    words = {
        "form": form,
        "company": company_at_hand(request),
        "outline": outline,
        "chosen": [(name, value) for name in ("post", "kind") for value in form.cleaned_data[name]]
        if outline
        else [],
    }
    return render(request, "packs/index.html", words, status=status)
