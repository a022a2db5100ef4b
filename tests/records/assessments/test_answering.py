"""Facts answer at the start, persons answer the rest and overrule with a reason."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from anze.records.acting.context import SYSTEM, acting
from anze.records.acting.errors import NotFound, NotPermitted, Refused
from anze.records.assessments import actions, planning, queries
from anze.records.assessments.access import seen
from anze.records.assessments.actions import Given, WrongAnswer
from anze.records.assessments.item_queries import item_page
from anze.records.assessments.models import Answer
from anze.records.assessments.scoring import scored
from anze.records.duties.actions import void_records
from anze.records.journal.models import Entry
from anze.rules.assessment import How
from tests.cast import NOW, Cast
from tests.records.assessments.stage import (
    FIRST,
    RULE,
    Scene,
    as_taxi,
    keep_targets,
    sealed,
    started,
)


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


def test_absence_counts_only_for_ledgers_that_are_kept_here(cast: Cast) -> None:
    as_taxi(cast)
    keep_targets(cast)
    assessment = started(cast)
    with cast.acts("safety_manager"):
        page = item_page(assessment, FIRST)
    row = next(row for row in page.rows if row.id == RULE)
    assert row.found is not None
    assert (row.found.decides, row.found.count, row.found.unkept) == (True, 1, "")
    assert page.score.score == 0
    assert page.veto is not None
    assert page.veto.found is not None
    assert page.veto.found.words == "不符合"


def test_what_was_frozen_stays_and_the_forecast_moves(cast: Cast) -> None:
    record = sealed(cast, "target.plan", year="2026", targets="死亡事故为零")
    as_taxi(cast)
    keep_targets(cast)
    assessment = started(cast)
    with cast.acts("safety_manager"):
        page = item_page(assessment, FIRST)
        row = next(row for row in page.rows if row.id == RULE)
        assert row.found is not None
        assert [one.id for one in row.found.records] == [record]
        before = scored(seen(assessment)).whole
        void_records(record_ids=[record], reason="登记错误")
        assert scored(seen(assessment)).whole == before
        forecast = queries.forecast_on(assessment, NOW.date() + timedelta(days=1))
        assert forecast.score.whole < before
        assert RULE in {one.rule.id for one in forecast.newly}


def test_an_automatic_answer_is_overruled_with_a_reason(cast: Cast) -> None:
    as_taxi(cast)
    keep_targets(cast)
    assessment = started(cast)
    with cast.acts("safety_manager"):
        with pytest.raises(WrongAnswer, match=r"改判“1\.1\.a 第4条”须写明原因"):
            actions.answer(assessment_id=assessment, item=FIRST, given=[Given(RULE, 0)])
        with pytest.raises(WrongAnswer, match="与原判定相同"):
            actions.answer(assessment_id=assessment, item=FIRST, given=[Given(RULE, 1, reason="是")])
        with pytest.raises(WrongAnswer, match="数目 2 不对"):
            actions.answer(assessment_id=assessment, item=FIRST, given=[Given(RULE, 2, reason="是")])
        told = [Given(RULE, 0, reason="目标在纸质文件中，已当场核对")]
        actions.answer(assessment_id=assessment, item=FIRST, given=told)
        actions.answer(
            assessment_id=assessment, item=FIRST, given=told
        )  # the form sent again says nothing new
        assert Answer.objects.filter(assessment=assessment).count() == 1
        assert item_page(assessment, FIRST).score.score == 5
        actions.withdraw(assessment_id=assessment, condition=RULE)
        assert item_page(assessment, FIRST).score.score == 0
        with pytest.raises(NotFound):
            actions.withdraw(assessment_id=assessment, condition=RULE)
        with pytest.raises(NotFound):
            actions.answer(assessment_id=assessment, item=FIRST, given=[Given("taxi-2012.1.1.b.r1", 0)])
    with cast.acts("safety_manager"):
        assert Entry.objects.filter(action="assessments.answer").count() == 1


def test_items_are_answered_by_whom_they_are_given_to(scene: Scene) -> None:
    cast, assessment = scene.cast, scene.running
    with cast.acts("monitor"), pytest.raises(NotPermitted, match="没有分给您"):
        actions.answer(assessment_id=assessment, item=FIRST, given=[Given(RULE, 1)])
    with cast.acts("monitor"), pytest.raises(NotPermitted):
        planning.share_out(assessment_id=assessment, shares={FIRST: cast.a.monitor})
    with cast.acts("safety_manager"):
        planning.share_out(assessment_id=assessment, shares={FIRST: cast.a.monitor})
        with pytest.raises(NotFound):
            planning.share_out(assessment_id=assessment, shares={FIRST: cast.a.clerk})
        with pytest.raises(NotFound):
            planning.share_out(assessment_id=assessment, shares={"taxi-2012.9.9.z": cast.a.monitor})
    with cast.acts("monitor"):
        actions.answer(assessment_id=assessment, item=FIRST, given=[Given(RULE, 1, asked="张师傅")])
        page = item_page(assessment, FIRST)
    assert page.holder == "郑甬"
    assert next(row for row in page.rows if row.id == RULE).said is not None


def test_others_see_nothing_of_it(scene: Scene) -> None:
    cast, assessment = scene.cast, scene.running
    for member in ("clerk", "driver", "other_principal", "officer", "stranger_officer"):
        with cast.acts(member), pytest.raises(NotFound):
            queries.overview(assessment)
    with cast.acts("clerk"):
        assert queries.assessments(cast.a.id) == []
    with cast.acts("other_safety_manager"), pytest.raises(NotFound):
        actions.hand_in(assessment_id=assessment)


def test_what_does_not_apply_leaves_the_sum(scene: Scene) -> None:
    cast, assessment = scene.cast, scene.running
    with cast.acts("safety_manager"):
        actions.omit(assessment_id=assessment, item=FIRST, reason="单体企业")
        assert scored(seen(assessment)).omitted == 5
        with pytest.raises(Refused, match="已经标为不适用"):
            actions.omit(assessment_id=assessment, item=FIRST, reason="单体企业")
        actions.apply_again(assessment_id=assessment, item=FIRST)
        assert scored(seen(assessment)).omitted == 0
        with pytest.raises(NotFound):
            actions.apply_again(assessment_id=assessment, item=FIRST)


def test_the_system_judges_nothing(scene: Scene) -> None:
    cast, assessment = scene.cast, scene.running
    with acting(SYSTEM, reads=(cast.a.id,), at=NOW), pytest.raises(NotPermitted, match="本企业人员"):
        actions.answer(assessment_id=assessment, item=FIRST, given=[Given(RULE, 1)])
