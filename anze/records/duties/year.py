"""A year by days: what falls due on each and how it stands, and what the rhythms will ask after that.

Only the period that begins next is stored; later ones follow from it, so that the year ahead is not blank.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db.models import Count, QuerySet

from anze.records.acting.context import current
from anze.records.acting.permissions import require
from anze.records.demands import queries as demands
from anze.records.duties.models import Obligation
from anze.records.duties.queries import concerning, visible
from anze.records.duties.rows import TermFinder
from anze.rules.duties import State
from anze.rules.periods import ONE_DAY, day_of, midnight, period_of, periods_between

SHORTEST = timedelta(microseconds=1)


@dataclass(slots=True)
class YearDay:
    """`counts`: by state, of what can be done until this day; `foreseen`: periods not laid out yet."""

    counts: Counter[str] = field(default_factory=Counter)
    foreseen: int = 0


def year(*, company_id: int, year: int, person_id: int | None = None) -> dict[date, YearDay]:
    """The days on which something falls due; of a person: what they owe and what is owed about them."""
    require("see_own" if person_id is not None and person_id == current().actor.person else "see_company")
    rows = visible(company_id)
    if person_id is not None:
        rows = rows.filter(concerning(person_id))
    first, end = date(year, 1, 1), date(year + 1, 1, 1)
    found: dict[date, YearDay] = {}
    due = rows.filter(due__gt=midnight(first), due__lte=midnight(end)).order_by()
    for instant, state, n in due.values_list("due", "state").annotate(Count("id")):
        found.setdefault(_last_day(instant), YearDay()).counts[state] += n
    for day, n in _foreseen(rows, company_id, end).items():
        if day >= first:
            found.setdefault(day, YearDay()).foreseen += n
    return found


def _foreseen(rows: QuerySet[Obligation], company_id: int, end: date) -> Counter[date]:
    """Last day -> how many, from the periods laid out last and their rhythms."""
    terms, foreseen = TermFinder([company_id]), Counter[date]()
    ahead = rows.filter(event=None, state=State.UPCOMING).exclude(month=None).order_by()
    for requirement, starts, n in ahead.values_list("requirement", "starts").annotate(Count("id")):
        term = terms.term(company_id, demands.requirement(requirement), starts)
        if term is None or term.every is None:
            continue
        for period in periods_between(term.every, period_of(term.every, starts).until, end):
            if period.until <= end:
                foreseen[period.until - ONE_DAY] += n
    return foreseen


def _last_day(due: datetime) -> date:
    """A deadline names the first instant that is too late."""
    return day_of(due - SHORTEST)
