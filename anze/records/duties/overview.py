"""How posts, months and companies stand at a glance: read from the tallies, never from the rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Count, Max, Min, Sum

from anze.records.acting.context import current
from anze.records.duties.models import Obligation, Tally
from anze.records.evidence.models import Record
from anze.records.lawbook import lawbook
from anze.records.tenants.models import Company
from anze.records.tenants.queries import company
from anze.rules.catalogue.model import Position, Requirement
from anze.rules.duties import WORST_FIRST, State
from anze.rules.periods import add_months

SETTLED = frozenset({State.MET, State.LATE, State.WAIVED, State.EXEMPT})


@dataclass(frozen=True, slots=True)
class Cell:
    """A post in a month (None: standing demands)."""

    position: str
    month: date | None
    counts: dict[str, int] = field(default_factory=dict)

    @property
    def state(self) -> str | None:
        """The worst state; None when nothing falls due."""
        return next((s.value for s in WORST_FIRST if self.counts.get(s.value)), None)

    @property
    def total(self) -> int:
        return sum(n for state, n in self.counts.items() if state != State.UPCOMING)

    @property
    def settled(self) -> int:
        return sum(n for state, n in self.counts.items() if state in SETTLED)

    @property
    def missed(self) -> int:
        return self.counts.get(State.MISSED, 0)


@dataclass(frozen=True, slots=True)
class MatrixRow:
    position: Position
    standing: Cell
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Matrix:
    months: tuple[date, ...]
    rows: tuple[MatrixRow, ...]


@dataclass(frozen=True, slots=True)
class CompanyStanding:
    company_id: int
    name: str
    short_name: str
    trade: str
    missed: int
    open: int
    unset: int
    settled: int
    judged: int  # settled or missed
    posts_behind: int
    oldest_missed: datetime | None
    last_record: datetime | None

    @property
    def met_share(self) -> int | None:
        """Percent of what has fallen due; None where nothing has."""
        return None if not self.judged else round(100 * self.settled / self.judged)


@dataclass(frozen=True, slots=True)
class Lagging:
    """A demand with what of it is overdue. `oldest`: since when the first of them is."""

    requirement: Requirement
    position: Position
    missed: int
    oldest: datetime


def lagging(*, company_id: int, limit: int = 8) -> list[Lagging]:
    """The demands a company misses most, the worst first."""
    rows = Obligation.objects.filter(company_id=company_id, state=State.MISSED).values_list("requirement")
    counted = rows.annotate(n=Count("id"), oldest=Min("since")).order_by("-n", "oldest", "requirement")[
        :limit
    ]
    book = lawbook()
    found = [(book.requirement(requirement), n, oldest) for requirement, n, oldest in counted]
    return [Lagging(asked, book.positions[asked.position], n, oldest) for asked, n, oldest in found]


def matrix(*, company_id: int, months: int = 12) -> Matrix:
    """Post × month: `months` past ones, this one and the next."""
    this = current().today.replace(day=1)
    columns = tuple(add_months(this, offset) for offset in range(-months, 2))
    counts: dict[tuple[str, date | None], dict[str, int]] = {}
    tallies = Tally.objects.filter(company_id=company_id, count__gt=0)
    for position, month, state, count in tallies.values_list("position", "month", "state", "count"):
        counts.setdefault((position, month), {})[state] = count
    trade = company(company_id).trade
    rows = tuple(
        MatrixRow(
            position,
            Cell(position.id, None, counts.get((position.id, None), {})),
            tuple(Cell(position.id, month, counts.get((position.id, month), {})) for month in columns),
        )
        for position in lawbook().positions_of(trade)
    )
    return Matrix(columns, rows)


def ranking(*, trade: str | None = None) -> list[CompanyStanding]:
    """Companies in scope, the one with most overdue first."""
    reads = list(current().reads)
    companies = Company.objects.filter(id__in=reads)
    if trade:
        companies = companies.filter(trade=trade)
    counts: dict[int, dict[str, int]] = {}
    behind: dict[int, set[str]] = {}
    tallies = Tally.objects.filter(count__gt=0).values_list("company_id", "position", "state")
    for company_id, position, state, count in tallies.annotate(n=Sum("count")):
        mine = counts.setdefault(company_id, {})
        mine[state] = mine.get(state, 0) + count
        if state == State.MISSED:
            behind.setdefault(company_id, set()).add(position)
    oldest, last = _oldest_missed(), _last_record()
    found = [
        _company_standing(
            c, counts.get(c.pk, {}), len(behind.get(c.pk, ())), oldest.get(c.pk), last.get(c.pk)
        )
        for c in companies
    ]
    return sorted(found, key=lambda s: (-s.missed, -s.unset, s.company_id))


def _company_standing(
    company: Company,
    counts: dict[str, int],
    posts_behind: int,
    oldest: datetime | None,
    last: datetime | None,
) -> CompanyStanding:
    settled = sum(counts.get(state, 0) for state in (State.MET, State.LATE))
    missed = counts.get(State.MISSED, 0)
    return CompanyStanding(
        company_id=company.pk,
        name=company.name,
        short_name=company.short_name,
        trade=company.trade,
        missed=missed,
        open=counts.get(State.OPEN, 0),
        unset=counts.get(State.UNSET, 0),
        settled=settled,
        judged=settled + missed,
        posts_behind=posts_behind,
        oldest_missed=oldest,
        last_record=last,
    )


def _oldest_missed() -> dict[int, datetime]:
    rows = Obligation.objects.filter(state=State.MISSED).values_list("company_id").annotate(at=Min("since"))
    return dict(rows)


def _last_record() -> dict[int, datetime]:
    rows = Record.objects.filter(status=Record.Status.SEALED).values_list("company_id")
    return dict(rows.annotate(at=Max("received_at")))


def worst(cells: Sequence[Cell]) -> str | None:
    states = {cell.state for cell in cells}
    return next((s.value for s in WORST_FIRST if s.value in states), None)
