"""Reading and signing the list of one's post; a signed list to print; who has signed and who has not."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render

from anze.records.acting.context import current
from anze.records.acting.errors import NotPermitted
from anze.records.signatures import actions
from anze.records.signatures import queries as signatures
from anze.web.obligations.filters import page_number
from anze.web.posts.lists import parse_clause, post_of
from anze.web.signatures.forms import SignForm
from anze.web.signatures.listing import SHOWN, page_of, rows_of
from anze.web.ui.attempt import attempted
from anze.web.ui.company import company_at_hand, company_url, of_company


@of_company("see_own")
def sign(request: HttpRequest, position: str) -> HttpResponseBase:
    """The list as it would be signed. A signed one is shown instead."""
    found = post_of(position, company_at_hand(request))
    mine = next((row for row in signatures.mine() if row.position.id == position), None)
    if mine is None:
        raise NotPermitted("岗位清单由任职人本人签署；代理人和其他人员不能代签。")
    if mine.signed:
        return redirect(company_url(request, "signature", signature_id=mine.signature_id))
    form = SignForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and attempted(form, lambda: _sign(position, form)):
        messages.success(request, f"已签署“{found.name}”岗位清单。")
        return redirect(company_url(request, "post", position=position))
    words = {
        "position": found,
        "standing": mine,
        "asked": signatures.list_in_force(position, company_at_hand(request).id),
        "source": parse_clause(str(found.source)),
        "form": form,
        "problems": [problem for problems in form.errors.values() for problem in problems],
        "today": current().today,
    }
    return render(request, "signatures/sign.html", words, status=422 if form.errors else 200)


@of_company("see_own")
def signed(request: HttpRequest, signature_id: int) -> HttpResponse:
    detail = signatures.signature(signature_id)
    words = {
        "detail": detail,
        "company": company_at_hand(request),
        "source": parse_clause(detail.sheet.source),
    }
    return render(request, "signatures/signature.html", words)


@of_company("see_company")
def index(request: HttpRequest) -> HttpResponse:
    company = company_at_hand(request)
    shown = request.GET.get("show", "")
    shown = shown if shown in SHOWN else ""
    coverage = signatures.coverage(company.id)
    words = {
        "company": company,
        "coverage": coverage,
        "waiting": coverage.share.holders - coverage.share.signed,
        "without": coverage.employed - coverage.listed,
        "shown": shown,
        "heading": SHOWN[shown],
        "options": SHOWN,
        "page": page_of(rows_of(company.id, shown, coverage), page_number(request.GET)),
        "list_id": "list",
    }
    return render(request, "signatures/index.html", words)


def _sign(position: str, form: SignForm) -> None:
    given = form.cleaned_data
    actions.sign_list(position=position, edition=given["edition"], digest=given["digest"])
