"""What the company decided for itself: frequencies and limits of vague duties, and waivers. Reads only."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from anze.records.acting.permissions import require
from anze.records.duties.cases import committed_term, term_of
from anze.records.duties.models import Commitment, Waiver
from anze.records.duties.words import rule_in_words
from anze.records.lawbook import lawbook
from anze.records.people.models import Person
from anze.rules.catalogue.model import Every, Kind, Limit, Line, Position, Requirement
from anze.rules.periods import ONE_DAY, Period, add_months, periods_between


@dataclass(frozen=True, slots=True)
class Choice:
    """One commitment, in words."""

    since: date
    rule: str
    reason: str
    decided_by: str
    decided_at: datetime


@dataclass(frozen=True, slots=True)
class VagueDuty:
    """A demand whose frequency or limit the text leaves open; `history` is newest first."""

    position: Position
    line: Line
    requirement: Requirement
    floor_rule: str | None
    history: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class WaiverRow:
    id: int
    since: date
    until: date | None
    reason: str
    person_name: str | None
    decided_by: str
    decided_at: datetime


def vague_duties(*, company_id: int, trade: str) -> list[VagueDuty]:
    """Every demand left to the company, in printed order."""
    require("see_company")
    made: dict[str, list[Choice]] = {}
    for row in Commitment.objects.filter(company_id=company_id).order_by("-since"):
        rule = rule_in_words(lawbook().requirement(row.requirement), term_of(row))
        choice = Choice(row.since, rule, row.reason, row.decided_by, row.decided_at)
        made.setdefault(row.requirement, []).append(choice)
    return [
        VagueDuty(position, line, requirement, _floor(requirement), tuple(made.get(requirement.id, ())))
        for position in lawbook().positions_of(trade)
        for line in (*position.responsibilities, *position.duties)
        for requirement in _vague(line.requirements)
    ]


def waivers(*, company_id: int, requirement: str) -> list[WaiverRow]:
    rows = Waiver.objects.filter(company_id=company_id, requirement=requirement).order_by("-since")
    names = dict(Person.objects.filter(id__in=[r.person_id for r in rows]).values_list("id", "name"))
    return [
        WaiverRow(r.pk, r.since, r.until, r.reason, names.get(r.person_id or 0), r.decided_by, r.decided_at)
        for r in rows
    ]


def promised(
    requirement_id: str, *, since: date, every: Every | None, times: int, within: Limit | None
) -> str:
    """The rule in words, before it is saved."""
    term = committed_term(since=since, every=every, times=times, within=within)
    return rule_in_words(lawbook().requirement(requirement_id), term)


def next_periods(every: Every, after: date, *, count: int = 5) -> list[Period]:
    """The periods that would be owed from a day on."""
    return list(periods_between(every, after, add_months(after + ONE_DAY, 12 * count))[:count])


def _vague(requirements: Iterable[Requirement]) -> list[Requirement]:
    return [r for r in requirements if r.kind is Kind.COMMITTED]


def _floor(requirement: Requirement) -> str | None:
    return rule_in_words(requirement, requirement.floor) if requirement.floor is not None else None
