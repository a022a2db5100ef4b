"""What the next grade needs, and the score on a later day."""

from __future__ import annotations

from datetime import date

from anze.rules.assessment import (
    Answer,
    How,
    Omission,
    assess,
    findings,
    forecast,
    grades,
    needs,
    newly_lost,
    reached,
)
from anze.rules.catalogue.schemes import Grade
from tests.rules.assessment.test_grading import losing
from tests.rules.assessment.worlds import (
    JUDGE,
    LONG_AGO,
    TODAY,
    answers,
    asked,
    books,
    fact,
    invented,
    months_ago,
    regime,
    scored,
    taxi,
)

PLAN = fact(4, "target.plan", months_ago(6))
HELD = books(PLAN, kept={"target.plan": LONG_AGO})
RULE, VETO = "invented.1.1.a.r1", "invented.1.1.a.v"
LATER = date(2026, 7, 31)


def test_nothing_is_needed_at_the_top() -> None:
    assert needs(scored(invented(), {})) is None


def test_the_fewest_items_win_the_points_back() -> None:
    found = needs(scored(invented(), losing(125)))
    assert found is not None
    assert (found.grade, found.points, found.enough) == (Grade.FIRST, 25, True)
    assert [item.lost for item in found.win_back] == [10, 10, 10]


def test_full_marks_come_first_and_count() -> None:
    found = needs(scored(invented(), losing(104) | {"1.1.c.r1": 2}))
    assert found is not None
    assert [item.item.id for item in found.win_back] == ["invented.1.1.c", "invented.2.1.a"]
    assert (found.points, found.enough) == (10, True)


def test_a_failed_veto_needs_no_points() -> None:
    found = needs(scored(invented(), {"1.1.b.v": 1}))
    assert found is not None
    assert (found.grade, found.points, found.win_back) == (Grade.SECOND, 0, ())
    assert [blocker.condition for blocker in found.blockers] == ["invented.1.1.b.v"]


def test_the_next_grade_is_the_one_above() -> None:
    found = needs(scored(invented(), losing(420)))
    assert found is not None
    assert (found.grade, found.points) == (Grade.THIRD, 20)


def test_points_that_no_ledger_line_can_win_back() -> None:
    found = needs(scored(taxi(), {"7.1.d.r1": 1}))
    assert found is not None
    assert (found.points, found.enough, [item.lost for item in found.win_back]) == (130, False, [5])


def test_scaled_points_are_won_back_scaled() -> None:
    omissions = [Omission("invented.1.2.c", JUDGE, "没有")]
    found = needs(assess(invented(), regime(), answers(invented(), losing(100)), omissions))
    assert found is not None
    assert (found.points, len(found.win_back), found.enough) == (2, 1, True)


def test_what_is_open_is_named() -> None:
    found = needs(assess(invented(), regime(), []))
    assert found is not None
    assert len(found.open) == len(invented().rules)


def persons() -> list[Answer]:
    return [a for a in answers(invented(), {}) if a.condition not in {RULE, VETO}]


def test_the_score_falls_when_a_record_is_out_of_sight() -> None:
    now = forecast(invented(), regime(), HELD, persons(), TODAY)
    then = forecast(invented(), regime(), HELD, persons(), LATER)
    assert (reached(now), now.score) == (Grade.FIRST, 1000)
    assert (reached(then), then.score) == (None, 990)
    assert [(line.rule.id, line.points) for line in newly_lost(now, then)] == [(RULE, 10)]
    assert newly_lost(then, now) == ()


def test_automatic_answers_of_today_are_not_taken_along() -> None:
    stale = Answer(RULE, 1, How.AUTOMATIC)
    assert forecast(invented(), regime(), HELD, [*persons(), stale], TODAY).score == 1000


def test_what_a_person_overruled_stays() -> None:
    person = Answer(RULE, 0, How.OVERRULED, person=JUDGE, reason="有纸质文件")
    assert forecast(invented(), regime(), HELD, [*persons(), person], LATER).score == 1000
    undeclared = books(PLAN)
    found = forecast(invented(), regime(), undeclared, [*persons(), person], LATER)
    assert found.standpoints[RULE].answer.how is How.ASKED, "there is no answer left to overrule"
    assert found.standpoints[RULE].answer.reason == "有纸质文件"


def test_an_answer_asked_for_and_overruled_stays_too() -> None:
    both = [asked(RULE, 1), Answer(RULE, 0, How.OVERRULED, person=2, reason="复核")]
    found = forecast(invented(), regime(), books(), [*persons(), *both], LATER)
    assert found.standpoints[RULE].answer.how is How.OVERRULED


def test_the_answers_until_says_when() -> None:
    found = findings(invented(), HELD, TODAY)
    assert found[RULE].until == date(2026, 6, 30)
    before = forecast(invented(), regime(), HELD, persons(), date(2026, 6, 29))
    assert [v.standing.value for v in grades(before)] == ["reached"] * 3
    assert forecast(invented(), regime(), HELD, persons(), date(2026, 6, 30)).score == 990
