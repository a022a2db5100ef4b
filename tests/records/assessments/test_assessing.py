"""An assessment from its plan to its conclusion, and what it refuses on the way."""

from __future__ import annotations

from datetime import date

import pytest

from anze.records.assessments import actions, queries, reviewing, sampling
from anze.records.assessments.checking import NotReady
from anze.rules.assessment import How
from tests.cast import Cast
from tests.records.assessments.stage import answer_all, started


def test_facts_answer_at_the_start_and_the_rest_is_asked(cast: Cast) -> None:
    assessment = started(cast)
    with cast.acts("safety_manager"):
        found = queries.overview(assessment)
        assert found.row.label == "考评中"
        assert found.books_on == date(2026, 11, 20)
        assert found.score.open
        assert "525分未见原文" in found.row.incomplete
        assert all(one.answer.how is How.AUTOMATIC for one in found.score.standpoints.values())
        assert [row.id for row in queries.assessments(cast.a.id)] == [assessment]


def test_the_way_to_a_conclusion(cast: Cast) -> None:
    assessment = started(cast)
    answer_all(cast, assessment)
    with cast.acts("safety_manager"), pytest.raises(NotReady) as refusal:
        actions.submit(assessment_id=assessment)
    assert {row.text for row in refusal.value.rows} == {
        "须抽样的要点已人工判定，但“从业人员”样本还没有抽取",
        "须抽样的要点已人工判定，但“车辆”样本还没有抽取",
    }
    with cast.acts("safety_manager"):
        sampling.draw(assessment_id=assessment, rule="people", seed="20261120")
        sampling.draw(assessment_id=assessment, rule="vehicles", seed="20261120")
        actions.submit(assessment_id=assessment)
    with cast.acts("principal"):
        reviewing.finish_review(assessment_id=assessment, remark="同意")
    with cast.acts("safety_manager"):
        reviewing.conclude(assessment_id=assessment)
        found = queries.overview(assessment)
    assert found.row.label == "已结论"
    assert found.row.score == found.score.whole
