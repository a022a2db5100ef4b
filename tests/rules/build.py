"""Small worlds for the rules: one trade, one post, one requirement at a time."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

from anze.rules.catalogue.model import (
    CalendarYear,
    Catalogue,
    Citation,
    Every,
    Kind,
    Layer,
    Limit,
    LimitUnit,
    Line,
    Overlay,
    OwedBy,
    Position,
    Proof,
    Requirement,
    Role,
    Term,
)  # fmt: skip
from anze.rules.duties import Rulebook, decide
from anze.rules.evidence import Attendance, Fact, Part
from anze.rules.posts import Company, Holding, Span

LIST = Citation("list", "1")
PRINCIPAL = "coach.principal"
BOSS, DEPUTY, NEXT, DRIVER, OTHER_DRIVER = 1, 2, 3, 11, 12
START = date(2025, 1, 1)


def day(text: str) -> date:
    return date.fromisoformat(text)


def at(text: str) -> datetime:
    """Shanghai wall time as an instant."""
    return (datetime.fromisoformat(text) - timedelta(hours=8)).replace(tzinfo=UTC)


def term(since="2020-01-01", *, every=None, times=1, within=None, before=None, layer=Layer.NATIONAL):
    return Term(
        since=day(since),
        cite=(LIST,),
        layer=layer,
        every=None if every is None else Every(every),
        times=times,
        within=None if within is None else limit(within),
        before=None if before is None else limit(before),
    )


def limit(text: str) -> Limit:
    amount, unit = text.split()
    return Limit(int(amount), LimitUnit(unit))


def requirement(kind="quota", *terms, owed_by="post", deputy=True, role="chair", hours=None, **more):
    minima = {} if hours is None else {"hours": Fraction(hours)}
    proof = Proof("meeting", None if role is None else Role(role), minima, more.pop("where", {}))
    return Requirement(
        id="coach.principal.d1.a",
        line="coach.principal.d1",
        position=PRINCIPAL,
        text="开会",
        kind=Kind(kind),
        owed_by=OwedBy(owed_by),
        deputy=deputy,
        proofs=more.pop("proofs", (proof,)),
        terms=tuple(terms),
        cite=(LIST,),
        **more,
    )


def book(
    one: Requirement, *others: Requirement, overlays=(), recording="7 workday", area="330200"
) -> Rulebook:
    line = Line("coach.principal.d1", "1", "开会", (one, *others))
    position = Position(PRINCIPAL, "coach", 1, "主要负责人", "", True, LIST, (), (line,), (), "0" * 12)
    years = {y: CalendarYear(y, frozenset(), frozenset(), LIST) for y in (2024, 2025, 2026)}
    catalogue = Catalogue(
        instruments={},
        positions={PRINCIPAL: position},
        kinds={},
        overlays={o.id: o for o in overlays},
        calendar=years,
        recording=(term(within=recording),) if recording else (),
    )
    return Rulebook(catalogue, "coach", area)


def overlay(*terms: Term, areas=("3302",)) -> Overlay:
    local = tuple(replace(t, layer=Layer.PLACE) for t in terms)
    return Overlay("place", "地方", areas, ("coach",), {"coach.principal.d1.a": local})


def holding(person=BOSS, since="2025-01-01", until=None, key=1) -> Holding:
    return Holding(key, person, PRINCIPAL, Span(day(since), until and day(until)))


def company(*holdings: Holding, judged_from="2025-01-01", **more) -> Company:
    return Company(
        id=1,
        trade="coach",
        area="330200",
        judged_from=day(judged_from),
        holdings=holdings or (holding(),),
        **more,
    )


def fact(
    happened: str, *parts: Part, key=100, received: str | None = None, kind="meeting", hours=None, **more
):
    when = at(happened)
    return Fact(
        id=key,
        kind=kind,
        day=date.fromisoformat(happened[:10]),
        happened=when,
        received=at(received) if received else when + timedelta(hours=1),
        parts=parts or (Part(BOSS, Role.CHAIR),),
        numbers={} if hours is None else {"hours": Fraction(hours)},
        **more,
    )


def part(person=BOSS, role="chair", attendance="attended", hours=None) -> Part:
    return Part(person, Role(role), Attendance(attendance), None if hours is None else Fraction(hours))


def decided(rulebook: Rulebook, facts=(), *, now: str, of: Company | None = None, **narrowed):
    """(first day, person or subject) -> verdict."""
    found = decide(rulebook, of or company(), list(facts), at(now), **narrowed)
    return {(d.obligation.starts, d.obligation.person or d.obligation.subject): d.verdict for d in found}


def standing_of(rulebook: Rulebook, facts=(), *, now: str, starts: str, who=None, of: Company | None = None):
    """State and reason of one obligation."""
    verdict = decided(rulebook, facts, now=now, of=of)[day(starts), who]
    return verdict.state.value, verdict.reason.value
