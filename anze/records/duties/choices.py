"""What the company decided for itself: frequencies and limits of vague duties, and waivers. Reads only."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet

from anze.records.acting.context import current
from anze.records.acting.permissions import require
from anze.records.demands import queries as demands
from anze.records.duties.cases import committed_term, rulebook, term_of, trade_and_area
from anze.records.duties.models import Commitment, Waiver
from anze.records.duties.words import number_in_words, rule_in_words
from anze.records.lawbook import lawbook
from anze.records.people.models import Holding, Person
from anze.rules.catalogue.model import Every, Kind, Limit, Line, Position, Requirement
from anze.rules.duties.tailoring import of_law
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
class Demand:
    """A demand with its place in the printed list."""

    text: str
    position: str
    position_name: str
    line_id: str
    line_text: str


@dataclass(frozen=True, slots=True)
class Tailored:
    """A demand that the company made stricter; `lawful`: the number of law and place today."""

    requirement: str
    text: str
    position: str
    position_name: str
    line_id: str
    lawful: str
    history: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class WaiverRow:
    """`state`: coming, running or over. `law`: the demand rests on more than the published list."""

    id: int
    requirement: str
    text: str
    position_name: str
    since: date
    until: date | None
    reason: str
    person_name: str | None
    decided_by: str
    decided_at: datetime
    ended_by: str
    ended_at: datetime | None
    end_reason: str
    state: str
    law: bool


def vague_duties(*, company_id: int, trade: str) -> list[VagueDuty]:
    """Every demand left to the company, in printed order."""
    require("see_company")
    made: dict[str, list[Choice]] = {}
    for row in Commitment.objects.filter(company_id=company_id).order_by("-since"):
        made.setdefault(row.requirement, []).append(_choice(row))
    return [
        VagueDuty(position, line, requirement, _floor(requirement), tuple(made.get(requirement.id, ())))
        for position in lawbook().positions_of(trade)
        for line in (*position.responsibilities, *position.duties)
        for requirement in _vague(line.requirements)
    ]


def vague_counts(*, company_id: int, trade: str) -> dict[str, int]:
    """Of the posts that somebody has held: `total`, `fixed` today, `open`."""
    require("see_company")
    held = set(Holding.objects.filter(company_id=company_id).values_list("position", flat=True))
    asked = [r.id for p in lawbook().positions_of(trade) if p.id in held for r in _vague(p.requirements)]
    begun = Commitment.objects.filter(company_id=company_id, since__lte=current().today)
    fixed = begun.filter(requirement__in=asked).values("requirement").distinct().count()
    return {"total": len(asked), "fixed": fixed, "open": len(asked) - fixed}


def tailored(*, company_id: int) -> list[Tailored]:
    """Demands whose number the company set stricter than law and place, in printed order."""
    require("see_company")
    rows: dict[str, list[Commitment]] = {}
    for row in Commitment.objects.filter(company_id=company_id).order_by("-since"):
        if demands.requirement(row.requirement).kind is not Kind.COMMITTED:
            rows.setdefault(row.requirement, []).append(row)
    book = rulebook(*trade_and_area(company_id))
    found = []
    for key in sorted(rows, key=list(book.requirements).index):
        asked = book.asked_of(book.requirements[key], current().today)
        lawful = number_in_words(book.requirements[key], asked[0]) if asked else ""
        demanded = demand(key)
        found.append(
            Tailored(
                requirement=key,
                text=demanded.text,
                position=demanded.position,
                position_name=demanded.position_name,
                line_id=demanded.line_id,
                lawful=lawful,
                history=tuple(_choice(row) for row in rows[key]),
            )
        )
    return found


def history(*, company_id: int, requirement: str) -> list[Choice]:
    """What the company set for one demand, newest first."""
    rows = Commitment.objects.filter(company_id=company_id, requirement=requirement).order_by("-since")
    return [_choice(row) for row in rows]


def demand(requirement_id: str) -> Demand:
    """Raises KeyError for an id that no file declares."""
    requirement = demands.requirement(requirement_id)
    position = lawbook().positions[requirement.position]
    lines = (*position.responsibilities, *position.duties)
    line = next(line for line in lines if line.id == requirement.line)
    return Demand(requirement.text, position.id, position.name, line.id, line.text)


def _choice(row: Commitment) -> Choice:
    rule = "恢复国家和地方规定"
    if not row.ended:
        rule = rule_in_words(demands.requirement(row.requirement), term_of(row))
    return Choice(row.since, rule, row.reason, row.decided_by, row.decided_at)


def all_waivers(*, company_id: int) -> list[WaiverRow]:
    """Of every demand; those that still run first, then the newest."""
    require("see_company")
    rows = _waiver_rows(Waiver.objects.filter(company_id=company_id).order_by("-since", "-pk"))
    return sorted(rows, key=lambda row: row.state == "over")


def waivers(*, company_id: int, requirement: str) -> list[WaiverRow]:
    found = Waiver.objects.filter(company_id=company_id, requirement=requirement)
    return _waiver_rows(found.order_by("-since"))


def _waiver_rows(found: QuerySet[Waiver]) -> list[WaiverRow]:
    rows = list(found)
    people = [r.person_id for r in rows if r.person_id is not None]
    names = dict(Person.objects.filter(id__in=people).values_list("id", "name")) if people else {}
    return [_waiver(row, names.get(row.person_id or 0)) for row in rows]


def _waiver(row: Waiver, person_name: str | None) -> WaiverRow:
    demanded, today = demand(row.requirement), current().today
    book = rulebook(*trade_and_area(row.company_id))
    state = "coming" if today < row.since else "running"
    return WaiverRow(
        id=row.pk,
        requirement=row.requirement,
        text=demanded.text,
        position_name=demanded.position_name,
        since=row.since,
        until=row.until,
        reason=row.reason,
        person_name=person_name,
        decided_by=row.decided_by,
        decided_at=row.decided_at,
        ended_by=row.ended_by,
        ended_at=row.ended_at,
        end_reason=row.end_reason,
        state="over" if row.until is not None and row.until <= today else state,
        law=of_law(book, demands.requirement(row.requirement), row.since),
    )


def promised(
    requirement_id: str, *, since: date, every: Every | None, times: int, within: Limit | None
) -> str:
    """The rule in words, before it is saved."""
    term = committed_term(since=since, every=every, times=times, within=within)
    return rule_in_words(demands.requirement(requirement_id), term)


def next_periods(every: Every, after: date, *, count: int = 5) -> list[Period]:
    """The periods that would be owed from a day on."""
    return list(periods_between(every, after, add_months(after + ONE_DAY, 12 * count))[:count])


def _vague(requirements: Iterable[Requirement]) -> list[Requirement]:
    return [r for r in requirements if r.kind is Kind.COMMITTED]


def _floor(requirement: Requirement) -> str | None:
    return rule_in_words(requirement, requirement.floor) if requirement.floor is not None else None
