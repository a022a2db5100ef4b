"""From handing in to the conclusion, which never changes, and what is put right after it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from anze.records.acting.errors import NotPermitted, Refused
from anze.records.assessments import actions, correcting, planning, queries, reviewing, sampling
from anze.records.assessments.access import NotOpen, seen
from anze.records.assessments.actions import Given, WrongAnswer
from anze.records.assessments.checking import NotReady
from anze.records.assessments.models import Answer, Assessment, Finding
from anze.records.assessments.reviewing import conclusion
from anze.records.assessments.scoring import scored
from anze.records.duties.actions import seal_records
from anze.records.evidence.item_queries import items
from tests.cast import NOW, Cast
from tests.records.assessments.stage import (
    FIRST,
    RULE,
    SECOND,
    Scene,
    answer_all,
    concluded,
    draw_all,
    reviewing_answer,
    sealed,
    started,
)
from tests.shelf import Shelf


def test_the_way_to_a_conclusion(cast: Cast) -> None:
    assessment = started(cast)
    answer_all(cast, assessment)
    with cast.acts("safety_manager"), pytest.raises(NotReady) as refusal:
        actions.hand_in(assessment_id=assessment)
    assert {row.text for row in refusal.value.rows} == {
        "须抽样的要点已人工判定，但“从业人员”样本还没有抽取",
        "须抽样的要点已人工判定，但“车辆”样本还没有抽取",
    }
    with cast.acts("safety_manager"):
        sampling.draw(assessment_id=assessment, rule="people", seed="20261120")
        sampling.draw(assessment_id=assessment, rule="vehicles", seed="20261120")
        actions.hand_in(assessment_id=assessment)
        with pytest.raises(NotOpen, match="已提交复核"):
            actions.answer(assessment_id=assessment, item=FIRST, given=[Given(RULE, 1)])
    with cast.acts("officer"):
        assert queries.assessment(assessment).label == "待复核"
    rule = "taxi-2012.1.1.b.r1"
    with cast.acts("principal"):
        with pytest.raises(WrongAnswer, match="须写明原因"):
            reviewing_answer(assessment, Given(rule, 2))
        reviewing_answer(assessment, Given(rule, 2, reason="缺两个环节"))
        reviewing.finish_review(assessment_id=assessment, remark="同意其余")
        with pytest.raises(NotPermitted, match="您是本次考评的复核人"):
            reviewing.conclude(assessment_id=assessment)
    with cast.acts("safety_manager"):
        reviewing.conclude(assessment_id=assessment)
        found = queries.overview(assessment)
    assert found.row.label == "已结论"
    assert (found.first.whole - found.score.whole, found.row.score) == (2, found.score.whole)


def test_deciding_again_by_the_pinned_editions_gives_the_same_number(scene: Scene) -> None:
    cast, assessment = scene.cast, concluded(scene)
    sealed(cast, "target.plan", year="2026", targets="后来补的")
    with cast.acts("safety_manager", NOW + timedelta(days=400)):
        row = seen(assessment)
        assert conclusion(row) == row.conclusion
        assert row.edition == scored(row).scheme.edition


def test_a_standard_that_is_corrected_leaves_an_old_score(cast: Cast, shelf: Shelf) -> None:
    assessment = started(cast)
    with cast.acts("safety_manager"):
        lost = [Given("taxi-2012.1.1.b.r1", 2, reason="缺两个环节")]
        actions.answer(assessment_id=assessment, item=SECOND, given=lost)
        before = scored(seen(assessment)).whole
    shelf.correct_scheme()
    later = started(cast, title="按更正后的标准")
    with cast.acts("safety_manager"):
        actions.answer(assessment_id=later, item=SECOND, given=lost)
        old, new = seen(assessment), seen(later)
        assert old.edition != new.edition
        assert (scored(old).whole, scored(new).whole) == (before, before - 2)


def test_what_was_concluded_never_changes(scene: Scene) -> None:
    cast, assessment = scene.cast, concluded(scene)
    with cast.acts("safety_manager"):
        for act in (
            lambda: actions.answer(assessment_id=assessment, item=FIRST, given=[Given(RULE, 1)]),
            lambda: actions.omit(assessment_id=assessment, item=FIRST, reason="不适用"),
            lambda: sampling.draw(assessment_id=assessment, rule="people", seed="1"),
            lambda: planning.cancel(assessment_id=assessment, reason="重来"),
            lambda: reviewing.conclude(assessment_id=assessment),
        ):
            with pytest.raises(NotOpen):
                act()
    with cast.acts("safety_manager"):
        row = Assessment.objects.get(pk=assessment)
        row.title = "改"
        with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
            row.save()
        with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
            Answer.objects.filter(assessment=assessment).update(count=1)
        with pytest.raises(Exception, match="permission denied"), transaction.atomic():
            Finding.objects.filter(assessment=assessment).update(lost=1)


def test_sent_back_answered_anew_and_cancelled(scene: Scene) -> None:
    cast, assessment = scene.cast, scene.ready
    with cast.acts("safety_manager"):
        actions.hand_in(assessment_id=assessment)
    with cast.acts("principal"):
        reviewing_answer(assessment, Given("taxi-2012.1.1.b.r1", 2, reason="缺两个环节"))
        reviewing.send_back(assessment_id=assessment, reason="请补现场照片")
    with cast.acts("safety_manager"):
        found = queries.overview(assessment)
        assert found.notes["sent_back_reason"] == "请补现场照片"
        assert found.first.whole == found.score.whole
        with pytest.raises(NotOpen):
            reviewing.finish_review(assessment_id=assessment, remark="同意")
        planning.cancel(assessment_id=assessment, reason="改由机构考评")
        with pytest.raises(NotOpen, match="已取消"):
            actions.hand_in(assessment_id=assessment)


def test_corrections_are_followed_up_until_they_are_settled(scene: Scene) -> None:
    cast, assessment = scene.cast, concluded(scene)
    with cast.acts("safety_manager"), pytest.raises(Refused, match="请选择要整改的失分要点"):
        correcting.correct(assessment_id=assessment, items=[FIRST], due=date(2026, 12, 20))
    other = started(cast, title="机构考评", kind="other", body="甬城考评中心")
    with cast.acts("safety_manager"):
        actions.answer(assessment_id=other, item=FIRST, given=[Given(RULE, 1, reason="没有量化")])
    answer_all(cast, other)
    draw_all(cast, other)
    with cast.acts("safety_manager"):
        actions.hand_in(assessment_id=other)
        with pytest.raises(Refused, match="不能早于今天"):
            correcting.correct(assessment_id=other, items=[FIRST], due=date(2026, 11, 1))
        due = date(2026, 12, 20)
        record = correcting.correct(assessment_id=other, items=[FIRST], due=due, who=cast.a.monitor)
        [drawn_up] = correcting.corrections(other)
        assert not drawn_up.sealed
        seal_records(record_ids=[record])
        [row] = correcting.corrections(other)[0].items
        assert (row.what, row.who_name, row.due) == ("1.1.a 失5分：没有量化", "郑甬", due)
        assert row.settling == ("hazard.rectification",)
        assert items(kind="assessment.corrections").total == 1
