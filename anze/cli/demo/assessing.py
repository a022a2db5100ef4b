"""The taxi company assesses itself: last year's is concluded, this year's is under way."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, timedelta

from anze.cli.demo.days import Days, at, office_day
from anze.cli.demo.play import Stage
from anze.records.acting.context import acting
from anze.records.assessments import actions, correcting, planning, queries, reviewing, sampling
from anze.records.assessments.actions import Given
from anze.records.assessments.planning import Plan
from anze.records.duties import actions as duties
from anze.rules.assessment.ledger import ItemScore

SCHEME = "taxi-2012"
KEPT = ("training.driver-study", "inspection.safety", "vehicle.insurance", "vehicle.inspection")
# Deductions that the team found; everything else that was asked was in order.
LAST_YEAR: Mapping[str, tuple[int, str]] = {
    "1.1.a.r3": (1, "抽查的三名驾驶员中一人说不出安全目标"),
    "1.1.b.r1": (2, "措施缺少分解和绩效考核两个环节"),
    "1.2.a.r2": (1, "规划没有覆盖夜间营运"),
    "3.1.a.r1": (1, "两个部门的责任书没有更新"),
}
THIS_YEAR: Mapping[str, tuple[int, str]] = {
    "1.1.b.r1": (1, "措施缺少绩效考核环节，其余上次的问题已补"),
    "1.2.a.r3": (1, "规划没有逐年量化"),
}
ANSWERED_CATEGORIES = 3  # of this year's, so far
SHARED = {"2": "office", "5": "office", "6": "captain", "7": "captain"}


def assess(stage: Stage, days: Days) -> None:
    year = days.today.year
    december = date(year - 1, 12, 1)
    if stage.tells(at(december, "00:00")):
        _keep(stage, at(december, "09:00"), days)
        _last_year(stage, days, year - 1)
    _this_year(stage, days, year)


def _does(stage: Stage, key: str, when: datetime, run: Callable[[], object]) -> None:
    with acting(stage.actor(key), reads=(stage.company,), at=when):
        run()


def _keep(stage: Stage, when: datetime, days: Days) -> None:
    kept = {kind: days.start for kind in KEPT if kind in _askable(stage, when)}
    _does(stage, "manager", when, lambda: planning.declare_kept(company_id=stage.company, since=kept))


def _askable(stage: Stage, when: datetime) -> set[str]:
    with acting(stage.actor("manager"), reads=(stage.company,), at=when):
        return {row.kind for row in queries.keepings(stage.company, planning.schemes_for(stage.firm.trade))}


def _plan(stage: Stage, year: int, when: datetime, target: str) -> int:
    plan = Plan(
        title=f"{year}年度达标自评",
        scheme=SCHEME,
        target=target,
        since=date(year, 1, 1),
        last=date(year, 12, 31),
        lead=stage.people["manager"],
        reviewer=stage.people["boss"],
        members=[stage.people[key] for key in ("office", "captain")],
    )
    made: list[int] = []
    _does(stage, "manager", when, lambda: made.append(planning.plan(company_id=stage.company, plan=plan)))
    _does(stage, "manager", when, lambda: _share(stage, made[0]))
    return made[0]


def _share(stage: Stage, assessment: int) -> None:
    items = queries.overview(assessment).score.scheme.items
    shares = {
        item.id: stage.people[SHARED[number]] for item in items if (number := item.id.split(".")[1]) in SHARED
    }
    planning.share_out(assessment_id=assessment, shares=shares)


def _last_year(stage: Stage, days: Days, year: int) -> None:
    def on(day: int, clock: str) -> datetime:
        return at(date(year, 12, day), clock)

    assessment = _plan(stage, year, on(8, "09:10"), "second")
    _does(stage, "manager", on(9, "08:40"), lambda: actions.start(assessment_id=assessment))
    _does(stage, "manager", on(9, "09:00"), lambda: _draw(assessment, f"{year}1209"))
    _does(stage, "manager", on(15, "15:20"), lambda: _answer(assessment, LAST_YEAR, 99))
    _does(stage, "manager", on(18, "16:00"), lambda: actions.hand_in(assessment_id=assessment))
    _does(stage, "boss", on(22, "10:00"), lambda: _review(assessment))
    _does(stage, "manager", on(24, "09:30"), lambda: reviewing.conclude(assessment_id=assessment))
    due, who = date(year + 1, 3, 31), stage.people["office"]
    _does(stage, "manager", on(25, "09:30"), lambda: _correct(assessment, due, who))


def _correct(assessment: int, due: date, who: int) -> None:
    items = [item.item.id for item in correcting.lost_items(assessment)]
    duties.seal_records(
        record_ids=[correcting.correct(assessment_id=assessment, items=items, due=due, who=who)]
    )


def _review(assessment: int) -> None:
    """The second assessor is stricter in one point."""
    item, rule = f"{SCHEME}.1.2.a", f"{SCHEME}.1.2.a.r2"
    reason = "规划也没有覆盖网约订单"
    actions.review(assessment_id=assessment, item=item, given=[Given(rule, 2, reason=reason)])
    reviewing.finish_review(assessment_id=assessment, remark="除规划一项外同意考评组判定，请按失分项整改。")


def _this_year(stage: Stage, days: Days, year: int) -> None:
    first = office_day(days.today - timedelta(days=18))
    if first.year != year or not stage.tells(at(first, "09:00")):
        return
    assessment = _plan(stage, year, at(first, "09:10"), "first")
    _does(stage, "manager", at(first, "10:00"), lambda: actions.start(assessment_id=assessment))
    _does(stage, "manager", at(first, "10:20"), lambda: _draw(assessment, f"{first:%Y%m%d}"))
    later = at(first, "15:30")
    _does(stage, "manager", later, lambda: _answer(assessment, THIS_YEAR, ANSWERED_CATEGORIES))


def _draw(assessment: int, seed: str) -> None:
    for rule in ("people", "vehicles"):
        sampling.draw(assessment_id=assessment, rule=rule, seed=seed)


def _answer(assessment: int, lost: Mapping[str, tuple[int, str]], categories: int) -> None:
    """Item by item, what facts did not answer."""
    for category in queries.overview(assessment).score.categories:
        if category.category.number <= categories:
            for score in category.items:
                _answer_item(assessment, score, lost)


def _answer_item(assessment: int, score: ItemScore, lost: Mapping[str, tuple[int, str]]) -> None:
    given = list(_given(score, lost))
    veto = score.item.veto
    if veto is not None and veto.id not in queries.overview(assessment).score.standpoints:
        given.append(Given(veto.id, 0, reason="已核对文件和现场"))
    if given:
        actions.answer(assessment_id=assessment, item=score.item.id, given=given)


def _given(score: ItemScore, lost: Mapping[str, tuple[int, str]]) -> Iterator[Given]:
    for rule in score.open:
        count, reason = lost.get(rule.removeprefix(f"{SCHEME}."), (0, ""))
        asked = _asked(score, rule)
        yield Given(rule, count, reason=reason, asked=asked)


def _asked(score: ItemScore, rule_id: str) -> str:
    rule = next(rule for rule in score.item.rules if rule.id == rule_id)
    return "抽样驾驶员三人" if rule.sample == "people" else ""
