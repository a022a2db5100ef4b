"""Delivery: at least once, whatever is killed in between; one that fails stops no other."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core import mail

from anze.jobs import reminders
from anze.jobs.channels import NotSent
from anze.jobs.reminders import ReminderError, deliver_at, queue_at
from anze.records.acting.context import SYSTEM, acting
from anze.records.acting.errors import NotFound
from anze.records.reminders import actions, outbox
from anze.records.reminders.models import Link, Message, Robot
from anze.records.reminders.outbox import MOST_ATTEMPTS, NotResent
from anze.rules.periods import OFFSET
from tests.cast import NOW, Cast
from tests.records.reminders.conftest import mail_server, owe, switch_on

__all__ = ["mail_server"]

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("mail_server")]
MORNING = datetime(2026, 11, 27, 8, 0, tzinfo=OFFSET)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def queued(cast: Cast) -> Cast:
    owe(cast)
    switch_on(cast)
    assert queue_at(MORNING) == 1
    return cast


def the(cast: Cast) -> Message:
    with cast.acts("safety_manager"):
        return Message.objects.get()


def claimed(cast: Cast, at: datetime) -> list[outbox.Outgoing]:
    with acting(SYSTEM, reads=(cast.a.id,), at=at):
        return outbox.claim(company_id=cast.a.id)


def test_a_message_is_delivered_once_with_a_link(queued: Cast):
    assert deliver_at(MORNING) == 1
    assert deliver_at(MORNING + MINUTE) == 0
    (letter,) = mail.outbox
    assert letter.to == ["li@example.cn"]
    assert "https://a.cn/go/" in letter.body
    secret = letter.body.split("/go/")[1].split("/")[0]
    assert not Link.objects.filter(digest__contains=secret[:20]).exists()
    message = the(queued)
    assert (message.attempts, message.next_at, message.delivered_at) == (1, None, MORNING)
    with queued.acts("safety_manager"):
        assert secret not in str(message.lines)


def test_killed_between_sending_and_noting_it_is_sent_again_with_the_same_mark(queued: Cast):
    """What `kill -9` leaves: the attempt was counted and committed, its outcome never noted."""
    (first,) = claimed(queued, MORNING)
    assert claimed(queued, MORNING) == []
    assert the(queued).attempts == 1
    assert deliver_at(MORNING + MINUTE) == 1
    assert mail.outbox[0].extra_headers["Message-ID"].startswith(f"<{first.mark}@")
    assert the(queued).attempts == 2


def test_killed_before_the_claim_was_committed_nothing_was_lost(queued: Cast):
    def killed() -> None:
        with acting(SYSTEM, reads=(queued.a.id,), at=MORNING):
            outbox.claim(company_id=queued.a.id)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        killed()
    assert (the(queued).attempts, the(queued).next_at) == (0, MORNING)
    assert deliver_at(MORNING) == 1


def test_what_fails_is_tried_again_ever_later_and_given_up(queued: Cast, monkeypatch: pytest.MonkeyPatch):
    def refuse(message: outbox.Outgoing) -> None:
        raise NotSent("对方应答 HTTP 500")

    monkeypatch.setattr(reminders, "send", refuse)
    monkeypatch.setattr(outbox, "quiet", lambda at: False)
    waits, at = [], MORNING
    for _ in range(MOST_ATTEMPTS):
        assert deliver_at(at) == 0
        message = the(queued)
        if message.next_at:
            waits.append(message.next_at - at)
            assert deliver_at(at + message.next_at.resolution) == 0
            at = message.next_at
    assert waits == sorted(waits)
    assert len(waits) == MOST_ATTEMPTS - 1
    assert (message.given_up_at, message.problem) == (at, "对方应答 HTTP 500")
    with queued.acts("safety_manager", at):
        outbox.resend(message_id=message.pk)
        with pytest.raises(NotResent, match="等待"):
            outbox.resend(message_id=message.pk)
    monkeypatch.undo()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(outbox, "quiet", lambda at: False)
        assert deliver_at(at) == 1
    with queued.acts("safety_manager", at), pytest.raises(NotResent, match="已送达"):
        outbox.resend(message_id=message.pk)
    with queued.acts("other_principal", at), pytest.raises(NotFound):
        outbox.resend(message_id=message.pk)


def test_what_is_refused_for_good_is_not_tried_again(queued: Cast, monkeypatch: pytest.MonkeyPatch):
    def refuse(message: outbox.Outgoing) -> None:
        raise NotSent("不接受这个收件地址（550）", for_good=True)

    monkeypatch.setattr(reminders, "send", refuse)
    deliver_at(MORNING)
    assert the(queued).given_up_at == MORNING


def test_an_error_nobody_foresaw_is_told_without_its_text(queued: Cast, monkeypatch: pytest.MonkeyPatch):
    def fail(message: outbox.Outgoing) -> None:
        raise ValueError("li@example.cn")

    monkeypatch.setattr(reminders, "send", fail)
    deliver_at(MORNING)
    assert the(queued).problem == "发送时发生意外错误，详见系统日志"


def test_at_night_only_tests_are_delivered(queued: Cast):
    night = datetime(2026, 11, 27, 22, 30, tzinfo=OFFSET)
    with queued.acts("safety_manager", night):
        assert actions.queue_test(channel="mail") == ""
    assert deliver_at(night) == 1
    assert "测试消息" in mail.outbox[0].subject
    assert deliver_at(datetime(2026, 11, 28, 7, 0, tzinfo=OFFSET)) == 1


def test_what_is_done_by_then_is_not_sent(queued: Cast):
    from anze.records.duties.models import Obligation

    with queued.acts("safety_manager"):
        Obligation.objects.update(state="met")
    assert deliver_at(MORNING) == 0
    assert the(queued).problem == "所提醒的任务已办结，不再发送"


def test_who_has_left_is_sent_nothing(queued: Cast):
    from anze.records.people import actions as people

    with queued.acts("principal"):
        people.dismiss(person_ids=[queued.a.safety_manager], left_on=MORNING.date())
    assert deliver_at(MORNING) == 0
    assert the(queued).problem == "收件人已离职"


def test_a_group_gets_no_link_and_is_not_flooded(queued: Cast, monkeypatch: pytest.MonkeyPatch):
    told: list[outbox.Outgoing] = []
    monkeypatch.setattr(reminders, "send", told.append)
    with queued.acts("safety_manager", MORNING):
        Robot.objects.create(
            company_id=queued.a.id, channel="wecom", address="https://x.example/", mention=True
        )
        original = Message.objects.get()
        Message.objects.all().update(channel="wecom")
        for _ in range(20):
            original.pk, original.channel = None, "wecom"
            original.mark = Message().mark
            original.save(force_insert=True)
    assert deliver_at(MORNING) == outbox.MOST_FOR_A_GROUP
    assert deliver_at(MORNING) == 21 - outbox.MOST_FOR_A_GROUP
    assert not any("/go/" in message.text for message in told)
    assert {message.to for message in told} == {"13800000001"}
    assert "登录：https://a.cn" in told[0].text


def test_an_address_that_hangs_is_tried_once_in_a_run(queued: Cast, monkeypatch: pytest.MonkeyPatch):
    asked: list[int] = []

    def hang(message: outbox.Outgoing) -> None:
        asked.append(message.id)
        raise NotSent("对方没有在规定时间内应答")

    monkeypatch.setattr(reminders, "send", hang)
    with queued.acts("safety_manager", MORNING):
        original = Message.objects.get()
        for _ in range(3):
            original.pk, original.mark = None, Message().mark
            original.save(force_insert=True)
    deliver_at(MORNING)
    assert len(asked) == 1
    with queued.acts("safety_manager"):
        assert set(Message.objects.values_list("problem", "attempts")) == {("对方没有在规定时间内应答", 1)}


def test_one_company_that_fails_stops_no_other(cast: Cast, monkeypatch: pytest.MonkeyPatch):
    done: list[Any] = []

    def plan(company_ids: Any) -> int:
        if cast.a.id in company_ids:
            raise ValueError("broken")
        done.extend(company_ids)
        return 1

    monkeypatch.setattr(reminders.planning, "queue_due", plan)
    with pytest.raises(ReminderError, match=str(cast.a.id)):
        queue_at(NOW, [cast.a.id, cast.b.id])
    assert done == [cast.b.id]


def test_one_outbox_that_fails_stops_no_other(queued: Cast, monkeypatch: pytest.MonkeyPatch):
    def fail(company_id: int) -> list[outbox.Outgoing]:
        raise ValueError("broken")

    monkeypatch.setattr(reminders.outbox, "claim", fail)
    with pytest.raises(ReminderError, match="未能投递"):
        deliver_at(MORNING)


def test_the_tasks_read_the_clock(queued: Cast):
    import time_machine

    with time_machine.travel(MORNING, tick=False):
        reminders.queue_reminders(0)
        reminders.deliver_reminders(0)
    assert len(mail.outbox) == 1
