"""Answers are a named person's, in time and once; silence is noted; accounts keep their secrets."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from anze.jobs.uplink import note_all
from anze.records.acting.context import SYSTEM, acting
from anze.records.acting.errors import NotFound, NotPermitted, Refused
from anze.records.journal.models import Entry
from anze.records.uplink import actions, queries
from anze.records.uplink.actions import AlreadyAnswered, TooLate, UplinkTaken
from anze.records.uplink.queries import Standing
from anze.telemetry.uplinks import NewUplink
from tests.cast import NOW, Cast
from tests.uplink import URGED, asked, delivered, forget


@pytest.fixture
def watched(committed_cast: Cast) -> Cast:
    forget()
    return committed_cast


def noted(company: int, action: str) -> list[tuple[str, list[list[object]]]]:
    with acting(SYSTEM, reads=(company,), at=NOW):
        found = Entry.objects.filter(company_id=company, action=action).order_by("pk")
        return [(entry.actor, entry.rows) for entry in found]


def test_an_answer_bears_the_persons_name_and_is_journalled(watched: Cast) -> None:
    number = asked(watched.a.id, at=NOW)
    with watched.acts("safety_manager"):
        actions.answer_roll_call(question_id=number, text=" 在岗 ")
    with watched.acts("principal"):
        row = queries.question(number)
    assert (row.standing, row.answer, row.responder) == (Standing.ANSWERED, "在岗", "李甬")
    assert row.answered_by == watched.a.safety_manager
    ((actor, rows),) = noted(watched.a.id, "uplink.answer")
    assert (actor, rows[0][:2]) == (f"person:{watched.a.safety_manager}", ["telemetry.question", number])
    delivered(number, NOW)
    with watched.acts("principal"):
        assert queries.question(number).standing is Standing.DELIVERED


def test_a_question_is_answered_once(watched: Cast) -> None:
    number = asked(watched.a.id, at=NOW, facts=URGED)
    with watched.acts("safety_manager"):
        actions.answer_supervision(question_id=number, result=0)
    with watched.acts("safety_manager"), pytest.raises(AlreadyAnswered, match="李甬已经应答过"):
        actions.answer_supervision(question_id=number, result=1)
    with watched.acts("principal"):
        assert queries.question(number).result == 0


def test_after_the_deadline_the_silence_stands(watched: Cast) -> None:
    number = asked(watched.a.id, at=NOW)
    late = NOW + timedelta(minutes=10)
    with watched.acts("safety_manager", at=late), pytest.raises(TooLate, match="记为未应答"):
        actions.answer_roll_call(question_id=number, text="在岗")
    with watched.acts("principal", at=late):
        page, silent = queries.past_questions(watched.a.id, 1)
        assert queries.open_questions(watched.a.id) == []
        assert ([row.standing for row in page.rows], silent) == ([Standing.SILENT], 1)


def test_silence_is_noted_once(watched: Cast) -> None:
    asked(watched.a.id, at=NOW)
    asked(watched.a.id, at=NOW, minutes=None, facts=URGED)
    answered = asked(watched.a.id, at=NOW)
    with watched.acts("safety_manager"):
        actions.answer_roll_call(question_id=answered, text="在岗")
    late = NOW + timedelta(hours=1)
    assert [note_all(NOW), note_all(late), note_all(late)] == [0, 1, 0]
    ((actor, rows),) = noted(watched.a.id, "uplink.silence")
    assert (actor, len(rows)) == ("system", 1)


@pytest.mark.parametrize("member", ["principal", "monitor", "driver", "clerk"])
def test_who_may_not_answer(watched: Cast, member: str) -> None:
    """The cast's monitor holds another post."""
    number = asked(watched.a.id, at=NOW)
    with watched.acts(member), pytest.raises(NotPermitted):
        actions.answer_roll_call(question_id=number, text="在岗")
    with watched.acts(member):
        assert queries.waiting_for_me() == []


def test_the_system_answers_nothing(watched: Cast) -> None:
    number = asked(watched.a.id, at=NOW)
    with (
        acting(SYSTEM, reads=(watched.a.id,), at=NOW),
        pytest.raises(NotPermitted, match="由登录的本人应答"),
    ):
        actions.answer_roll_call(question_id=number, text="在岗")


def test_another_companys_question_is_not_found(watched: Cast) -> None:
    number = asked(watched.b.id, at=NOW)
    with watched.acts("safety_manager"), pytest.raises(NotFound):
        actions.answer_roll_call(question_id=number, text="在岗")
    with watched.acts("other_safety_manager"):
        assert [row.id for row in queries.waiting_for_me()] == [number]


@pytest.mark.parametrize("text", ["", "  ", "字" * 501])
def test_an_answer_says_something(watched: Cast, text: str) -> None:
    number = asked(watched.a.id, at=NOW)
    with watched.acts("safety_manager"), pytest.raises(Refused, match="应答内容"):
        actions.answer_roll_call(question_id=number, text=text)


def test_each_kind_has_its_own_answer(watched: Cast) -> None:
    call, urged = asked(watched.a.id, at=NOW), asked(watched.a.id, at=NOW, facts=URGED)
    with watched.acts("safety_manager"):
        with pytest.raises(NotFound):
            actions.answer_supervision(question_id=call, result=1)
        with pytest.raises(NotFound):
            actions.answer_roll_call(question_id=urged, text="在岗")
        with pytest.raises(Refused, match="请选择处理结果"):
            actions.answer_supervision(question_id=urged, result=4)


def new(company: int) -> NewUplink:
    return NewUplink(
        company_id=company, name="省平台", version=2019, host="192.0.2.1", port=9000, platform=33,
        platform_id="33", account=5, password="geheim", slave_address="192.0.2.2", slave_port=7001,
    )  # fmt: skip


def test_an_account_is_entered_once_and_switched(watched: Cast) -> None:
    first = new(watched.a.id)
    assert "geheim" not in repr(first)
    with acting(SYSTEM, reads=(watched.a.id,), at=NOW):
        number = actions.enter(new=first)
        with pytest.raises(UplinkTaken, match="从链路端口"):
            actions.enter(new=replace(first, account=6))
        with pytest.raises(UplinkTaken, match="这个平台的账号"):
            actions.enter(new=replace(first, slave_port=7002))
        actions.switch(uplink_id=number, company_id=watched.a.id, enabled=False)
        with pytest.raises(NotFound):
            actions.switch(uplink_id=0, company_id=watched.a.id, enabled=True)
    with watched.acts("principal"):
        (link,) = queries.links(watched.a.id)
    assert (link.name, link.enabled, link.state) == ("省平台", False, "down")
    assert len(noted(watched.a.id, "uplink.enter")) == len(noted(watched.a.id, "uplink.disable")) == 1


def test_people_enter_no_accounts(watched: Cast) -> None:
    with watched.acts("safety_manager"), pytest.raises(NotPermitted):
        actions.enter(new=new(watched.a.id))
