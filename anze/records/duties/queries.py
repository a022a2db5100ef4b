"""What is owed, by whom, how it stands and why. Reads only; every answer is inside the acting scope.

Whoever may not see the whole company sees what they owe themselves, in person or by a post, and what is owed
about them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypedDict, Unpack

from django.db.models import Count, Q, QuerySet

from anze.records.acting.context import current
from anze.records.acting.errors import NotFound
from anze.records.acting.paging import PAGE_SIZE, Page
from anze.records.acting.permissions import may, require
from anze.records.duties.listing import page_of
from anze.records.duties.models import Obligation
from anze.records.duties.rows import ObligationRow, rows_of
from anze.records.duties.words import reason_in_words
from anze.records.lawbook import lawbook
from anze.records.people.queries import holdings, my_positions
from anze.rules.duties import WORST_FIRST, State
from anze.rules.periods import ONE_DAY, midnight

LARGEST_ID = 2**63 - 1
MOST_PROVED = 2000  # one session of every driver, for each requirement it proves


class Filters(TypedDict, total=False):
    """What the list can be narrowed to.

    `standing`: rows without a month; `line`: a printed line's parts; `day`: the last on which it can be done;
    `person_id`: what they owe; `of_person`: also by the posts they hold today, and what is owed about them.
    """

    company_id: int | None
    position: str | None
    requirement: str | None
    line: str | None
    states: Sequence[str]
    month: date | None
    standing: bool
    starts: date | None
    day: date | None
    person_id: int | None
    of_person: int | None
    vehicle: int | None
    event: int | None
    layer: str | None


@dataclass(frozen=True, slots=True)
class RequirementStanding:
    """How a requirement stands now: its worst current obligation and the counts by state."""

    requirement: str
    state: str
    counts: dict[str, int]
    obligation_id: int
    reason_text: str
    due: datetime | None
    missed_before: int  # periods or subjects missed earlier and not made up


@dataclass(frozen=True, slots=True)
class Grounds:
    """What a stored verdict rests on."""

    cites: tuple[str, ...]  # clause ids: instrument#clause
    facts: tuple[int, ...]  # record ids
    edition: str
    decided_at: datetime


def obligations(*, page: int = 1, size: int = PAGE_SIZE, **filters: Unpack[Filters]) -> Page[ObligationRow]:
    """The filtered list, most urgent first."""
    return page_of(_filtered(filters), page, size)


def all_obligations(**filters: Unpack[Filters]) -> Iterator[ObligationRow]:
    """For export: the same filters, in steps, so that no list is ever whole in memory.

    What the actor may not see is refused here, before the first row.
    """
    return _in_steps(_filtered(filters).order_by("id"))


def obligation(obligation_id: int) -> ObligationRow:
    """Raises NotFound outside the scope."""
    return rows_of([_one(obligation_id)])[0]


def grounds(obligation_id: int) -> Grounds:
    row = _one(obligation_id)
    return Grounds(tuple(row.cites), tuple(row.facts), row.edition, row.decided_at)


def siblings(obligation_id: int, *, limit: int = 13) -> list[ObligationRow]:
    """The same demand on the same holder and subject in other periods, newest first."""
    row = _one(obligation_id)
    same = Obligation.objects.filter(
        company_id=row.company_id,
        requirement=row.requirement,
        person=row.person,
        subject_type=row.subject_type,
        subject=row.subject,
    )
    return rows_of(list(same.order_by("-starts", "-id")[:limit]))


def proved_by(record_id: int, *, company_id: int) -> list[ObligationRow]:
    """What a sealed record proves, in whole or in part."""
    found = visible(company_id).filter(facts__contains=[record_id])
    return rows_of(list(found.order_by("requirement", "starts", "subject")[:MOST_PROVED]))


def post_standing(position: str, *, company_id: int | None = None) -> dict[str, RequirementStanding]:
    """Requirement id -> how it stands today; requirements without obligations are absent.

    The running period speaks; while it is open, the one before it speaks too. Older misses are only counted.
    """
    rows = visible(company_id).filter(position=position).exclude(state=State.UPCOMING)
    grouped = rows.values_list("requirement", "starts", "state").annotate(n=Count("id"))
    periods: dict[str, dict[date, dict[str, int]]] = {}
    for requirement, starts, state, count in grouped.order_by("requirement", "-starts"):
        periods.setdefault(requirement, {}).setdefault(starts, {})[state] = count
    return _standings(company_id, position, periods)


def line_state(states: Iterable[str]) -> str | None:
    """The worst of a line's parts; None when nothing is owed under it."""
    known = set(states)
    return next((s.value for s in WORST_FIRST if s.value in known), None)


def companies_due(at: datetime) -> list[int]:
    """Companies in scope that hold a verdict which has expired, for the sweep."""
    rows = Obligation.objects.filter(until__lte=at).order_by("company_id").distinct("company_id")
    return list(rows.values_list("company_id", flat=True))


def is_stale(company_id: int) -> bool:
    return Obligation.objects.filter(company_id=company_id, until__lte=current().at).exists()


def _in_steps(found: QuerySet[Obligation]) -> Iterator[ObligationRow]:
    last = 0
    while chunk := list(found.filter(id__gt=last)[:2000]):
        yield from rows_of(chunk)
        last = chunk[-1].pk


def stood_in_for() -> Q:
    """What the holder owes in person whom the actor stands in for, where the list allows a deputy."""
    found = Q(pk=None)
    for holder, position in current().actor.covered:
        known = lawbook().positions.get(position)
        allowed = [r.id for r in known.requirements if r.deputy] if known else []
        found |= Q(person=holder, requirement__in=allowed)
    return found


def visible(company_id: int | None) -> QuerySet[Obligation]:
    """What the actor may see, of one company or of all in scope. For the readings of this app."""
    rows = Obligation.objects.all()
    if company_id is not None:
        rows = rows.filter(company_id=company_id)
    scope = current()
    if may(scope.actor, "see_company"):
        return rows
    require("see_own")
    person = scope.actor.person
    return rows.filter(
        Q(person=person)
        | stood_in_for()
        | Q(person=None, position__in=my_positions())
        | Q(subject_type__in=["driver", "employee"], subject=person)
    )


def _one(obligation_id: int) -> Obligation:
    row = visible(None).filter(id=obligation_id).first() if 0 < obligation_id <= LARGEST_ID else None
    if row is None:
        raise NotFound("没有这项义务，或您无权查看。")
    return row


def _filtered(filters: Filters) -> QuerySet[Obligation]:
    vehicle = filters.get("vehicle")
    exact = {
        "position": filters.get("position"),
        "requirement": filters.get("requirement"),
        "month": filters.get("month"),
        "starts": filters.get("starts"),
        "person": filters.get("person_id"),
        "event": filters.get("event"),
        "layer": filters.get("layer"),
        "subject": vehicle,
        "subject_type": None if vehicle is None else "vehicle",
    }
    rows = visible(filters.get("company_id"))
    rows = rows.filter(**{name: value for name, value in exact.items() if value is not None})
    if line := filters.get("line"):
        rows = rows.filter(requirement__startswith=f"{line}.")
    if states := filters.get("states"):
        rows = rows.filter(state__in=list(states))
    if filters.get("standing"):
        rows = rows.filter(month=None)
    if day := filters.get("day"):
        rows = rows.filter(due__gt=midnight(day), due__lte=midnight(day + ONE_DAY))
    if person := filters.get("of_person"):
        rows = rows.filter(concerning(person))
    return rows


def concerning(person_id: int) -> Q:
    """What a person owes, in person or by the posts held today, and what is owed about them."""
    held = {holding.position for holding in holdings(current().today, person_id=person_id)}
    own = Q(person=person_id)
    if person_id == current().actor.person:  # and what they stand in for, as on their workbench
        held |= set(my_positions())
        own |= stood_in_for()
    return (
        own
        | Q(person=None, position__in=held)
        | Q(subject_type__in=["driver", "employee"], subject=person_id)
    )


def _standings(
    company_id: int | None, position: str, periods: dict[str, dict[date, dict[str, int]]]
) -> dict[str, RequirementStanding]:
    """Each requirement's worst current obligation stands for it."""
    counts: dict[str, dict[str, int]] = {}
    wanted = Q(pk=None)
    for requirement, by_start in periods.items():
        speaking = _speaking(by_start)
        counts[requirement] = _merged(by_start[day] for day in speaking)
        wanted |= Q(requirement=requirement, starts__in=speaking, state=line_state(counts[requirement]))
    rows = visible(company_id).filter(wanted, position=position).order_by("requirement", "-starts", "id")
    return {
        row.requirement: RequirementStanding(
            requirement=row.requirement,
            state=row.state,
            counts=counts[row.requirement],
            obligation_id=row.pk,
            reason_text=reason_in_words(row.reason, done=row.done, needed=row.needed),
            due=row.due,
            missed_before=_merged(periods[row.requirement].values()).get(State.MISSED, 0)
            - counts[row.requirement].get(State.MISSED, 0),
        )
        for row in rows.distinct("requirement")
    }


def _speaking(by_start: dict[date, dict[str, int]]) -> list[date]:
    """Starts of the periods that speak now, newest first: the newest, those still open, and one before."""
    days = list(by_start)
    still_open = [day for day in days if State.OPEN in by_start[day]]
    return list(dict.fromkeys([days[0], *still_open, *days[1 : 1 + (days[0] in still_open)]]))


def _merged(counts: Iterable[dict[str, int]]) -> dict[str, int]:
    merged: dict[str, int] = {}
    for one in counts:
        for state, count in one.items():
            merged[state] = merged.get(state, 0) + count
    return merged
