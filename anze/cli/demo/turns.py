"""What changed in the companies: posts handed over, people who came and went, numbers fixed, waivers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta

from anze.cli.demo.cast import Firm
from anze.cli.demo.choices import Choice, choices
from anze.cli.demo.days import Days, at
from anze.cli.demo.play import Act, Stage, employ, open_account
from anze.cli.demo.story import Happening, Teller
from anze.records.duties import actions as duties
from anze.records.duties import choosing
from anze.records.duties.tailoring import tailor
from anze.records.evidence import actions as evidence
from anze.rules.catalogue.model import Every, Limit, LimitUnit

DAY = timedelta(days=1)
WAIVED = {
    "coach.safety_manager.d2.a": "产假期间无法参加本年度主管部门培训，返岗后列入下年度首批名单，经批准。",
    "coach.safety_manager.r4.a": "产假期间不参与招聘，由顶岗人员办理。",
    "coach.safety_manager.r11.a": "产假，本年度声明由顶岗人员说明情况。",
}
DECIDED = "经安全生产领导小组会议讨论确定，写入安全生产管理制度汇编。"


def turns(firm: Firm, days: Days, usernames: dict[str, str]) -> Iterator[Act]:
    """Everything that is not a record, of either company."""
    for chosen in choices(firm):
        yield Act(at(days.start + 9 * DAY, "11:00"), firm.principal(days.start), _fix(chosen, days.start))
    if firm.rate < 1:
        return
    yield from comings_and_goings(firm, days, usernames)
    yield from handover(firm, days, usernames)
    yield from leave(firm, days)
    stricter = days.month(7)
    yield Act(at(stricter + 3 * DAY, "10:00"), "boss-old", _twice_a_month(stricter))
    earlier = days.month(4)
    yield Act(at(earlier - 4 * DAY, "16:00"), "boss", _rosters_ahead(earlier))


def _fix(chosen: Choice, since: date) -> Callable[[Stage], object]:
    return lambda _: choosing.commit_to(**chosen._asdict(), since=since, reason=DECIDED)


def _twice_a_month(since: date) -> Callable[[Stage], object]:
    return lambda _: choosing.commit_to(
        requirement="coach.safety_manager.d4.a",
        since=since,
        every=Every.MONTH,
        times=2,
        reason="上半年检查发现问题偏少，改为每月不少于2次。",
    )


def _rosters_ahead(since: date) -> Callable[[Stage], object]:
    """The one demand that the company made stricter than the law."""
    return lambda _: tailor(
        requirement="coach.principal.r8.a",
        since=since,
        before=Limit(3, LimitUnit.DAY),
        reason="值班表须提前3日报车队，经安全生产领导小组会议讨论确定。",
    )


def comings_and_goings(firm: Firm, days: Days, usernames: dict[str, str]) -> Iterator[Act]:
    for member in firm.members:
        if member.joined > days.start:
            yield Act(at(member.joined, "08:00"), "manager", _come(member.joined))
        if member.left is not None:
            yield Act(at(member.left, "08:20"), "manager", _go(member.key, member.left))
    joined = next(h for h in firm.holders if h.key == "manager2")
    yield Act(
        at(joined.since, "08:30"), "manager", _take_post("manager2", joined.position, joined.since, usernames)
    )


def _come(day: date) -> Callable[[Stage], object]:
    return lambda stage: employ(stage, day)


def _go(key: str, day: date) -> Callable[[Stage], object]:
    return lambda stage: duties.dismiss(person_ids=[stage.people[key]], left_on=day)


def _take_post(key: str, position: str, since: date, usernames: dict[str, str]) -> Callable[[Stage], object]:
    def run(stage: Stage) -> None:
        stage.holdings[key] = duties.assign_post(person_id=stage.people[key], position=position, since=since)
        if key not in stage.accounts:
            open_account(stage, key, usernames[key])

    return run


def handover(firm: Firm, days: Days, usernames: dict[str, str]) -> Iterator[Act]:
    """The principal changed half a year ago."""
    old, new = (h for h in firm.holders if h.position == "coach.principal")
    assert old.until is not None

    def run(stage: Stage) -> None:
        assert old.until is not None
        duties.end_holding(holding_id=stage.holdings[old.key], until=old.until)
        _take_post(new.key, new.position, new.since, usernames)(stage)

    yield Act(at(old.until, "08:15"), "manager", run)


def leave(firm: Firm, days: Days) -> Iterator[Act]:
    """One safety manager is on leave, covered by a deputy; the yearly course is waived for her."""
    since = Teller(firm, days).leave_begins
    back = days.today + 35 * DAY

    def cover(stage: Stage) -> None:
        duties.appoint_deputy(
            holding_id=stage.holdings["manager3"],
            deputy_id=stage.people["deputy"],
            since=since,
            until=back,
            reason="产假，由安全员徐佳顶岗",
        )

    def waive(stage: Stage) -> None:
        for requirement, reason in WAIVED.items():
            choosing.waive(
                requirement=requirement,
                person_id=stage.people["manager3"],
                since=since,
                until=date(since.year + 1, 1, 1),
                reason=reason,
            )

    yield Act(at(since, "08:40"), "manager", cover)
    yield Act(at(since, "09:30"), "boss", waive)


def corrections(firm: Firm, days: Days, told: list[Happening]) -> Iterator[Act]:
    """A record entered twice is voided; one with a wrong place is revised."""
    wrong = next(t for t in told if t.key == "inspection-2-23")
    duplicate = next(t for t in told if t.key == "duplicate")

    def void(stage: Stage) -> None:
        duties.void_records(record_ids=[stage.records["duplicate"]], reason="与当月安全例会记录重复录入。")

    def revise(stage: Stage) -> None:
        record = evidence.revise_record(record_id=stage.records["inspection-2-23"])
        right = replace(wrong, values={**wrong.values, "place": "城南停车场东区（更正：原误填西区）"})
        evidence.edit_draft(record_id=record, draft=stage.draft(right))
        duties.seal_records(record_ids=[record])

    yield Act(duplicate.acted + DAY, "manager", void)
    yield Act(wrong.acted + 2 * DAY, "manager", revise)
