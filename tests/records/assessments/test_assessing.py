"""An assessment from its plan to its conclusion, and what it refuses on the way."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from anze.records.acting.context import SYSTEM, acting
from anze.records.acting.errors import NotFound, NotPermitted, Refused
from anze.records.assessments import actions, correcting, planning, queries, reviewing, sampling
from anze.records.assessments.access import NotOpen, seen
from anze.records.assessments.actions import Given, WrongAnswer
from anze.records.assessments.checking import NotReady
from anze.records.assessments.item_queries import item_page
from anze.records.assessments.models import Answer, Assessment, Finding
from anze.records.assessments.planning import SelfReview
from anze.records.assessments.reviewing import conclusion
from anze.records.assessments.sample_queries import samples
from anze.records.assessments.sampling import NotDrawn
from anze.records.assessments.scoring import scored
from anze.records.duties.actions import seal_records, void_records
from anze.records.evidence.item_queries import items
from anze.records.journal.models import Entry
from anze.rules.assessment import How
from tests.cast import NOW, Cast
from tests.records.assessments.stage import answer_all, as_taxi, plan, planned, sealed, started
from tests.shelf import Shelf

FIRST, RULE = "taxi-2012.1.1.a", "taxi-2012.1.1.a.r4"


def concluded(cast: Cast, **changes: object) -> int:
    assessment = started(cast, **changes)
    answer_all(cast, assessment)
    with cast.acts("safety_manager"):
        for rule in ("people", "vehicles"):
            sampling.draw(assessment_id=assessment, rule=rule, seed="20261120")
        actions.hand_in(assessment_id=assessment)
    with cast.acts("principal"):
        reviewing.finish_review(assessment_id=assessment, remark="同意")
    with cast.acts("safety_manager"):
        reviewing.conclude(assessment_id=assessment)
    return assessment


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
    with cast.acts("safety_manager"):
        planning.declare_kept(company_id=cast.a.id, since={"target.plan": date(2025, 1, 1)})
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
    with cast.acts("safety_manager"):
        planning.declare_kept(company_id=cast.a.id, since={"target.plan": date(2025, 1, 1)})
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
    with cast.acts("safety_manager"):
        planning.declare_kept(company_id=cast.a.id, since={"target.plan": date(2025, 1, 1)})
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


def reviewing_answer(assessment: int, given: Given) -> None:
    actions.review(assessment_id=assessment, item="taxi-2012.1.1.b", given=[given])


def test_deciding_again_by_the_pinned_editions_gives_the_same_number(cast: Cast) -> None:
    assessment = concluded(cast)
    sealed(cast, "target.plan", year="2026", targets="后来补的")
    with cast.acts("safety_manager", NOW + timedelta(days=400)):
        row = seen(assessment)
        assert conclusion(row) == row.conclusion
        assert row.edition == scored(row).scheme.edition


def test_a_standard_that_is_corrected_leaves_an_old_score(cast: Cast, shelf: Shelf) -> None:
    assessment = started(cast)
    with cast.acts("safety_manager"):
        lost = [Given("taxi-2012.1.1.b.r1", 2, reason="缺两个环节")]
        actions.answer(assessment_id=assessment, item="taxi-2012.1.1.b", given=lost)
        before = scored(seen(assessment)).whole
    shelf.correct_scheme()
    later = started(cast, title="按更正后的标准")
    with cast.acts("safety_manager"):
        actions.answer(assessment_id=later, item="taxi-2012.1.1.b", given=lost)
        old, new = seen(assessment), seen(later)
        assert old.edition != new.edition
        assert (scored(old).whole, scored(new).whole) == (before, before - 2)


def test_what_was_concluded_never_changes(cast: Cast) -> None:
    assessment = concluded(cast)
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


def test_items_are_answered_by_whom_they_are_given_to(cast: Cast) -> None:
    assessment = started(cast)
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


def test_others_see_nothing_of_it(cast: Cast) -> None:
    assessment = started(cast)
    for member in ("clerk", "driver", "other_principal", "officer", "stranger_officer"):
        with cast.acts(member), pytest.raises(NotFound):
            queries.overview(assessment)
    with cast.acts("clerk"):
        assert queries.assessments(cast.a.id) == []
    with cast.acts("other_safety_manager"), pytest.raises(NotFound):
        actions.hand_in(assessment_id=assessment)


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


def test_sent_back_answered_anew_and_cancelled(cast: Cast) -> None:
    assessment = started(cast)
    answer_all(cast, assessment)
    with cast.acts("safety_manager"):
        for rule in ("people", "vehicles"):
            sampling.draw(assessment_id=assessment, rule=rule, seed="1")
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


def test_what_does_not_apply_leaves_the_sum(cast: Cast) -> None:
    assessment = started(cast)
    with cast.acts("safety_manager"):
        actions.omit(assessment_id=assessment, item=FIRST, reason="单体企业")
        assert scored(seen(assessment)).omitted == 5
        with pytest.raises(Refused, match="已经标为不适用"):
            actions.omit(assessment_id=assessment, item=FIRST, reason="单体企业")
        actions.apply_again(assessment_id=assessment, item=FIRST)
        assert scored(seen(assessment)).omitted == 0
        with pytest.raises(NotFound):
            actions.apply_again(assessment_id=assessment, item=FIRST)


def test_samples_are_drawn_once_and_can_be_drawn_again(cast: Cast) -> None:
    assessment = started(cast)
    with cast.acts("safety_manager"):
        [waiting, _] = samples(assessment)
        assert (waiting.population, waiting.least, waiting.drawn_at) == (6, 1, None)
        with pytest.raises(NotFound):
            sampling.substitute(assessment_id=assessment, rule="people", member=1, reason="病休")
        with pytest.raises(NotDrawn, match="至少抽 1 个"):
            sampling.draw(assessment_id=assessment, rule="people", seed="7", wanted=0)
        sampling.draw(assessment_id=assessment, rule="people", seed="", wanted=2)
        with pytest.raises(NotDrawn, match="不能重抽"):
            sampling.draw(assessment_id=assessment, rule="people", seed="8")
        [drawn, _] = samples(assessment)
        assert len(drawn.seed) == 16
        out = drawn.members[0].id
        into = sampling.substitute(assessment_id=assessment, rule="people", member=out, reason="病休")
        with pytest.raises(NotDrawn, match="不在样本中"):
            sampling.substitute(assessment_id=assessment, rule="people", member=out, reason="病休")
        [after, _] = samples(assessment)
    assert (after.members[0].id, after.members[0].why, after.again) == (into, "病休", True)


def test_corrections_are_followed_up_until_they_are_settled(cast: Cast) -> None:
    assessment = concluded(cast)
    with cast.acts("safety_manager"), pytest.raises(Refused, match="请选择要整改的失分要点"):
        correcting.correct(assessment_id=assessment, items=[FIRST], due=date(2026, 12, 20))
    other = started(cast, title="机构考评", kind="other", body="甬城考评中心")
    with cast.acts("safety_manager"):
        actions.answer(assessment_id=other, item=FIRST, given=[Given(RULE, 1, reason="没有量化")])
    answer_all(cast, other)
    with cast.acts("safety_manager"):
        for rule in ("people", "vehicles"):
            sampling.draw(assessment_id=other, rule=rule, seed="1")
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


def test_the_system_judges_nothing(cast: Cast) -> None:
    assessment = started(cast)
    with acting(SYSTEM, reads=(cast.a.id,), at=NOW), pytest.raises(NotPermitted, match="本企业人员"):
        actions.answer(assessment_id=assessment, item=FIRST, given=[Given(RULE, 1)])


def test_planned_is_not_yet_answered(cast: Cast) -> None:
    assessment = planned(cast)
    with cast.acts("safety_manager"):
        assert queries.assessment(assessment).score is None
        with pytest.raises(NotOpen, match="还没有开始"):
            actions.answer(assessment_id=assessment, item=FIRST, given=[Given(RULE, 1)])
    with cast.acts("monitor"), pytest.raises(NotPermitted):
        actions.start(assessment_id=assessment)
