"""What stands in the way of handing an assessment in, what contradicts itself, what left no trace."""

from __future__ import annotations

from dataclasses import replace

import pytest

from anze.rules.assessment import Answer, Check, Doubt, How, Omission, Traces, assess, checks, samples_of
from anze.rules.catalogue.schemes import Grade, Method
from tests.rules.assessment.worlds import JUDGE, answers, asked, regime, taxi

# Everything that persons judge leaves its trace: what a test takes away shows.
WHOLE = Traces(
    drawn={"people", "vehicles"},
    asked={rule.id for rule in taxi().rules if rule.method is Method.ASKING},
    photos={item.id for item in taxi().items},
)


def doubts(given: list[Answer], traces: Traces = WHOLE, *omitted: str) -> list[Check]:
    gone = [Omission(item, JUDGE, "没有") for item in omitted]
    return list(checks(assess(taxi(), regime(), given, gone), traces))


def of(item: str, found: list[Check]) -> set[Doubt]:
    return {check.doubt for check in found if check.item == f"taxi-2012.{item}"}


def but(key: str, *more: Answer, **lost: int) -> list[Answer]:
    """Everything answered; one condition otherwise."""
    return [a for a in answers(taxi(), lost) if a.condition != f"taxi-2012.{key}"] + list(more)


def test_what_is_open_blocks() -> None:
    found = doubts([])
    assert of("1.1.a", found) == {Doubt.OPEN, Doubt.VETO_OPEN}
    assert all(check.blocks for check in found)
    assert of("1.1.a", doubts([], WHOLE, "taxi-2012.1.1.a")) == set()


def test_a_sample_that_was_not_drawn_blocks_what_persons_answered() -> None:
    whole = answers(taxi(), {})
    assert doubts(whole) == []
    assert of("1.1.a", doubts(whole, replace(WHOLE, drawn=()))) == {Doubt.NOT_DRAWN}
    automatic = [Answer(one.condition, 0, How.AUTOMATIC) for one in whole]
    assert doubts(automatic, Traces()) == []
    assert samples_of(taxi().items[0]) == {"people"}


def test_contradictions_are_named_and_do_not_block() -> None:
    [found] = doubts(but("1.1.a.v", asked("taxi-2012.1.1.a.v")))
    assert (found.doubt, found.blocks) == (Doubt.VETO_ALONE, False)
    [found] = doubts(answers(taxi(), {"1.1.a.r1": 1}))
    assert (found.doubt, found.item) == (Doubt.ITEM_ALONE, "taxi-2012.1.1.a")
    assert doubts(but("1.1.a.v", asked("taxi-2012.1.1.a.v"), **{"1.1.a.r1": 1})) == []


def test_an_item_that_is_not_answered_contradicts_nothing() -> None:
    found = doubts([asked("taxi-2012.1.1.a.v")])
    assert of("1.1.a", found) == {Doubt.OPEN}


@pytest.mark.parametrize(
    ("target", "named"), [(Grade.FIRST, True), (Grade.SECOND, True), (Grade.THIRD, False)]
)
def test_a_veto_that_binds_the_target_is_named_with_it(target: Grade, *, named: bool) -> None:
    """1.2.a binds the second grade, and what binds it binds the first."""
    given = but("1.2.a.v", asked("taxi-2012.1.2.a.v"), **{"1.2.a.r3": 1})
    found = doubts(given, replace(WHOLE, target=target))
    assert of("1.2.a", found) == ({Doubt.TARGET} if named else set())
    assert not any(check.blocks for check in found)


@pytest.mark.parametrize(
    ("item", "traces", "doubt"),
    [
        ("1.1.a", replace(WHOLE, too_few={"people"}), Doubt.TOO_FEW),
        ("6.3.c", replace(WHOLE, too_few={"vehicles"}), Doubt.TOO_FEW),
        ("3.1.b", replace(WHOLE, asked=()), Doubt.NOBODY_ASKED),
        ("6.1.c", replace(WHOLE, photos=()), Doubt.NO_PHOTO),
        ("1.1.b", replace(WHOLE, against={"taxi-2012.1.1.b.r1"}), Doubt.AGAINST),
    ],
)
def test_what_persons_judged_without_a_trace_is_named(item: str, traces: Traces, doubt: Doubt) -> None:
    found = doubts(answers(taxi(), {}), traces)
    assert of(item, found) == {doubt}
    assert not any(check.blocks for check in found)


def test_papers_need_neither_photo_nor_anybody_asked() -> None:
    found = doubts(answers(taxi(), {}), replace(WHOLE, photos=(), asked=()))
    assert of("1.1.b", found) == set()
