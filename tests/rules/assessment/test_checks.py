"""What stands in the way of handing an assessment in, and what contradicts itself."""

from __future__ import annotations

from anze.rules.assessment import Answer, Check, Doubt, How, Omission, assess, checks, samples_of
from tests.rules.assessment.worlds import JUDGE, answers, asked, regime, taxi

EVERYTHING = ("people", "vehicles")


def doubts(given: list[Answer], drawn: tuple[str, ...] = EVERYTHING, *omitted: str) -> list[Check]:
    gone = [Omission(item, JUDGE, "没有") for item in omitted]
    return list(checks(assess(taxi(), regime(), given, gone), drawn))


def of(item: str, found: list[Check]) -> set[Doubt]:
    return {check.doubt for check in found if check.item == f"taxi-2012.{item}"}


def test_what_is_open_blocks() -> None:
    found = doubts([])
    assert of("1.1.a", found) == {Doubt.OPEN, Doubt.VETO_OPEN}
    assert all(check.blocks for check in found)
    assert of("1.1.a", doubts([], EVERYTHING, "taxi-2012.1.1.a")) == set()


def test_a_sample_that_was_not_drawn_blocks_what_persons_answered() -> None:
    whole = answers(taxi(), {})
    assert doubts(whole) == []
    assert of("1.1.a", doubts(whole, ())) == {Doubt.NOT_DRAWN}
    automatic = [Answer(one.condition, 0, How.AUTOMATIC) for one in whole]
    assert doubts(automatic, ()) == []
    assert samples_of(taxi().items[0]) == {"people"}


def test_contradictions_are_named_and_do_not_block() -> None:
    alone = [a for a in answers(taxi(), {}) if a.condition != "taxi-2012.1.1.a.v"]
    [found] = doubts([*alone, asked("taxi-2012.1.1.a.v")])
    assert (found.doubt, found.blocks) == (Doubt.VETO_ALONE, False)
    [found] = doubts(answers(taxi(), {"1.1.a.r1": 1}))
    assert (found.doubt, found.item) == (Doubt.ITEM_ALONE, "taxi-2012.1.1.a")
    both = [a for a in answers(taxi(), {"1.1.a.r1": 1}) if a.condition != "taxi-2012.1.1.a.v"]
    assert doubts([*both, asked("taxi-2012.1.1.a.v")]) == []


def test_an_item_that_is_not_answered_contradicts_nothing() -> None:
    found = doubts([asked("taxi-2012.1.1.a.v")])
    assert of("1.1.a", found) == {Doubt.OPEN}
