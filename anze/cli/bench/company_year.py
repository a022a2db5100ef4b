"""Verdicts of one large company over a year: pure rules, no database.

The catalogue holds two of the eleven posts; the others are copies of them under other ids, and one asks for
every vehicle each month.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

from anze.cli.bench.figures import Figure, Outcome, milliseconds
from anze.records.lawbook import lawbook
from anze.rules.catalogue.model import Catalogue, Every, Kind, Layer, Position, Proof, Requirement, Role, Term
from anze.rules.duties import Rulebook, decide
from anze.rules.evidence import Attendance, Fact, Part
from anze.rules.periods import add_months, day_of, midnight
from anze.rules.posts import Company, Holding, Span

TRADE, AREA, POSTS = "coach", "330200", 11
NOW = datetime(2026, 12, 31, 4, tzinfo=UTC)
YEAR = date(2026, 1, 1)
FLEET_POST = "coach.bench11"


def run(*, people: int = 300, vehicles: int = 1000, times: int = 7) -> Outcome:
    book = Rulebook(widened(lawbook()), TRADE, AREA)
    company = _company(book, people, vehicles)
    facts = list(_facts(company))
    decided = decide(book, company, facts, NOW)
    taken = milliseconds(lambda: decide(book, company, facts, NOW), times=times)
    return Outcome(
        "company-year",
        "Verdicts of a company over a year",
        f"{POSTS} posts, {people} people, {vehicles:,} vehicles, {len(facts):,} records, "
        f"{len(decided):,} verdicts; median of {times} runs, once loaded.",
        (Figure("all verdicts", taken[len(taken) // 2], "ms", 500),),
    )


def widened(catalogue: Catalogue) -> Catalogue:
    """With eleven posts in the trade."""
    printed = catalogue.positions_of(TRADE)
    positions = dict(catalogue.positions)
    for number in range(len(printed) + 1, POSTS + 1):
        copy = _renamed(printed[number % len(printed)], f"{TRADE}.bench{number}", number)
        positions[copy.id] = copy
    last = positions[FLEET_POST]
    line = last.duties[0]
    line = replace(line, requirements=(*line.requirements, *_of_each_vehicle(line.requirements[0])))
    positions[FLEET_POST] = replace(last, duties=(line, *last.duties[1:]))
    return replace(catalogue, positions=positions)


def _renamed(position: Position, new: str, number: int) -> Position:
    def renamed(requirement: Requirement) -> Requirement:
        tail = requirement.id.removeprefix(position.id)
        return replace(requirement, id=f"{new}{tail}", position=new)

    duties = tuple(
        replace(line, requirements=tuple(renamed(r) for r in line.requirements if r.subject is None))
        for line in position.duties
    )
    return replace(position, id=new, number=number, duties=duties, responsibilities=())


def _of_each_vehicle(like: Requirement) -> Iterator[Requirement]:
    """One by the month, one by the quarter."""
    for mark, every in (("v1", Every.MONTH), ("v2", Every.QUARTER)):
        term = Term(since=date(2020, 1, 1), cite=like.cite, layer=Layer.NATIONAL, every=every)
        yield replace(
            like,
            id=f"{FLEET_POST}.{mark}.a",
            position=FLEET_POST,
            kind=Kind.PER_SUBJECT,
            subject="vehicle",
            proofs=(Proof("inspection.safety", None),),
            terms=(term,),
            triggers=(),
            asks=None,
            floor=None,
        )


def _company(book: Rulebook, people: int, vehicles: int) -> Company:
    """Each post has one holder; two thirds of the people drive."""
    year = Span(YEAR)
    posts = [p.id for p in book.catalogue.positions_of(TRADE)]
    return Company(
        id=1,
        trade=TRADE,
        area=AREA,
        judged_from=YEAR,
        holdings=tuple(Holding(n, n, post, year) for n, post in enumerate(posts, start=1)),
        subjects={
            "employee": dict.fromkeys(range(1, people + 1), year),
            "driver": dict.fromkeys(range(people // 3 + 1, people + 1), year),
            "vehicle": dict.fromkeys(range(1, vehicles + 1), year),
            "department": {1: year, 2: year},
        },
    )


def _facts(company: Company) -> Iterator[Fact]:
    """Each month a study of all drivers, one query about them, and an inspection of each twenty vehicles."""
    drivers, vehicles = list(company.subjects["driver"]), list(company.subjects["vehicle"])
    crew = tuple(Part(n, Role.PARTICIPANT, Attendance.ATTENDED) for n in drivers)
    number = 0
    for month in range(12):
        at = midnight(add_months(YEAR, month)) + timedelta(days=9, hours=1)
        for kind, role in (("training.driver-study", Role.ORGANISER), ("violation.query", Role.RECORDER)):
            number += 1
            yield _fact(number, kind, at, (Part(2, role), *crew))
        for start in range(0, len(vehicles), 20):
            number += 1
            covered = frozenset(("vehicle", n) for n in vehicles[start : start + 20])
            yield replace(
                _fact(number, "inspection.safety", at, (Part(2, Role.INSPECTOR),)), subjects=covered
            )


def _fact(number: int, kind: str, at: datetime, parts: tuple[Part, ...]) -> Fact:
    return Fact(
        id=number,
        kind=kind,
        day=day_of(at),
        happened=at,
        received=at + timedelta(hours=6),
        parts=parts,
        numbers={"hours": Fraction(5, 2)},
    )
