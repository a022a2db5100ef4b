"""Which units lie in whose remit, and what is asked there."""

from __future__ import annotations

import pytest

from anze.rules.posts import Cover, Leave, Remit, Span
from anze.rules.remits import in_charge, spread, without
from tests.rules.build import (
    BOSS,
    DEPUTY,
    NEXT,
    book,
    company,
    day,
    decided,
    fact,
    holding,
    part,
    standing_of,
    term,
)
from tests.rules.build import requirement as asked

ALL = Span(day("2025-01-01"))
FLEET, TEAM, OFFICE = 21, 22, 23
PARENTS = {FLEET: None, TEAM: FLEET, OFFICE: None}


def span(since: str, until: str | None = None) -> Span:
    return Span(day(since), until and day(until))


def test_a_remit_reaches_the_units_below() -> None:
    found = spread([Remit(1, FLEET, ALL)], PARENTS)
    assert found == [Remit(1, FLEET, ALL), Remit(1, TEAM, ALL)]
    assert in_charge(TEAM, day("2025-02-01"), found) == 1
    assert in_charge(TEAM, day("2024-12-31"), found) is None
    assert in_charge(OFFICE, day("2025-02-01"), found) is None


def test_the_nearer_remit_speaks_on_its_days() -> None:
    near = Remit(2, TEAM, span("2025-03-01", "2025-06-01"))
    found = spread([Remit(1, FLEET, ALL), near], PARENTS)
    holders = [in_charge(TEAM, day(text), found) for text in ("2025-02-28", "2025-03-01", "2025-06-01")]
    assert holders == [1, 2, 1]


def test_a_circle_of_units_ends() -> None:
    assert spread([Remit(1, FLEET, ALL)], {FLEET: TEAM, TEAM: FLEET}) == [
        Remit(1, FLEET, ALL),
        Remit(1, TEAM, ALL),
    ]


@pytest.mark.parametrize(
    ("whole", "taken", "left"),
    [
        (("2025-01-01", "2025-12-01"), ("2025-03-01", None), [("2025-01-01", "2025-03-01")]),
        (("2025-01-01", None), ("2025-03-01", None), [("2025-01-01", "2025-03-01")]),
        (("2025-01-01", "2025-02-01"), ("2025-03-01", "2025-04-01"), [("2025-01-01", "2025-02-01")]),
        (("2025-05-01", "2025-06-01"), ("2025-03-01", "2025-04-01"), [("2025-05-01", "2025-06-01")]),
        (("2025-03-01", "2025-04-01"), ("2025-03-01", "2025-04-01"), []),
    ],
)
def test_days_taken_out(whole, taken, left) -> None:
    assert list(without(span(*whole), span(*taken))) == [span(*each) for each in left]


LETTER = asked("per_subject", term(every="year"), subject="department", role=None, remit=True)
DEPARTMENTS = {"department": {FLEET: ALL, OFFICE: span("2025-01-01", "2025-07-01")}}


def subjects(*remits: Remit) -> set[int]:
    of = company(subjects=DEPARTMENTS, remits=remits)
    return {key[1] for key in decided(book(LETTER), now="2025-05-01", of=of) if key[0].year == 2025}


def test_departments_are_asked_of_the_leader_in_charge_alone() -> None:
    assert subjects(Remit(1, FLEET, ALL)) == {FLEET}
    assert subjects(Remit(1, TEAM, ALL)) == set()  # in charge of units, of no department
    assert subjects(Remit(1, OFFICE, span("2025-09-01"))) == set()  # closed before


def test_silence_excuses_nothing() -> None:
    assert subjects() == {FLEET, OFFICE}
    assert subjects(Remit(9, FLEET, ALL)) == {FLEET, OFFICE}  # the holder of another post


def test_a_department_in_charge_twice_is_asked_once() -> None:
    early, late = span("2025-01-01", "2025-03-01"), span("2025-04-01", "2025-09-01")
    assert subjects(Remit(1, FLEET, late), Remit(1, FLEET, early)) == {FLEET}
    assert subjects(Remit(1, FLEET, early), Remit(1, FLEET, span("2025-04-01"))) == {FLEET}


CHECK = asked("quota", term(every="month"), owed_by="holder", remit=True)


@pytest.mark.parametrize(
    ("units", "remits", "state"),
    [
        ((FLEET,), (Remit(1, FLEET, ALL),), "met"),
        ((OFFICE,), (Remit(1, FLEET, ALL),), "missed"),
        ((OFFICE, FLEET), (Remit(1, FLEET, ALL),), "met"),
        ((FLEET,), (Remit(1, FLEET, span("2025-03-01")),), "missed"),
        ((), (Remit(1, FLEET, ALL),), "met"),
        ((OFFICE,), (), "met"),
    ],
)
def test_a_record_counts_when_it_names_a_unit_of_the_remit(units, remits, state) -> None:
    named = frozenset(("department", unit) for unit in units)
    of = company(remits=remits)
    done = fact("2025-02-10 09:00", subjects=named)
    assert (
        standing_of(book(CHECK), [done], now="2025-03-01", starts="2025-02-01", who=BOSS, of=of)[0] == state
    )


def test_a_deputy_on_leave_acts_for_nobody() -> None:
    """The same act the day before the leave and the day after it counts."""
    of = company(
        holding(),
        covers=(Cover(1, DEPUTY, ALL),),
        leaves=(Leave(DEPUTY, span("2025-02-10", "2025-02-12")), Leave(NEXT, ALL)),
    )
    monthly = asked("quota", term(every="month"))
    for when, state in (("2025-02-09", "met"), ("2025-02-10", "missed"), ("2025-02-12", "met")):
        done = fact(f"{when} 09:00", part(DEPUTY))
        found = standing_of(book(monthly), [done], now="2025-03-01", starts="2025-02-01", of=of)
        assert found[0] == state, when
