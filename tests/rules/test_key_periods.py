"""Key periods as events: known ahead, declared, cut short by who is under which authority when."""

from __future__ import annotations

import pytest

from anze.rules import key_periods
from anze.rules.catalogue.model import Catalogue, KeyPeriod
from anze.rules.key_periods import (
    DECLARED,
    LEVELS,
    TYPES,
    WARNED,
    Declaration,
    declaration_of,
    declared_event,
    facts_of_declared,
    facts_of_yearly,
    yearly,
    yearly_event,
)
from anze.rules.posts import Span
from tests.rules.build import LIST, at, book, day, decided, fact, requirement, term

FLOOD = KeyPeriod(
    "2025.flood", 3, "汛期", "flood", day("2025-04-15"), day("2025-10-16"), day("2025-03-31"), (LIST,), None
)
PREPARE = book(requirement("on_event", term(before="0 day"), triggers=(DECLARED,), role=None))
PASS_ON = book(requirement("on_event", term(within="1 hour"), triggers=(WARNED,), role=None))


def declared(*spans: Span, kind: str = "activity") -> Declaration:
    under = spans or (Span(day("2020-01-01")),)
    return Declaration(7, kind, day("2025-06-10"), day("2025-06-13"), at("2025-06-01 09:00"), under)


def state(facts: list, now: str) -> tuple[str, str]:
    (verdict,) = decided(PREPARE, facts, now=now).values()
    return verdict.state.value, verdict.reason.value


def catalogue(*periods: KeyPeriod) -> Catalogue:
    return Catalogue({}, {}, {}, {}, {}, (), {p.id: p for p in periods})


def test_the_kinds_of_period_are_those_of_the_record() -> None:
    from anze.records.lawbook import lawbook

    (spec,) = [s for s in lawbook().kinds[DECLARED].fields if s.id == "type"]
    assert spec.choices == TYPES
    choices = {s.id: s.choices for s in lawbook().kinds[DECLARED].fields}
    assert choices["warning"] == lawbook().weather.warnings
    assert choices["level"] == LEVELS
    assert lawbook().kinds[WARNED].event


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2025-03-30 23:59", ("upcoming", "not_begun")),
        ("2025-03-31 00:00", ("open", "waiting")),
        ("2025-04-14 23:59", ("open", "waiting")),
        ("2025-04-15 00:00", ("missed", "nothing")),
    ],
)
def test_a_yearly_period_is_known_ahead_and_opens_on_its_day(now: str, expected: tuple[str, str]) -> None:
    assert state(facts_of_yearly([FLOOD]), now) == expected


def test_what_lies_ahead_wakes_the_sweep_when_it_opens() -> None:
    (verdict,) = decided(PREPARE, facts_of_yearly([FLOOD]), now="2025-01-05 00:00").values()
    assert verdict.until == at("2025-03-31 00:00")


@pytest.mark.parametrize(
    ("done", "expected"),
    [
        ("2025-03-30 10:00", ("missed", "nothing")),
        ("2025-04-14 10:00", ("met", "done")),
        ("2025-04-20 10:00", ("late", "done_late")),
        ("2025-10-15 23:59", ("late", "done_late")),
        ("2025-10-16 00:01", ("missed", "nothing")),
    ],
)
def test_made_up_while_it_runs(done: str, expected: tuple[str, str]) -> None:
    assert state([*facts_of_yearly([FLOOD]), fact(done)], "2025-11-01 00:00") == expected


def test_by_trade_and_place() -> None:
    local = KeyPeriod(
        "2025.local", 1, "本地", "other", day("2025-01-10"), day("2025-01-11"), day("2025-01-01"), (LIST,),
        None, areas=("3302",), trades=("coach",),
    )  # fmt: skip
    both = catalogue(FLOOD, local)
    assert yearly(both, "coach", "330212") == [local, FLOOD]
    assert yearly(both, "taxi", "330212") == yearly(both, "coach", "330100") == [FLOOD]


def test_numbers_below_zero_never_meet() -> None:
    assert yearly_event(FLOOD) == -202503
    assert declared_event(7) == -1000007
    assert declaration_of(declared_event(7)) == 7
    assert declaration_of(yearly_event(FLOOD)) is None
    assert declaration_of(12) is None


@pytest.mark.parametrize(
    ("spans", "opened"),
    [
        ((), "2025-06-01 09:00"),
        ((Span(day("2025-06-05")),), "2025-06-05 00:00"),  # came under the authority before it begins
        ((Span(day("2025-06-11")),), "2025-06-11 00:00"),  # or while it runs
        ((Span(day("2025-06-13")),), None),  # or after it
        ((Span(day("2020-01-01"), day("2025-06-10")),), None),  # left before it begins
        ((Span(day("2020-01-01"), day("2025-06-11")),), "2025-06-01 09:00"),  # or while it runs
        ((Span(day("2020-01-01"), day("2025-06-01")), Span(day("2025-06-08"))), "2025-06-08 00:00"),
    ],
)
def test_whom_a_declaration_binds_and_since_when(spans: tuple[Span, ...], opened: str | None) -> None:
    assert key_periods.opened_at(declared(*spans)) == (opened and at(opened))
    assert len(list(facts_of_declared([declared(*spans)]))) == bool(opened)


def test_who_comes_while_it_runs_has_until_the_end_of_that_day() -> None:
    facts = list(facts_of_declared([declared(Span(day("2025-06-11")))]))
    assert state(facts, "2025-06-11 23:59") == ("open", "waiting")
    assert state(facts, "2025-06-12 00:00") == ("missed", "nothing")


def test_a_declared_warning_is_also_one_received() -> None:
    facts = list(facts_of_declared([declared(kind="weather")]))
    assert [f.kind for f in facts] == [DECLARED, WARNED]
    (verdict,) = decided(PASS_ON, facts, now="2025-06-01 10:00").values()
    assert (verdict.state, verdict.facts) == ("missed", ())
