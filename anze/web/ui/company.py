"""Whose pages these are: one's own company's, or those of the one that an officer opened below `/bureau/`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse

from anze.records.acting.context import acting, current
from anze.records.acting.errors import NotFound, NotPermitted
from anze.records.acting.permissions import require
from anze.records.duties import deciding
from anze.records.duties import queries as duties
from anze.records.duties.footing import EditionVanished
from anze.records.tenants import queries as tenants
from anze.records.tenants.queries import CompanyRow

View = Callable[..., HttpResponseBase]
PATH_WORDS = {
    "post": ("position",),
    "track": ("vehicle_id",),
    "question": ("question_id",),
    "post_print": ("position",),
    "post_word": ("position",),
    "post_pdf": ("position",),
    "obligation": ("obligation_id",),
    "waive": ("obligation_id",),
    "sign": ("position",),
    "signature": ("signature_id",),
    "handover": ("handover_id",),
    "report": ("month",),
    "report_word": ("month",),
    "report_pdf": ("month",),
    "tailor": ("demand",),
    "assessment": ("assessment_id",),
    "assessment_item": ("assessment_id", "item"),
    "assessment_photo": ("assessment_id", "photo_id"),
    "assessment_samples": ("assessment_id",),
    "assessment_quizzes": ("assessment_id",),
    "assessment_review": ("assessment_id",),
    "assessment_table": ("assessment_id",),
    "assessment_binder": ("assessment_id",),
    "assessment_word": ("assessment_id",),
    "assessment_excel": ("assessment_id",),
    "assessment_report": ("assessment_id",),
    "assessment_corrections": ("assessment_id",),
    "assessment_act": ("assessment_id", "act"),
    "shares": ("assessment_id",),
    "quiz": ("quiz_id",),
    "end_waiver": ("waiver_id",),
    "person_file": ("person_id",),
    "vehicle_file": ("vehicle_id",),
    "draft_report": ("year",),
}


def _freshen(request: HttpRequest, company_id: int) -> None:
    """No page of a company shows a verdict whose time has run out, even when no job has run."""
    if request.method == "GET" and duties.is_stale(company_id):
        try:
            deciding.sweep(company_id=company_id)
        except EditionVanished as vanished:  # what is stored is shown, and that it may be out of date
            messages.error(request, f"到期任务暂时不能重新判定。{vanished}")


def _at(request: HttpRequest, company: CompanyRow) -> HttpRequest:
    setattr(request, "company", company)  # noqa: B010 -- not a declared field
    return request


def company_at_hand(request: HttpRequest) -> CompanyRow:
    """The one company in the scope of a view that is `of_company`."""
    company = getattr(request, "company")  # noqa: B009 -- not a declared field
    assert isinstance(company, CompanyRow)
    return company


def company_url(request: HttpRequest, name: str, /, **values: Any) -> str:
    """The page `name` of the company at hand. What its path does not take becomes its query."""
    kwargs = {word: values.pop(word) for word in PATH_WORDS.get(name, ())}
    match = request.resolver_match
    if match is not None and "company_id" in match.kwargs:
        url = reverse(f"bureau:{name}", kwargs={**kwargs, "company_id": match.kwargs["company_id"]})
    else:
        url = reverse(f"own:{name}", kwargs=kwargs)
    query = urlencode({key: _plain(value) for key, value in values.items() if value not in (None, "")})
    return f"{url}?{query}" if query else url


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)


def of_company(verb: str) -> Callable[[View], View]:
    """The view runs in the scope of exactly one company and for actors that may `verb`.

    An officer's scope is narrowed to the company that the address names; a company's own people need no name.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def narrowed(request: HttpRequest, company_id: int | None = None, **kwargs: Any) -> HttpResponseBase:
            scope = current()
            if company_id is None:
                if scope.actor.company is None:
                    raise NotPermitted("请先在企业排名中选择一家企业。")
                require(verb)
                _freshen(request, scope.actor.company)
                return view(_at(request, tenants.company(scope.actor.company)), **kwargs)
            require("supervise")
            if company_id not in scope.reads:
                raise NotFound("没有这家企业，或不在您的监管范围内。")
            with acting(scope.actor, reads=(company_id,), writes=(), at=scope.at):
                return view(_at(request, tenants.company(company_id)), **kwargs)

        return narrowed

    return decorate
