"""值班表 of a month: each day with its shifts, leader, swaps and log; printed it hangs on the wall."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from anze.records.acting.context import current
from anze.records.acting.permissions import may
from anze.records.confirmations.rosters import LogRow, Rosters, rosters_of
from anze.rules.periods import ONE_DAY, Period, add_months
from anze.rules.rosters import Shift
from anze.web.ui.company import company_at_hand, of_company


@dataclass(frozen=True, slots=True)
class Line:
    """A shift of a day; `first`: the first of the day, over which the day and its logs stand.

    Without a shift it is a run of days, `until` the last of them.
    """

    day: date
    until: date
    shift: Shift | None
    first: bool
    rows: int
    logs: tuple[LogRow, ...]


@require_safe
@of_company("see_own")
def index(request: HttpRequest) -> HttpResponse:
    company, actor = company_at_hand(request), current().actor
    month = _month(request.GET.get("month", ""), current().today)
    found = rosters_of(company.id, Period(month, add_months(month, 1)))
    lines = _lines(found, month)
    words = {
        "company": company,
        "month": month,
        "before": add_months(month, -1),
        "after": add_months(month, 1),
        "today": current().today,
        "lines": lines,
        "found": found,
        "empty": not found.shifts,
        "swapped": any(shift.swap or shift.waiting for shift in found.shifts),
        "may_record": may(actor, "draft_record"),
        "may_roster": may(actor, "seal_record"),
    }
    return render(request, "rosters/index.html", words)


def _lines(found: Rosters, month: date) -> list[Line]:
    """Every day of the month; days without a shift too, one line for a run of them, so that a gap is seen."""
    lines: list[Line] = []
    day = month
    while day < add_months(month, 1):
        shifts, logs = [shift for shift in found.shifts if shift.day == day], found.logs.get(day, ())
        lines += [Line(day, day, shift, not n, len(shifts), logs) for n, shift in enumerate(shifts)]
        if not shifts and not logs and lines and lines[-1].shift is None and not lines[-1].logs:
            lines[-1] = replace(lines[-1], until=day)
        elif not shifts:
            lines.append(Line(day, day, None, True, 1, logs))
        day += ONE_DAY
    return lines


def _month(text: str, today: date) -> date:
    """2026-11; this month where it cannot be read."""
    try:
        found = date.fromisoformat(f"{text}-01")
    except ValueError:
        return today.replace(day=1)
    return found if 1990 <= found.year <= 2100 else today.replace(day=1)
