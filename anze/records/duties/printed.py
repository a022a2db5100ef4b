"""What stands beside the lines of a post's lists when they are printed: a year's counts and its records."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, Func, Q, QuerySet

from anze.records.acting.context import current
from anze.records.duties.models import Obligation
from anze.records.duties.queries import visible
from anze.records.evidence import queries as evidence
from anze.rules.duties import State
from anze.rules.periods import midnight


@dataclass(slots=True)
class YearOfDemand:
    """`counts`: by state, of what fell due or stood in the year; `records`: numbers, in their order."""

    counts: Counter[str] = field(default_factory=Counter)
    records: list[str] = field(default_factory=list)

    @property
    def done(self) -> int:
        return self.counts[State.MET] + self.counts[State.LATE]

    @property
    def judged(self) -> int:
        return self.done + self.counts[State.MISSED]


def year_of_post(position: str, *, company_id: int) -> dict[str, YearOfDemand]:
    """Requirement -> what it came to since the first of January."""
    rows = _rows(position, company_id)
    found: dict[str, YearOfDemand] = {}
    for requirement, state, n in rows.values_list("requirement", "state").annotate(Count("id")):
        found.setdefault(requirement, YearOfDemand()).counts[state] += n
    proofs = set(rows.annotate(record=Func("facts", function="unnest")).values_list("requirement", "record"))
    numbers = evidence.numbers_of({record for _, record in proofs})
    for requirement, record in proofs:
        if number := numbers.get(record):
            found[requirement].records.append(number)
    for demand in found.values():
        demand.records.sort()
    return found


def _rows(position: str, company_id: int) -> QuerySet[Obligation]:
    first = midnight(date(current().today.year, 1, 1))
    begun = visible(company_id).filter(position=position).exclude(state=State.UPCOMING)
    return begun.filter(Q(due__gt=first) | Q(due=None)).order_by()
