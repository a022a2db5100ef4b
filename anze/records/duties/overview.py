"""How posts, months and companies stand at a glance: read from the tallies, never from the rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from django.db import connection
from django.db.models import Count, Min

from anze.records.acting.context import current
from anze.records.demands import queries as demands
from anze.records.duties.models import Obligation, Tally
from anze.records.lawbook import is_listed, lawbook
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
    oldest_missed: datetime | None = None  # see `dated`
    last_record: datetime | None = None

    @property
    def listed(self) -> bool:
        """A company of which nothing is asked is neither good nor bad."""
        return is_listed(self.trade)

    @property
    def met_share(self) -> int | None:
        """Whole percent of what has fallen due, 100 only when nothing is missed; None where nothing has."""
        return None if not self.judged else 100 * self.settled // self.judged


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
    found = [(demands.requirement(requirement), n, oldest) for requirement, n, oldest in counted]
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


def ranking() -> list[CompanyStanding]:
    """Companies in scope, the one with most overdue first; one statement, as there may be thousands.

    Those whose trade has no encoded list have no rank: they come last.
    """
    current()
    with connection.cursor() as cursor:
        cursor.execute(_STANDINGS)
        return sorted((CompanyStanding(*row) for row in cursor), key=lambda standing: not standing.listed)


def dated(standings: Sequence[CompanyStanding]) -> list[CompanyStanding]:
    """With the oldest miss and the last record: asked for the companies of one page."""
    with connection.cursor() as cursor:
        cursor.execute(_DAYS, [[standing.company_id for standing in standings]])
        days = {row[0]: row[1:] for row in cursor}
    return [
        replace(s, oldest_missed=oldest, last_record=last)
        for s in standings
        for oldest, last in [days.get(s.company_id, (None, None))]
    ]


_STANDINGS = """
SELECT c.id, c.name, c.short_name, c.trade, coalesce(missed, 0) AS missed, coalesce(open, 0),
       coalesce(unset, 0) AS unset, coalesce(settled, 0), coalesce(settled, 0) + coalesce(missed, 0),
       coalesce(behind, 0)
FROM tenants_company c LEFT JOIN (
    SELECT company_id, sum(n) FILTER (WHERE state = 'missed')::int AS missed,
           sum(n) FILTER (WHERE state = 'open')::int AS open,
           sum(n) FILTER (WHERE state = 'unset')::int AS unset,
           sum(n) FILTER (WHERE state IN ('met', 'late'))::int AS settled,
           count(*) FILTER (WHERE state = 'missed')::int AS behind
    FROM (
        SELECT company_id, position, state, sum(count) AS n FROM duties_tally WHERE count > 0
        GROUP BY company_id, position, state
    ) post GROUP BY company_id
) t ON t.company_id = c.id
ORDER BY 5 DESC, 7 DESC, c.id
"""
# What is missed has a deadline and is overdue since then, but for states, which have none.
_DAYS = """
SELECT c.id,
       least((SELECT o.since FROM duties_obligation o WHERE o.company_id = c.id AND o.state = 'missed'
              ORDER BY o.due LIMIT 1),
             (SELECT min(o.since) FROM duties_obligation o WHERE o.company_id = c.id AND o.state = 'missed'
              AND o.due IS NULL)),
       (SELECT max(r.received_at) FROM evidence_record r WHERE r.company_id = c.id AND r.status = 'sealed')
FROM tenants_company c WHERE c.id = ANY(%s)
"""


def worst(cells: Sequence[Cell]) -> str | None:
    states = {cell.state for cell in cells}
    return next((s.value for s in WORST_FIRST if s.value in states), None)
