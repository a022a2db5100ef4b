"""What somebody owes, what begins next, and what others must see to for them: read together, for one page."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, F, Min, Q, QuerySet

from anze.records.acting.context import current
from anze.records.acting.paging import LARGEST_PAGE
from anze.records.duties.models import Obligation
from anze.records.duties.queries import stood_in_for, visible
from anze.records.duties.rows import ObligationRow, rows_of
from anze.rules.duties import State

OWING = (State.MISSED, State.OPEN, State.UNSET)
WAITING = (State.MISSED, State.OPEN)
ABOUT_PEOPLE = ("driver", "employee")
URGENCY = (F("due").asc(nulls_last=True), "requirement", "starts", "id")
MOST_SINGLE = LARGEST_PAGE * 5


@dataclass(frozen=True, slots=True)
class Group:
    """One requirement in one period for one holder: a single row, or many subjects counted together."""

    row: ObligationRow  # the obligation, or for subjects one that is not settled
    total: int
    settled: int  # met, late, waived or exempt
    worst: str


@dataclass(frozen=True, slots=True)
class Workbench:
    """`owed`: in person and for the posts held, by urgency, subjects grouped. `coming`: once per demand.

    `about`: open or missed demands on others, with this person as their subject.
    """

    owed: list[Group]
    coming: list[ObligationRow]
    about: list[Group]


def workbench(*, person_id: int | None, positions: Sequence[str]) -> Workbench:
    own = Q(person=person_id) | Q(person=None, position__in=list(positions))
    if person_id is not None and person_id == current().actor.person:
        own |= stood_in_for()
    mine = visible(None).filter(own)
    many = _counted(mine.filter(state__in=OWING).exclude(subject=None))
    rows = {row.id: row for row in rows_of(_together(mine, person_id, [m["first"] for m in many]))}
    totals = _totals(mine, {m["requirement"] for m in many}, {m["starts"] for m in many})
    groups = [
        Group(row, 1, 0, row.state) for row in rows.values() if row.subject_id is None and row.state in OWING
    ]
    for counted in many:
        row = rows[counted["first"]]
        total = totals[row.requirement, row.starts, row.due]
        groups.append(Group(row, total, total - counted["n"], row.state))
    about = [row for row in rows.values() if _is_about(row, person_id)]
    coming = [row for row in rows.values() if row.state == State.UPCOMING]
    return Workbench(
        owed=sorted(groups, key=lambda g: (g.row.due is None, g.row.due or g.row.since, g.row.requirement)),
        coming=sorted(coming, key=lambda row: (row.starts, row.requirement)),
        about=[Group(row, 1, 0, row.state) for row in about],
    )


def grouped(mine: QuerySet[Obligation]) -> list[Group]:
    """What is unsettled of these, by urgency, subjects grouped."""
    unsettled = mine.filter(state__in=OWING)
    many = _counted(unsettled.exclude(subject=None))
    firsts = list(Obligation.objects.filter(pk__in=[m["first"] for m in many]))
    single = list(unsettled.filter(subject=None).order_by(*URGENCY)[:MOST_SINGLE])
    rows = {row.id: row for row in rows_of([*single, *firsts])}
    totals = _totals(mine, {m["requirement"] for m in many}, {m["starts"] for m in many})
    groups = [Group(rows[each.pk], 1, 0, each.state) for each in single]
    for counted in many:
        row = rows[counted["first"]]
        total = totals[row.requirement, row.starts, row.due]
        groups.append(Group(row, total, total - counted["n"], row.state))
    return sorted(groups, key=lambda g: (g.row.due is None, g.row.due or g.row.since, g.row.requirement))


def _together(mine: QuerySet[Obligation], person_id: int | None, firsts: list[int]) -> list[Obligation]:
    """Single obligations, one of each group of subjects, what comes and what is about the person."""
    single = mine.filter(state__in=OWING, subject=None).order_by(*URGENCY)[:MOST_SINGLE]
    coming = mine.filter(state=State.UPCOMING).order_by("requirement", "starts", "id").distinct("requirement")
    about = visible(None).filter(subject_type__in=ABOUT_PEOPLE, subject=person_id, state__in=WAITING)
    groups = Obligation.objects.filter(pk__in=firsts).order_by()
    return list(single.union(coming, about.order_by()[:LARGEST_PAGE], groups, all=True))


def _is_about(row: ObligationRow, person_id: int | None) -> bool:
    return row.subject_type in ABOUT_PEOPLE and row.subject_id == person_id and row.state in WAITING


def _counted(subjects: QuerySet[Obligation]) -> Sequence[Any]:
    counted = subjects.values("requirement", "starts", "due", "state").annotate(
        n=Count("id"), first=Min("id")
    )
    return list(counted.order_by("due", "requirement")[:LARGEST_PAGE])


def _totals(
    every: QuerySet[Obligation], requirements: Set[str], starts: Set[date]
) -> dict[tuple[str, date, datetime | None], int]:
    if not requirements:
        return {}
    rows = every.exclude(subject=None).filter(requirement__in=requirements, starts__in=starts)
    counted = rows.values_list("requirement", "starts", "due").annotate(n=Count("id"))
    return {(requirement, starts, due): n for requirement, starts, due, n in counted}
