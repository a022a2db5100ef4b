"""A company's own demand as the rules read it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from anze.rules.catalogue.model import Every, Kind, Layer, Position, Role
from anze.rules.duties import decide
from anze.rules.duties.own import OwnDemand, own_key, requirement_of, with_own
from anze.rules.duties.tailoring import of_law
from tests.rules.build import LIST, PRINCIPAL, at, book, company, day, fact, requirement, term

WEEKLY = OwnDemand(PRINCIPAL, "每月巡查", Every.MONTH, 1, "meeting", day("2025-02-01"), Role.CHAIR, id=17)


def test_it_has_one_term_of_the_company() -> None:
    asked = requirement_of(WEEKLY)
    [number] = asked.terms
    assert (asked.id, asked.line, asked.kind) == ("coach.principal.o17.a", "coach.principal.o17", Kind.QUOTA)
    assert (number.layer, number.since, str(number.cite[0])) == (
        Layer.COMPANY,
        day("2025-02-01"),
        "company#own",
    )
    assert requirement_of(
        OwnDemand(PRINCIPAL, "x", Every.DAY, 1, "meeting", day("2025-02-01"), None, "driver", id=1)
    ).kind is (Kind.PER_SUBJECT)


def test_it_is_decided_beside_the_list() -> None:
    printed = book(requirement("quota", term(every="year")))
    asked = requirement_of(WEEKLY)
    found = decide(printed, company(own=(asked,)), [fact("2025-03-10T08:00")], at("2025-04-05T00:00"))
    own = {d.obligation.starts: d.verdict for d in found if d.obligation.requirement == asked.id}
    assert day("2025-01-01") not in own
    assert [own[day(f"2025-0{month}-01")].state.value for month in (2, 3, 4)] == ["missed", "met", "open"]
    assert {verdict.layer for verdict in own.values()} == {"company"}
    assert {verdict.cites for verdict in own.values()} == {("company#own",)}
    only = decide(printed, company(own=(asked,)), [], at("2025-04-05T00:00"), only=frozenset({asked.id}))
    assert {d.obligation.requirement for d in only} == {asked.id}
    shorter = requirement_of(replace(WEEKLY, ends=day("2025-03-01")))
    ended = decide(printed, company(own=(shorter,)), [], at("2025-04-05T00:00"), only=frozenset({asked.id}))
    assert {d.obligation.starts for d in ended} == {day("2025-02-01")}
    assert not of_law(printed, asked, day("2025-03-01"))


def test_it_stands_below_the_printed_duties() -> None:
    position = Position(PRINCIPAL, "coach", 1, "主要负责人", "", True, LIST, (), (), (), "0" * 12)
    [line] = with_own(position, [WEEKLY]).duties
    assert (line.number, line.text) == ("企1", "每月巡查")
    assert with_own(position, []) == position


@pytest.mark.parametrize(
    ("key", "number"),
    [
        ("coach.principal.o17.a", 17), ("coach.principal.o17", 17), ("coach.principal.d1.a", None),
        ("coach.principal.17", None), ("coach.principal.o", None), ("coach.principal.ox", None),
        ("coach", None),
    ],
)  # fmt: skip
def test_whose_id_it_is(key: str, number: int | None) -> None:
    assert own_key(key) == number
