"""The same seed gives the same paper; questions follow from posts; what is answered becomes a proposal."""

from __future__ import annotations

from datetime import date

import pytest

from anze.rules.catalogue.quiz_model import Bank, QuizQuestion
from anze.rules.quizzes import WHICH, Posed, TopicResult, paper, proposals, results
from tests.rules.catalogue.cases import catalogue

DAY = date(2026, 11, 20)
DRIVER, PRINCIPAL, CLERK = ("driver", "employee"), ("principal", "employee"), ("employee",)
SCHEME = catalogue().schemes["taxi-2012"]


def bank() -> Bank:
    return catalogue().banks["taxi-2012"]


def of_topic(posed: tuple[Posed, ...], topic: str) -> list[Posed]:
    return [one for one in posed if one.topic == topic]


def right(posed: tuple[Posed, ...]) -> dict[str, int]:
    return {one.id: one.right for one in posed}


def wrong(one: Posed) -> int:
    return (one.right + 1) % len(one.options)


def test_the_same_seed_gives_the_same_paper_and_another_one_another() -> None:
    first = paper(bank(), (), DRIVER, "甬", DAY)
    assert first == paper(bank(), (), DRIVER, "甬", DAY)
    seeds = {paper(bank(), (), DRIVER, str(seed), DAY) for seed in range(20)}
    assert len(seeds) == 20
    assert len({one.right for posed in seeds for one in posed}) > 1, "the right one is not always first"


def test_questions_are_those_of_the_bank_with_their_right_option() -> None:
    known = {question.id: question for question in bank().questions}
    for one in paper(bank(), (), DRIVER, "1", DAY):
        if one.id in known:
            assert set(one.options) == set(known[one.id].options)
            assert one.options[one.right] == known[one.id].options[known[one.id].right]


@pytest.mark.parametrize(
    ("words", "post"), [(DRIVER, "employee"), (PRINCIPAL, "principal"), (CLERK, "employee")]
)
def test_which_of_these_is_your_duty(words: tuple[str, ...], post: str) -> None:
    lines = bank().topics["duties"].duties
    own = {line.text for line in lines[post]}
    asked = of_topic(paper(bank(), (), words, "7", DAY), "duties")
    assert len(asked) == 3
    for one in asked:
        assert one.text == WHICH
        assert one.options[one.right] in own
        not_mine = [text for place, text in enumerate(one.options) if place != one.right]
        assert len(not_mine) == 3
        assert not {line.text for word in words for line in lines.get(word, ())} & set(not_mine)
        assert str(one.cite[0]).startswith("safety-law-2021#")


def test_only_drivers_are_asked_how_one_drives() -> None:
    assert of_topic(paper(bank(), (), CLERK, "1", DAY), "procedures") == []
    assert len(of_topic(paper(bank(), (), DRIVER, "1", DAY), "procedures")) == 2


def test_whoever_holds_every_post_with_lines_is_not_asked_which_duties_are_theirs() -> None:
    everything = ("principal", "safety_manager", "employee")
    assert of_topic(paper(bank(), (), everything, "1", DAY), "duties") == []


def own(number: int, **changes: object) -> QuizQuestion:
    words: dict[str, object] = {
        "id": f"own.{number}",
        "topic": "policy",
        "text": f"今年的安全目标是什么？{number}",
        "options": ("死亡事故为零", "营收增长一成"),
        "right": 0,
        "since": DAY,
    }
    return QuizQuestion(**(words | changes))  # type: ignore[arg-type]  # a test names any field


def test_questions_of_the_company_and_their_days() -> None:
    assert of_topic(paper(bank(), (), CLERK, "1", DAY), "policy") == []
    mine = [own(1), own(2, since=date(2026, 12, 1)), own(3, until=DAY), own(4, until=date(2026, 12, 1))]
    asked = of_topic(paper(bank(), mine, CLERK, "1", DAY), "policy")
    assert {one.id for one in asked} == {"own.1", "own.4"}


def test_nothing_is_asked_before_its_pass_mark() -> None:
    assert paper(bank(), (), DRIVER, "1", date(2011, 1, 1)) == ()


def test_clear_or_not_by_the_pass_mark() -> None:
    posed = paper(bank(), [own(1)], DRIVER, "1", DAY)
    found = results(bank(), posed, right(posed), DAY)
    assert {one.clear for one in found.values()} == {True}
    assert (found["policy"].asked, found["policy"].needed) == (1, 1), "one question stands for two"
    duties = of_topic(posed, "duties")
    chosen = right(posed) | {duties[0].id: wrong(duties[0])}
    assert results(bank(), posed, chosen, DAY)["duties"].clear is True, "two of three pass"
    chosen[duties[1].id] = wrong(duties[1])
    assert results(bank(), posed, chosen, DAY)["duties"].clear is False
    del chosen[duties[2].id]
    assert results(bank(), posed, chosen, DAY)["duties"].clear is None


def result(topic: str, *, clear: bool) -> TopicResult:
    return TopicResult(topic, 3, 3, 3 if clear else 1, 2)


def test_one_unclear_takes_a_count_and_all_are_waited_for() -> None:
    everybody = {
        1: {"law": result("law", clear=True), "duties": result("duties", clear=False)},
        2: {"law": result("law", clear=False), "duties": result("duties", clear=False)},
        3: {"law": result("law", clear=False)},
    }
    found = proposals(bank(), SCHEME, everybody)
    law = found["taxi-2012.4.2.c.r1"]
    assert (law.count, law.asked, law.unclear, law.waiting) == (2, (1, 2, 3), (2, 3), ())
    assert found["taxi-2012.3.1.d.r2"].count == 2, "counted by person"
    assert found["taxi-2012.3.1.a.r4"].count == 1, "deducted once"
    assert "taxi-2012.4.4.b.r3" not in found, "nobody was asked about it"
    begun = TopicResult("law", 3, 1, 1, 2)
    waiting = proposals(bank(), SCHEME, everybody | {4: None, 5: {"law": begun}})["taxi-2012.4.2.c.r1"]
    assert (waiting.count, waiting.waiting) == (None, (4, 5))


def test_nobody_unclear_takes_nothing() -> None:
    found = proposals(bank(), SCHEME, {1: {"law": result("law", clear=True)}})
    assert found["taxi-2012.4.2.c.r1"].count == 0
