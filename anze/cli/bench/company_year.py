"""Verdicts of one large company over a year, all posts of the catalogue held: pure rules, no database."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from itertools import product

from anze.cli.bench.figures import Figure, Outcome, milliseconds
from anze.records.lawbook import lawbook
from anze.rules.catalogue.model import Role
from anze.rules.duties import Rulebook, decide
from anze.rules.evidence import Attendance, Fact, Part
from anze.rules.periods import add_months, day_of, midnight
from anze.rules.posts import Company, Holding, Span

TRADE, AREA, MANAGER = "coach", "330200", "coach.safety_manager"
NOW = datetime(2026, 12, 31, 4, tzinfo=UTC)
YEAR = date(2026, 1, 1)


def run(*, people: int = 300, vehicles: int = 1000, times: int = 7) -> Outcome:
    book = Rulebook(lawbook(), TRADE, AREA)
    company = _company(book, people, vehicles)
    facts = list(_facts(book, company))
    decided = decide(book, company, facts, NOW)
    taken = milliseconds(lambda: decide(book, company, facts, NOW), times=times)
    return Outcome(
        "company-year",
        "Verdicts of a company over a year",
        f"{len(company.holdings)} posts, {people} people, {vehicles:,} vehicles, {len(facts):,} records, "
        f"{len(decided):,} verdicts; median of {times} runs, once loaded.",
        (Figure("all verdicts", taken[len(taken) // 2], "ms", 500),),
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


def _facts(book: Rulebook, company: Company) -> Iterator[Fact]:
    """Each month a study of all drivers, one query about them, and each check of each twenty vehicles."""
    manager = next(h.person for h in company.holdings if h.position == MANAGER)
    checks = sorted({p.kind for r in book.requirements.values() if r.subject == "vehicle" for p in r.proofs})
    drivers, vehicles = list(company.subjects["driver"]), list(company.subjects["vehicle"])
    crew = tuple(Part(n, Role.PARTICIPANT, Attendance.ATTENDED) for n in drivers)
    number = 0
    for month in range(12):
        at = midnight(add_months(YEAR, month)) + timedelta(days=9, hours=1)
        for kind, role in (("training.driver-study", Role.ORGANISER), ("violation.query", Role.RECORDER)):
            number += 1
            yield _fact(number, kind, at, (Part(manager, role), *crew))
        for kind, start in product(checks, range(0, len(vehicles), 20)):
            number += 1
            covered = frozenset(("vehicle", n) for n in vehicles[start : start + 20])
            yield replace(_fact(number, kind, at, (Part(manager, Role.INSPECTOR),)), subjects=covered)


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
