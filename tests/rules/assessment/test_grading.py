"""Points and vetoes into grades, with what stands in the way."""

from __future__ import annotations

from dataclasses import replace

import pytest

from anze.rules.assessment import Omission, assess, grades, reached
from anze.rules.assessment.grading import Reason, Standing
from anze.rules.catalogue.schemes import Grade
from tests.rules.assessment.worlds import JUDGE, answers, asked, invented, regime, scored, taxi

REST = [f"{category}.1.{letter}.r0" for category in range(2, 11) for letter in "abcdefghij"]


def losing(points: int) -> dict[str, int]:
    """So many points lost where no veto and no star is."""
    whole, part = divmod(points, 10)
    lost = dict.fromkeys(REST[:whole], 10)
    return lost | {REST[whole]: part} if part else lost


def standings(assessment) -> dict[str, str]:
    return {verdict.grade.value: verdict.standing.value for verdict in grades(assessment)}


@pytest.mark.parametrize(
    ("lost", "grade"),
    [
        (0, Grade.FIRST), (100, Grade.FIRST), (101, Grade.SECOND), (300, Grade.SECOND), (301, Grade.THIRD),
        (400, Grade.THIRD), (401, None),
    ],
)  # fmt: skip
def test_points_make_a_grade(lost: int, grade: Grade | None) -> None:
    assert reached(scored(invented(), losing(lost))) is grade


@pytest.mark.parametrize(
    ("veto", "failed"),
    [("1.1.a.v", {"first", "second", "third"}), ("1.1.b.v", {"first", "second"}), ("1.1.c.v", {"first"})],
)
def test_a_veto_binds_the_higher_grades_too(veto: str, failed: set[str]) -> None:
    found = standings(scored(invented(), {veto: 1}))
    assert {grade for grade, standing in found.items() if standing == "failed"} == failed
    assert {grade for grade, standing in found.items() if standing == "reached"} == set(found) - failed


def test_a_veto_is_its_own_condition_and_its_item_keeps_its_points() -> None:
    assessment = scored(invented(), {"1.1.a.v": 1})
    assert assessment.score == 1000
    (verdict, *_) = grades(assessment)
    assert [(b.reason, b.final, b.condition) for b in verdict.blockers] == [
        (Reason.VETO, True, "invented.1.1.a.v")
    ]


def test_only_the_printed_grades_where_the_regime_does_not_reach_upward() -> None:
    alone = replace(regime(), upward=False)
    found = standings(assess(invented(), alone, answers(invented(), {"1.1.a.v": 1})))
    assert found == {"first": "reached", "second": "reached", "third": "failed"}


def test_an_item_with_a_veto_or_a_star_must_have_all_its_points() -> None:
    assessment = scored(invented(), {"1.1.c.r1": 1, "1.2.d.r0": 1})
    first, second, third = grades(assessment)
    assert [b.condition for b in first.blockers] == ["invented.1.1.c", "invented.1.2.d"]
    assert [(b.reason, b.points) for b in second.blockers] == [(Reason.MANDATORY, 1)]
    assert third.standing is Standing.REACHED


def test_not_where_the_regime_does_not_ask_for_it() -> None:
    lenient = replace(regime(), full_marks=False)
    found = assess(invented(), lenient, answers(invented(), {"1.1.a.r1": 1}))
    assert reached(found) is Grade.FIRST


def test_what_is_open_leaves_a_grade_undecided() -> None:
    given = [
        a for a in answers(invented(), {}) if a.condition not in {"invented.1.1.a.v", "invented.1.1.c.r1"}
    ]
    first, second, third = grades(assess(invented(), regime(), given))
    assert {v.standing for v in (first, second, third)} == {Standing.UNDECIDED}
    assert [(b.reason, b.final) for b in first.blockers] == [(Reason.VETO, False), (Reason.MANDATORY, False)]
    assert reached(assess(invented(), regime(), given)) is None


def test_open_points_may_decide_between_two_grades() -> None:
    lost = losing(95)
    given = [a for a in answers(invented(), lost) if a.condition != "invented.1.2.c.r0"]
    first, second, _ = grades(assess(invented(), regime(), given))
    assert (first.standing, second.standing) == (Standing.UNDECIDED, Standing.REACHED)
    assert [(b.reason, b.final, b.points) for b in first.blockers] == [(Reason.POINTS, False, 0)]


def test_how_many_points_are_short_is_never_rounded_down() -> None:
    omissions = [Omission("invented.1.2.c", JUDGE, "没有")]
    assessment = assess(invented(), regime(), answers(invented(), losing(100)), omissions)
    (first, *_) = grades(assessment)
    assert float(assessment.score) == pytest.approx(898.99, abs=0.01)
    assert [b.points for b in first.blockers] == [2]


def test_a_veto_of_an_item_that_does_not_apply_binds_nobody() -> None:
    given = [a for a in answers(invented(), {"1.1.a.r1": 1}) if a.condition != "invented.1.1.a.v"]
    omissions = [Omission("invented.1.1.a", JUDGE, "没有")]
    assert reached(assess(invented(), regime(), given, omissions)) is Grade.FIRST


def test_no_grade_is_reached_on_an_incomplete_source() -> None:
    assert standings(scored(taxi(), {})) == dict.fromkeys(("first", "second", "third"), "undecided")
    (first, *_) = grades(scored(taxi(), {}))
    assert [(b.reason, b.points) for b in first.blockers] == [(Reason.POINTS, 425), (Reason.MISSING, 525)]


def test_but_a_grade_can_be_out_of_reach() -> None:
    lost = {rule.id.removeprefix("taxi-2012."): 1 for rule in taxi().rules if rule.deduct.value == "all"}
    bare = [a for a in answers(taxi(), lost) if a.condition not in {v.id for v in taxi().vetoes}]
    assessment = assess(taxi(), replace(regime(), full_marks=False), [*bare, asked("taxi-2012.7.2.b.v", 0)])
    assert assessment.best < 900
    first, second, third = grades(assessment)
    assert first.standing is Standing.FAILED
    assert third.standing is Standing.UNDECIDED, second.standing
