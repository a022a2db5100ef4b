"""What a plan asks for, and which ledgers are said to be kept."""

from __future__ import annotations

from datetime import date

import pytest

from anze.records.acting.errors import NotFound, NotPermitted, Refused
from anze.records.assessments import actions, planning, queries, reviewing
from anze.records.assessments.access import NotOpen
from anze.records.assessments.actions import Given
from anze.records.assessments.planning import SelfReview
from tests.cast import Cast
from tests.records.assessments.stage import (
    FIRST,
    RULE,
    Scene,
    as_taxi,
    plan,
    planned,
    started,
)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"scheme": "construction-2012"}, "没有适用于本企业"),
        ({"target": "best"}, "请选择目标等级"),
        ({"kind": "none"}, "请选择考评类别"),
        ({"kind": "other"}, "请填写考评机构名称"),
        ({"title": " "}, "请填写考评名称"),
        ({"last": date(2025, 1, 1)}, "考评期的结束日期"),
        ({"since": date(2026, 12, 1), "last": date(2026, 12, 31)}, "考评期还没有开始"),
        ({"since": date(2011, 1, 1), "last": date(2011, 12, 31)}, "没有可用的等级"),
        ({"members": (999_999,)}, "不是本企业在职人员"),
        ({"members": tuple(range(100, 140))}, "最多 30 人"),
    ],
)
def test_a_plan_that_cannot_be(cast: Cast, changes: dict[str, object], says: str) -> None:
    as_taxi(cast)
    with cast.acts("safety_manager"), pytest.raises(Refused, match=says):
        planning.plan(company_id=cast.a.id, plan=plan(cast, **changes))


def test_nobody_reviews_themselves(cast: Cast) -> None:
    as_taxi(cast)
    with cast.acts("safety_manager"), pytest.raises(SelfReview):
        planning.plan(company_id=cast.a.id, plan=plan(cast, reviewer=cast.a.monitor))
    assessment = started(cast)
    with cast.acts("principal"):
        with pytest.raises(NotPermitted, match="不能参加初评"):
            actions.answer(assessment_id=assessment, item=FIRST, given=[Given(RULE, 1)])
        with pytest.raises(NotOpen):
            reviewing.finish_review(assessment_id=assessment, remark="同意")


def test_who_may_say_which_ledgers_are_kept(cast: Cast) -> None:
    as_taxi(cast)
    with cast.acts("safety_manager"):
        planning.declare_kept(company_id=cast.a.id, since={"target.plan": date(2025, 1, 1)})
        planning.declare_kept(company_id=cast.a.id, since={"target.plan": None})
        rows = queries.keepings(cast.a.id, planning.schemes_for("taxi"))
        assert {row.since for row in rows} == {None}
        with pytest.raises(NotFound):
            planning.declare_kept(company_id=cast.a.id, since={"no.kind": None})
        with pytest.raises(Refused, match="不能晚于今天"):
            planning.declare_kept(company_id=cast.a.id, since={"target.plan": date(2027, 1, 1)})
    with cast.acts("monitor"), pytest.raises(NotPermitted):
        planning.declare_kept(company_id=cast.a.id, since={"target.plan": None})


def test_planned_is_not_yet_answered(cast: Cast) -> None:
    assessment = planned(cast)
    with cast.acts("safety_manager"):
        assert queries.assessment(assessment).score is None
        with pytest.raises(NotOpen, match="还没有开始"):
            actions.answer(assessment_id=assessment, item=FIRST, given=[Given(RULE, 1)])
    with cast.acts("monitor"), pytest.raises(NotPermitted):
        actions.start(assessment_id=assessment)


def test_the_target_is_lowered_while_it_runs(scene: Scene) -> None:
    with scene.cast.acts("safety_manager"):
        planning.retarget(assessment_id=scene.running, target="third")
        assert queries.assessment(scene.running).target == "三级"
        with pytest.raises(Refused, match="请选择目标等级"):
            planning.retarget(assessment_id=scene.running, target="best")
    with scene.cast.acts("monitor"), pytest.raises(NotPermitted):
        planning.retarget(assessment_id=scene.running, target="second")
