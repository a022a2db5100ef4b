"""How the demands of posts stood over a period: which records prove them, and what is unproved."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.contrib.postgres.aggregates import JSONBAgg
from django.db.models import Count, Q, QuerySet

from anze.records.demands import queries as own
from anze.records.duties.models import Obligation
from anze.records.duties.queries import visible
from anze.records.duties.rows import ObligationRow, rows_of
from anze.records.packs.choice import Choice
from anze.rules.catalogue.model import Line, Position
from anze.rules.duties import State
from anze.rules.periods import midnight

UNPROVED = (State.MISSED, State.UNSET)
MOST_NAMED = 3000  # obligations whose names are read
NAMES = 8  # of one gap


@dataclass(frozen=True, slots=True)
class Gap:
    """Unproved in one period. `names`: of whom or what, as far as there are several."""

    starts: date
    label: str
    reason: str
    count: int
    names: tuple[str, ...]


@dataclass(slots=True)
class DemandView:
    id: str
    text: str
    counts: Counter[str] = field(default_factory=Counter)
    records: set[int] = field(default_factory=set)
    gaps: tuple[Gap, ...] = ()

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def done(self) -> int:
        return self.counts[State.MET] + self.counts[State.LATE]

    @property
    def unproved(self) -> int:
        return sum(self.counts[state] for state in UNPROVED)

    @property
    def waiting(self) -> int:
        return self.counts[State.OPEN]


@dataclass(frozen=True, slots=True)
class LineView:
    """`list`: 履职清单 or 责任清单."""

    list: str
    number: str
    text: str
    demands: tuple[DemandView, ...]


@dataclass(frozen=True, slots=True)
class PostView:
    position: Position
    lines: tuple[LineView, ...]

    @property
    def demands(self) -> Iterator[DemandView]:
        return (demand for line in self.lines for demand in line.demands)

    @property
    def unproved(self) -> int:
        return sum(demand.unproved for demand in self.demands)


def posts(choice: Choice, *, company_id: int, trade: str) -> tuple[PostView, ...]:
    """The chosen posts in printed order, each line that was owed in the period."""
    if (choice.kinds or choice.occasion) and not choice.positions:
        return ()
    chosen = [p for p in own.positions(company_id) if not choice.positions or p.id in choice.positions]
    rows = _owed(choice, company_id).filter(position__in=[position.id for position in chosen])
    demands = _demands(rows)
    found = (PostView(position, tuple(_lines(position, demands))) for position in chosen)
    return tuple(post for post in found if post.lines)


def _owed(choice: Choice, company_id: int) -> QuerySet[Obligation]:
    """Begun before the period ended, and not due before it began."""
    begun = visible(company_id).filter(starts__lt=choice.until).exclude(state=State.UPCOMING)
    return begun.filter(Q(due=None) | Q(due__gt=midnight(choice.since)))


def _demands(rows: QuerySet[Obligation]) -> dict[str, DemandView]:
    found: dict[str, DemandView] = {}
    counted = rows.order_by().values_list("requirement", "state")
    for requirement, state, n, facts in counted.annotate(
        n=Count("id"), proven=JSONBAgg("facts", distinct=True)
    ):
        view = found.setdefault(requirement, DemandView(requirement, ""))
        view.counts[state] += n
        view.records.update(record for each in facts for record in each)
    for requirement, gaps in _gaps(rows.filter(state__in=UNPROVED)).items():
        found[requirement].gaps = gaps
    return found


def _gaps(rows: QuerySet[Obligation]) -> dict[str, tuple[Gap, ...]]:
    """Those of one period and state together."""
    together: dict[tuple[str, date, str], list[ObligationRow]] = defaultdict(list)
    for row in rows_of(list(rows.order_by("requirement", "starts", "id")[:MOST_NAMED])):
        together[row.requirement, row.starts, row.state].append(row)
    counted = rows.order_by().values_list("requirement", "starts", "state").annotate(n=Count("id"))
    found: dict[str, list[Gap]] = defaultdict(list)
    for requirement, starts, state, n in sorted(counted):
        known = together.get((requirement, starts, state), [])
        found[requirement].append(_gap(starts, known, n))
    return {requirement: tuple(gaps) for requirement, gaps in found.items()}


def _gap(starts: date, known: Sequence[ObligationRow], count: int) -> Gap:
    names = dict.fromkeys(filter(None, (row.subject_name or row.person_name for row in known)))
    label, reason = (known[0].state_label, known[0].reason_text) if known else ("", "")
    return Gap(starts, label, reason, count, tuple(names)[:NAMES])


def _lines(position: Position, demands: Mapping[str, DemandView]) -> Iterator[LineView]:
    known: set[str] = set()
    for name, lines in (("履职清单", position.duties), ("责任清单", position.responsibilities)):
        for line in lines:
            known.update(requirement.id for requirement in line.requirements)
            if owed := tuple(_of_line(line, demands)):
                yield LineView(name, line.number, line.text, owed)
    gone = [view for key, view in demands.items() if key.startswith(f"{position.id}.") and key not in known]
    if gone:
        named = tuple(_named(view, _text_of(view.id)) for view in gone)
        yield LineView("原清单", "", "现行清单中已没有的要求", named)


def _text_of(requirement_id: str) -> str:
    try:
        return own.requirement(requirement_id).text
    except KeyError:
        return requirement_id


def _of_line(line: Line, demands: Mapping[str, DemandView]) -> Iterator[DemandView]:
    for requirement in line.requirements:
        if view := demands.get(requirement.id):
            yield _named(view, requirement.text)


def _named(view: DemandView, text: str) -> DemandView:
    view.text = text
    return view


def records_in(found: Iterable[PostView]) -> set[int]:
    return {record for post in found for demand in post.demands for record in demand.records}
