"""Leave, remits, units over periods, and two who edit one person at once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from anze.records.acting.errors import NotFound, NotPermitted, Refused
from anze.records.duties import actions as duty_actions
from anze.records.duties import organising
from anze.records.duties import queries as duties
from anze.records.duties.organising import UnitInUse
from anze.records.duties.workbench import workbench
from anze.records.evidence.actions import Draft, PartInput, draft_record
from anze.records.journal.models import Entry
from anze.records.people import actions, directory, edits, leaves, queries, remits
from anze.records.people.actions import DeputyAway
from anze.records.people.edits import ChangedMeanwhile
from anze.records.people.leaves import AlreadyAway
from anze.records.people.models import Person, Placement
from anze.records.people.remits import UnitTaken
from tests.cast import NOW, STARTED, TODAY, Cast

DAY = timedelta(days=1)
WEEK = timedelta(days=7)


def holding_of(person_id: int) -> int:
    (held,) = queries.holdings(person_id=person_id)
    return held.id


def away(cast: Cast, person_id: int, since=TODAY, until=TODAY + WEEK, reason="探亲") -> int:
    return organising.take_leave(person_id=person_id, kind="leave", since=since, until=until, reason=reason)


def stand_in(cast: Cast, since=TODAY - WEEK, until=None) -> None:
    duty_actions.appoint_deputy(
        holding_id=holding_of(cast.a.safety_manager),
        deputy_id=cast.a.clerk,
        since=since,
        until=until,
        reason="顶岗",
    )


def test_who_is_on_leave_cannot_be_appointed_for_those_days(cast: Cast) -> None:
    with cast.acts("principal"):
        away(cast, cast.a.clerk)
        with pytest.raises(DeputyAway, match="冯甬 自 2026-11-20 至 2026-11-26 请假"):
            stand_in(cast, since=TODAY + 6 * DAY)
        stand_in(cast, since=TODAY + WEEK)
        stand_in(cast, since=TODAY - WEEK, until=TODAY)


def test_who_has_left_cannot_be_appointed(cast: Cast) -> None:
    with cast.acts("principal"):
        actions.dismiss(person_ids=[cast.a.clerk], left_on=TODAY + WEEK)
        with pytest.raises(Refused, match="起离职，顶岗不能超过这一天"):
            stand_in(cast)
        stand_in(cast, until=TODAY + WEEK)


def test_a_deputys_act_on_leave_does_not_count(cast: Cast) -> None:
    study = Draft(
        kind="training.driver-study",
        title="驾驶员安全学习",
        happened_at=NOW - DAY,
        values={"hours": "2", "topic": "冬季行车安全", "place": "会议室"},
        parts=[PartInput(cast.a.clerk, "organiser"), PartInput(cast.a.drivers[0], "participant")],
    )
    with cast.acts("principal"):
        stand_in(cast)
        record = draft_record(draft=study)
        (sealed,) = duty_actions.seal_records(record_ids=[record])
        assert sealed.proved
        proved = {row.requirement for row in duties.proved_by(record, company_id=cast.a.id)}
        assert "coach.safety_manager.d3.a" in proved
        leave = away(cast, cast.a.clerk, since=TODAY - 2 * DAY)
        still = {row.requirement for row in duties.proved_by(record, company_id=cast.a.id)}
        assert "coach.safety_manager.d3.a" not in still  # organised by the deputy, who was away
        organising.end_leave(leave_id=leave, until=TODAY - DAY)
        assert {row.id for row in duties.proved_by(record, company_id=cast.a.id)} == set(sealed.proved)


def test_the_rights_of_a_deputy_rest_on_leave(cast: Cast) -> None:
    with cast.acts("principal"):
        stand_in(cast)
    with cast.acts("clerk") as scope:
        assert scope.actor.covered == ((cast.a.safety_manager, "coach.safety_manager"),)
        assert "safety_manager" in scope.actor.roles
    with cast.acts("principal"):
        away(cast, cast.a.clerk)
    with cast.acts("clerk") as scope:
        assert scope.actor.covered == ()
        assert scope.actor.roles == {"employee"}


def test_a_deputy_is_shown_what_the_holder_owes_in_person(cast: Cast) -> None:
    with cast.acts("principal"):
        held = duty_actions.assign_post(
            person_id=cast.a.monitor, position="coach.other_deputy", since=STARTED
        )
        duty_actions.appoint_deputy(
            holding_id=held, deputy_id=cast.a.clerk, since=TODAY, until=None, reason="顶岗"
        )
    with cast.acts("clerk"):
        groups = workbench(person_id=cast.a.clerk, positions=queries.my_positions()).owed
        in_person = {g.row.requirement for g in groups if g.row.person_id == cast.a.monitor}
        assert "coach.other_deputy.d5.b" in in_person
        assert "coach.other_deputy.d2.a" not in in_person  # signed in person, by nobody else
        assert duties.obligations(requirement="coach.other_deputy.d5.b").total
        assert not duties.obligations(requirement="coach.other_deputy.d2.a").total


def test_leave_is_refused_in_words(cast: Cast) -> None:
    with cast.acts("principal"):
        away(cast, cast.a.clerk)
        with pytest.raises(AlreadyAway, match="已登记自 2026-11-20 至 2026-11-26 请假"):
            away(cast, cast.a.clerk, since=TODAY + DAY)
        for changes, says in (
            ({"until": TODAY + WEEK, "since": TODAY + WEEK}, "返岗日期应晚于"),
            ({"reason": " "}, "请写明事由"),
            ({"since": STARTED - DAY}, "不全在职"),
        ):
            with pytest.raises(Refused, match=says):
                away(cast, cast.a.monitor, **changes)
        with pytest.raises(Refused, match="类型只能是"):
            organising.take_leave(person_id=cast.a.clerk, kind="x", since=TODAY, until=None, reason="x")
        with pytest.raises(NotFound):
            away(cast, cast.b.clerk)
    with cast.acts("monitor"), pytest.raises(NotPermitted):
        away(cast, cast.a.clerk)


def test_leave_ends_and_never_was(cast: Cast) -> None:
    with cast.acts("principal"):
        leave = away(cast, cast.a.clerk, until=None)
        (row,) = leaves.leaves(on=TODAY)
        assert leaves.said(row) == "自 2026-11-20 起请假"
        with pytest.raises(Refused, match="不能早于"):
            organising.end_leave(leave_id=leave, until=TODAY - DAY)
        assert organising.end_leave(leave_id=leave, until=TODAY + DAY) == cast.a.clerk
        with pytest.raises(Refused, match="要延长请另登记"):
            organising.end_leave(leave_id=leave, until=TODAY + WEEK)
        organising.end_leave(leave_id=leave, until=TODAY)
        assert leaves.leaves(person_id=cast.a.clerk) == []
        with pytest.raises(NotFound):
            organising.end_leave(leave_id=leave, until=TODAY)
    with cast.acts("principal"):
        assert Entry.objects.filter(action="people.end_leave").count() == 2


def test_one_leader_for_a_unit_and_day(cast: Cast) -> None:
    with cast.acts("principal"):
        first, second = holding_of(cast.a.principal), holding_of(cast.a.safety_manager)
        organising.put_in_charge(holding_id=first, unit_id=cast.a.department, since=TODAY)
        with pytest.raises(UnitTaken, match="由 赵甬 分管"):
            organising.put_in_charge(holding_id=second, unit_id=cast.a.department, since=TODAY - WEEK)
        (row,) = remits.remits(company_id=cast.a.id, on=TODAY)
        organising.end_remit(remit_id=row.id, until=TODAY + DAY)
        organising.put_in_charge(holding_id=second, unit_id=cast.a.department, since=TODAY + DAY)
        with pytest.raises(Refused, match="已于"):
            organising.end_remit(remit_id=row.id, until=TODAY + WEEK)
        with pytest.raises(Refused, match="应晚于"):
            organising.end_remit(remit_id=row.id, until=TODAY)
        for holding, unit in ((first, cast.b.department), (10**6, cast.a.department)):
            with pytest.raises(NotFound):
                organising.put_in_charge(holding_id=holding, unit_id=unit, since=TODAY)
        with pytest.raises(Refused, match="不能早于这一天"):
            organising.put_in_charge(
                holding_id=first, unit_id=cast.a.department, since=STARTED - DAY, until=STARTED + DAY
            )
    with cast.acts("monitor"), pytest.raises(NotPermitted):
        organising.end_remit(remit_id=row.id, until=TODAY)


def test_a_remit_ends_with_its_holding(cast: Cast) -> None:
    with cast.acts("principal"):
        held = holding_of(cast.a.safety_manager)
        organising.put_in_charge(holding_id=held, unit_id=cast.a.department, since=TODAY - WEEK)
        duty_actions.end_holding(holding_id=held, until=TODAY)
        assert [row.until for row in remits.remits()] == [TODAY]
        assert remits.leaders(cast.a.id, TODAY) == {}
        assert set(remits.leaders(cast.a.id, TODAY - DAY)) == {cast.a.department}


def test_the_superior_is_the_leader_in_charge_else_the_principal(cast: Cast) -> None:
    with cast.acts("principal"):
        team = duty_actions.open_unit(
            company_id=cast.a.id, kind="team", name="一班", since=STARTED, parent=cast.a.department
        )
        edits.move(person_id=cast.a.clerk, unit_id=team, since=TODAY)

        def superior(person: int) -> int | None:
            found = remits.superior_of(queries.person(person), TODAY)
            return found and found.id

        assert superior(cast.a.clerk) == cast.a.principal
        held = holding_of(cast.a.safety_manager)
        organising.put_in_charge(holding_id=held, unit_id=cast.a.department, since=TODAY)
        assert superior(cast.a.clerk) == cast.a.safety_manager
        edits.move(person_id=cast.a.safety_manager, unit_id=team, since=TODAY)
        assert superior(cast.a.safety_manager) == cast.a.principal
        assert superior(cast.a.principal) is None


def test_a_person_belongs_to_one_unit_at_a_time(cast: Cast) -> None:
    with cast.acts("principal"):
        edits.move(person_id=cast.a.clerk, unit_id=cast.a.department, since=TODAY - WEEK)
        edits.move(person_id=cast.a.clerk, unit_id=None, since=TODAY)
        rows = Placement.objects.filter(person=cast.a.clerk).values_list("unit_id", "since", "until")
        assert list(rows) == [(cast.a.department, TODAY - WEEK, TODAY)]
        assert Person.objects.get(pk=cast.a.clerk).unit_id is None
        for changes, says in (
            ({"unit_id": None}, "已在这个机构"),
            ({"since": TODAY + DAY}, "不能晚于今天"),
            ({"since": STARTED - DAY}, "不在职"),
        ):
            with pytest.raises(Refused, match=says):
                edits.move(
                    **{"person_id": cast.a.clerk, "unit_id": cast.a.department, "since": TODAY} | changes
                )
        for person, unit in ((cast.b.clerk, cast.a.department), (cast.a.clerk, cast.b.department)):
            with pytest.raises(NotFound):
                edits.move(person_id=person, unit_id=unit, since=TODAY)


def test_the_second_who_edits_is_told(cast: Cast) -> None:
    with cast.acts("principal"):
        version = queries.person(cast.a.clerk).version
        organising.edit_person(
            person_id=cast.a.clerk, version=version, name="冯新", phone="13900001111", driver=True
        )
        with pytest.raises(ChangedMeanwhile, match="别人修改过 冯新"):
            organising.edit_person(
                person_id=cast.a.clerk, version=version, name="冯旧", phone=None, driver=False
            )
        found = queries.person(cast.a.clerk)
        assert (found.name, found.phone_masked, found.driver) == ("冯新", "139****1111", True)
        assert found.pinyin.startswith("feng xin")
        assert any(row.subject_id == cast.a.clerk for row in duties.obligations(size=200).rows)
        for changes, says in (({"name": " "}, "请填写姓名"), ({"phone": "12"}, "不是电话号码")):
            given = {"name": "冯", "phone": None, "driver": True, "version": found.version} | changes
            with pytest.raises(Refused, match=says):
                organising.edit_person(person_id=cast.a.clerk, **given)


def test_a_unit_in_use_stays(cast: Cast) -> None:
    with cast.acts("principal"):
        held = holding_of(cast.a.principal)
        organising.put_in_charge(holding_id=held, unit_id=cast.a.department, since=TODAY - WEEK)
        team = duty_actions.open_unit(
            company_id=cast.a.id, kind="team", name="一班", since=STARTED, parent=cast.a.department
        )
        with pytest.raises(UnitInUse, match="下级机构"):
            organising.close_unit(unit_id=cast.a.department, until=TODAY)
        edits.move(person_id=cast.a.clerk, unit_id=team, since=TODAY)
        with pytest.raises(UnitInUse, match="人员"):
            organising.close_unit(unit_id=team, until=TODAY)
        edits.move(person_id=cast.a.clerk, unit_id=None, since=TODAY)
        organising.put_in_charge(holding_id=held, unit_id=team, since=TODAY)
        organising.close_unit(unit_id=team, until=TODAY)
        organising.close_unit(unit_id=cast.a.department, until=TODAY)
        assert [row.until for row in remits.remits()] == [TODAY]  # that of the team never began


def test_the_directory_is_searched_and_filtered(cast: Cast) -> None:
    def names(**asked) -> list[str]:
        page = directory.people_page(company_id=cast.a.id, **asked)
        return [line.person.name for line in page.rows]

    with cast.acts("principal"):
        edits.move(person_id=cast.a.clerk, unit_id=cast.a.department, since=TODAY)
        away(cast, cast.a.monitor)
        actions.dismiss(person_ids=[cast.a.drivers[1]], left_on=TODAY)
        assert names(text="zy")[0] == "赵甬"
        assert names(text="冯") == names(text="fengyong") == ["冯甬"]
        assert names(unit_id=cast.a.department) == ["冯甬"]
        assert names(position="coach.principal") == ["赵甬"]
        assert names(service="away") == ["郑甬"]
        assert names(service="left") == ["孙甬"]
        assert len(names()) == 5
        assert len(names(service="all")) == 6
        with pytest.raises(NotFound):
            directory.person_file(cast.b.clerk)
        with pytest.raises(NotFound):
            directory.holding(10**6)
    with cast.acts("monitor"), pytest.raises(NotPermitted):
        names()
