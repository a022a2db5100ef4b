"""What stands beside the lines of a post's lists when they are printed: a year's counts and its records."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date

from django.contrib.postgres.aggregates import JSONBAgg
from django.db.models import Count, Q, QuerySet

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
    found: dict[str, YearOfDemand] = {}
    proofs: dict[str, set[int]] = {}
    counted = _rows(position, company_id).values_list("requirement", "state")
    for requirement, state, n, facts in counted.annotate(
        n=Count("id"), proven=JSONBAgg("facts", distinct=True)
    ):
        found.setdefault(requirement, YearOfDemand()).counts[state] += n
        proofs.setdefault(requirement, set()).update(record for each in facts for record in each)
    numbers = evidence.numbers_of(set().union(*proofs.values()))
    for requirement, records in proofs.items():
        found[requirement].records = sorted(numbers[record] for record in records if record in numbers)
    return found


def _rows(position: str, company_id: int) -> QuerySet[Obligation]:
    first = midnight(date(current().today.year, 1, 1))
    begun = visible(company_id).filter(position=position).exclude(state=State.UPCOMING)
    return begun.filter(Q(due__gt=first) | Q(due=None)).order_by()
