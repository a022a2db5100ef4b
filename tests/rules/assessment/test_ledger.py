"""Answers into deductions, deductions into points."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from anze.rules.assessment import Answer, AnswerError, How, Omission, assess
from anze.rules.assessment.ledger import ItemScore, State
from tests.rules.assessment.worlds import JUDGE, answers, asked, invented, regime, scored, taxi


def item(assessment, key: str) -> ItemScore:
    (found,) = [one for one in assessment.items if one.item.id == f"{assessment.scheme.id}.{key}"]
    return found


def test_the_invented_scheme_is_whole() -> None:
    assessment = scored(invented(), {})
    assert (assessment.points, assessment.missing, assessment.omitted) == (1000, 0, 0)
    assert (assessment.score, assessment.least, assessment.whole) == (1000, 1000, 1000)
    assert assessment.open == ()


def test_the_taxi_scheme_knows_what_it_lacks() -> None:
    assessment = scored(taxi(), {})
    assert (assessment.points, assessment.missing, assessment.score) == (475, 525, 475)
    assert assessment.best == 1000
    assert [category.missing for category in assessment.categories] == [0] * 7 + [35]
    assert item(assessment, "8.4.b").state is State.CUT


@pytest.mark.parametrize(
    ("lost", "key", "score"),
    [
        ({"1.1.a.r1": 1}, "1.1.a", 0),
        ({"1.1.b.r1": 1}, "1.1.b", 6),
        ({"1.1.b.r1": 1, "1.1.b.r2": 1}, "1.1.b", 0),
        ({"1.1.c.r1": 2}, "1.1.c", 4),
        ({"1.1.c.r1": 9}, "1.1.c", 0),
        ({"1.1.d.r1": 4}, "1.1.d", 6),
        ({"1.1.d.r1": 8}, "1.1.d", 5),
        ({"1.1.e.r1": 3}, "1.1.e", 4),
        ({"1.2.c.r0": 7}, "1.2.c", 3),
        ({"1.2.e.r1": 1}, "1.2.e", 6),
        ({"1.2.e.r1": 1, "1.2.e.r1-2": 1}, "1.2.e", 0),
    ],
)
def test_a_deduction_takes_what_it_says(lost: dict[str, int], key: str, score: int) -> None:
    assessment = scored(invented(), lost)
    found = item(assessment, key)
    assert (found.score, found.least, found.lost) == (score, score, 10 - score)
    assert sum(deduction.points for deduction in found.deductions) == found.lost
    assert assessment.score == 990 + score


def test_the_line_that_meets_an_empty_item_stays_with_what_it_wanted() -> None:
    found = item(scored(invented(), {"1.1.b.r1": 1, "1.1.b.r2": 1}), "1.1.b")
    assert [(d.wanted, d.points) for d in found.deductions] == [(4, 4), (8, 6)]


def test_what_another_rule_deducts_for_is_not_deducted_twice() -> None:
    given = [a for a in answers(invented(), {}) if a.condition != "invented.1.2.a.r1"]
    both = asked("invented.1.2.a.r1", 2, matters=("expense", "meetings"))
    found = item(assess(invented(), regime(), [*given, both]), "1.2.a")
    assert found.score == 8
    assert found.deductions[0].elsewhere == ("expense",)


def test_an_item_that_does_not_apply_counts_as_met_where_the_print_says_so() -> None:
    assessment = scored(invented(), {}, absent=("1.2.b",))
    found = item(assessment, "1.2.b")
    assert (found.state, found.score, found.points) == (State.FULFILLED, 10, 10)
    assert (assessment.omitted, assessment.score) == (0, 1000)


def test_else_it_leaves_the_sum_and_the_rest_is_scaled() -> None:
    assessment = scored(invented(), {"1.1.a.r1": 1}, absent=("1.2.c",))
    assert (assessment.omitted, item(assessment, "1.2.c").state) == (10, State.OMITTED)
    assert assessment.score == Fraction(980) * Fraction(1000, 990)
    assert assessment.whole == 989, "never rounded up"


def test_without_scaling_where_the_regime_has_none() -> None:
    omissions = [Omission("invented.1.2.c", JUDGE, "没有")]
    plain = replace(regime(), rescale=False)
    assert assess(invented(), plain, answers(invented(), {}), omissions).score == 990


def test_a_company_to_which_nothing_applies() -> None:
    everything = [Omission(one.id, JUDGE, "没有") for one in invented().items if not one.fulfilled]
    last = [Omission("invented.1.2.b", JUDGE, "没有")]
    assessment = assess(invented(), regime(), [], [*everything, *last])
    assert (assessment.score, assessment.open) == (Fraction(10 * 1000, 10), ())
    bare = replace(invented(), categories=tuple(_without_fulfilled(c) for c in invented().categories))
    assert assess(bare, regime(), [], everything).score == 0


def _without_fulfilled(category):
    headings = tuple(
        replace(h, items=tuple(i for i in h.items if not i.fulfilled)) for h in category.headings
    )
    return replace(category, headings=headings)


def test_what_nobody_has_answered_is_open_between_kept_and_lost() -> None:
    given = [a for a in answers(invented(), {}) if not a.condition.startswith("invented.1.1.")]
    assessment = assess(invented(), regime(), given)
    assert (assessment.score, assessment.least) == (1000, 955), "扣至5分止 keeps five"
    assert len(assessment.open) == 6
    assert item(assessment, "1.1.a").state is State.OPEN
    assert item(assessment, "1.1.d").least == 5


def test_an_overruled_answer_stays_beside_the_one_that_counts() -> None:
    given = [a for a in answers(invented(), {}) if a.condition != "invented.1.1.a.r1"]
    machine = Answer("invented.1.1.a.r1", 1, How.AUTOMATIC, facts=(4,))
    person = Answer("invented.1.1.a.r1", 0, How.OVERRULED, person=JUDGE, reason="有纸质文件")
    found = item(assess(invented(), regime(), [person, *given, machine]), "1.1.a")
    assert found.score == 10
    assert (found.deductions[0].answer, found.deductions[0].over) == (person, (machine,))


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (asked("invented.9.9.z.r1"), "没有“invented.9.9.z.r1”"),
        (Answer("invented.1.1.b.r1", 1, How.ASKED), "没有写明由谁判定"),
        (Answer("invented.1.1.b.r1", 1, How.OVERRULED, person=1, reason=" "), "须写明原因"),
        (Answer("invented.1.1.b.r1", 1, How.OVERRULED, person=1, reason="不"), "没有可以改判的判定"),
        (asked("invented.1.1.b.r1", 2), "应在 0 到 1 之间"),
        (asked("invented.1.1.a.v", 2), "应在 0 到 1 之间"),
        (asked("invented.1.2.c.r0", 11), "应在 0 到 10 之间"),
        (asked("invented.1.1.c.r1", -1), "应在 0 到 100000 之间"),
        (asked("invented.1.2.a.r1", 1), "逐一写明"),
        (asked("invented.1.2.a.r1", 1, matters=("other",)), "逐一写明"),
    ],
)
def test_an_answer_that_cannot_be_taken(answer: Answer, words: str) -> None:
    with pytest.raises(AnswerError, match=words):
        assess(invented(), regime(), [answer])


def test_two_answers_of_the_same_sort() -> None:
    with pytest.raises(AnswerError, match="两个同类的判定"):
        assess(invented(), regime(), [asked("invented.1.1.a.r1"), asked("invented.1.1.a.r1", 0)])


@pytest.mark.parametrize(
    ("omissions", "words"),
    [
        ([Omission("invented.9", JUDGE, "无")], "没有“invented.9”"),
        ([Omission("invented.1.1.a", JUDGE, " ")], "须写明原因"),
        ([Omission("invented.1.1.a", JUDGE, "无")] * 2, "两次"),
    ],
)
def test_an_omission_that_cannot_be_taken(omissions: list[Omission], words: str) -> None:
    with pytest.raises(AnswerError, match=words):
        assess(invented(), regime(), [], omissions)
