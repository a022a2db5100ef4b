"""The report of one month: what fell due in it or stood at its end, for the company or for one person."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from anze.records.acting.context import current
from anze.records.acting.permissions import may, require
from anze.records.duties.report_lines import Group, ReportLine, groups_of, lines_of
from anze.records.duties.words import STATE_LABELS
from anze.records.lawbook import lawbook
from anze.records.people import queries as people
from anze.records.tenants import queries as tenants
from anze.rules.catalogue.model import Position
from anze.rules.duties import WORST_FIRST, State
from anze.rules.periods import add_months, midnight
from anze.rules.reports import Change, month_end, standing_in

DONE = (State.MET, State.LATE)


@dataclass(frozen=True, slots=True)
class HolderSpan:
    """`until`: the first day without the post."""

    name: str
    since: date
    until: date | None


@dataclass(frozen=True, slots=True)
class PostReport:
    position: Position
    holders: tuple[HolderSpan, ...]
    lines: tuple[ReportLine, ...]
    totals: dict[str, int]


@dataclass(frozen=True, slots=True)
class StateTotal:
    """How many of what falls due in the month stand so, and how many in the month before."""

    state: str
    label: str
    now: int
    before: int

    @property
    def difference(self) -> int:
        return self.now - self.before


@dataclass(frozen=True, slots=True)
class MonthReport:
    company: tenants.CompanyRow
    month: date
    before: date
    at: datetime  # the states are those of this instant
    running: bool  # the month is not over
    judged_before: bool  # the month before was judged too
    person_id: int | None
    person_name: str
    posts: tuple[PostReport, ...]
    totals: tuple[StateTotal, ...]
    standing: tuple[StateTotal, ...]  # of what has no due day, at the month's end; `before` is always 0
    unknown: int  # without a due day, and changed since the month: how it stood then is not kept

    @property
    def due(self) -> int:
        return sum(total.now for total in self.totals)

    @property
    def share(self) -> int | None:
        """Percent of what was judged that was done, late included; None where nothing was."""
        return _share({total.state: total.now for total in self.totals})

    @property
    def share_before(self) -> int | None:
        return _share({total.state: total.before for total in self.totals})

    @property
    def better(self) -> tuple[ReportLine, ...]:
        return self._changed(Change.BETTER)

    @property
    def worse(self) -> tuple[ReportLine, ...]:
        return self._changed(Change.WORSE)

    def _changed(self, wanted: Change) -> tuple[ReportLine, ...]:
        return tuple(line for post in self.posts for line in post.lines if line.change == wanted)


def month_report(*, company_id: int, month: date, person_id: int | None = None) -> MonthReport:
    """Whoever may not see the company is shown their own report only. Raises NotPermitted, and NotFound."""
    scope = current()
    require("see_own" if person_id is not None and person_id == scope.actor.person else "see_company")
    month = month.replace(day=1)
    company = tenants.company(company_id)
    holders = _holders(company_id, month, person_id)
    every = groups_of(company_id, month, person_id, tuple(holders))
    last = [group for group in every if group.month is not None and group.month < month]
    due = [group for group in every if group.month == month]
    lasting = [group for group in every if group.month is None]
    known = [g for g in lasting if standing_in(month, starts=g.starts, since=g.since)]
    lines = lines_of(company_id, month, person_id, tuple(holders), [*due, *known, *last])
    return MonthReport(
        company=company,
        month=month,
        before=add_months(month, -1),
        at=scope.at,
        running=month_end(month) > scope.at,
        judged_before=midnight(month) > midnight(company.judged_from),
        person_id=person_id,
        person_name="" if person_id is None else people.person(person_id).name,
        posts=_posts(company, holders, lines),
        totals=_totals(due, last),
        standing=_totals(known, ()),
        unknown=sum(g.n for g in lasting) - sum(g.n for g in known),
    )


def people_to_report(*, company_id: int) -> list[people.PersonRow]:
    """Those whose report the actor may choose; only oneself for whoever may not see the company."""
    actor = current().actor
    found = people.people(company_id=company_id)
    return found if may(actor, "see_company") else [row for row in found if row.id == actor.person]


def _holders(company_id: int, month: date, person_id: int | None) -> dict[str, list[HolderSpan]]:
    """Position -> who held it in the month: everybody, or the one person only."""
    found: dict[str, list[HolderSpan]] = {}
    end = add_months(month, 1)
    for row in people.holdings(company_id=company_id, person_id=person_id):
        if row.since < end and (row.until is None or row.until > month):
            span = HolderSpan(row.person_name, row.since, row.until)
            found.setdefault(row.position, []).append(span)
    return found


def _posts(
    company: tenants.CompanyRow, holders: dict[str, list[HolderSpan]], lines: Sequence[ReportLine]
) -> tuple[PostReport, ...]:
    """In printed order; posts under which nothing is asked are left out."""
    by_post: dict[str, list[ReportLine]] = {}
    for line in lines:
        by_post.setdefault(line.position, []).append(line)
    return tuple(
        PostReport(
            position,
            tuple(holders.get(position.id, ())),
            tuple(by_post[position.id]),
            dict(sum((Counter(line.counts) for line in by_post[position.id]), Counter[str]())),
        )
        for position in lawbook().positions_of(company.trade)
        if position.id in by_post
    )


def _totals(now: Iterable[Group], before: Iterable[Group]) -> tuple[StateTotal, ...]:
    counts, counts_before = _counts(now), _counts(before)
    return tuple(
        StateTotal(state.value, STATE_LABELS[state], counts[state], counts_before[state])
        for state in WORST_FIRST
        if counts[state] or counts_before[state]
    )


def _counts(groups: Iterable[Group]) -> Counter[str]:
    counts = Counter[str]()
    for group in groups:
        counts[group.state] += group.n
    return counts


def _share(counts: dict[str, int]) -> int | None:
    done = sum(counts.get(state, 0) for state in DONE)
    judged = done + counts.get(State.MISSED, 0)
    return None if not judged else round(100 * done / judged)
