"""The year calendar of the company, or of one person."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from anze.records.acting.context import current
from anze.records.acting.errors import NotFound
from anze.records.acting.permissions import may
from anze.records.duties.reports import people_to_report
from anze.records.duties.year import year as days_of
from anze.records.lawbook import lawbook
from anze.web.ui.company import company_at_hand, of_company
from anze.web.year.months import MARKS, months_of


@of_company("see_own")
def calendar(request: HttpRequest) -> HttpResponse:
    company, scope = company_at_hand(request), current()
    person_id = _person(request)
    first, last = company.judged_from.year, scope.today.year + 1
    year = _year(request.GET.get("year", ""), first, last)
    people = people_to_report(company_id=company.id)
    chosen = next((row for row in people if row.id == person_id), None)
    if person_id is not None and chosen is None:
        raise NotFound("没有这个人员。")
    found = days_of(company_id=company.id, year=year, person_id=person_id)
    words = {
        "company": company,
        "year": year,
        "today": scope.today,
        "months": months_of(year, found, scope.today),
        "before": year - 1 if year > first else None,
        "after": year + 1 if year < last else None,
        "published": year in lawbook().calendar,
        "people": people,
        "person": chosen,
        "whole": may(scope.actor, "see_company"),
        "legend": MARKS,
        "ahead": any(day.foreseen for day in found.values()),
        "years": range(last, first - 1, -1),
    }
    return render(request, "year/calendar.html", words)


def _person(request: HttpRequest) -> int | None:
    """Whom the address names; for whoever may not see the company, always oneself."""
    actor, asked = current().actor, request.GET.get("person", "")
    if not may(actor, "see_company"):
        if asked not in ("", str(actor.person)):
            raise NotFound("没有这个人员。")
        return actor.person
    if not asked:
        return None
    if not asked.isdecimal() or len(asked) > 18:
        raise NotFound("没有这个人员。")
    return int(asked)


def _year(text: str, first: int, last: int) -> int:
    """The asked year, or the nearest that has one; this year where none is named."""
    asked = int(text) if text.isdecimal() and len(text) == 4 else current().today.year
    return min(max(asked, first), last)
