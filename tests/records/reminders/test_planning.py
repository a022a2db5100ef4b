"""Decisions become messages in one transaction, once for each step, and wait or end with a plain reason."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from anze.records.acting.context import SYSTEM, acting
from anze.records.acting.errors import NotPermitted
from anze.records.duties.models import Obligation
from anze.records.journal.models import Entry
from anze.records.reminders import actions, planning, queries
from anze.records.reminders.models import Ladder, Message, Sent
from anze.records.reminders.wording import CHANNELS, body_of
from anze.rules.periods import OFFSET
from anze.rules.reminders import Receiver, Step
from tests.cast import NOW, Cast
from tests.records.reminders.conftest import DUE, STEPS, owe, queue, switch_on

MORNING = datetime(2026, 11, 27, 8, 0, tzinfo=OFFSET)  # three days ahead


def outbox(cast: Cast) -> list[Message]:
    with cast.acts("safety_manager"):
        return list(Message.objects.order_by("pk"))


@pytest.mark.usefixtures("mail_server")
def test_a_step_becomes_one_message_and_is_noted(cast: Cast):
    key = owe(cast)
    switch_on(cast)
    assert queue(cast, MORNING - timedelta(minutes=1)) == 0
    assert queue(cast, MORNING) == 1
    (message,) = outbox(cast)
    assert (message.person_id, message.channel, message.next_at) == (cast.a.safety_manager, "mail", MORNING)
    assert message.title == "【安达客运】1 项职责即将到期"
    ((obligation, text),) = message.lines
    assert obligation == key
    assert text.endswith("，11月30日截止，还有 3 天")
    with cast.acts("safety_manager"):
        assert [(s.obligation, s.days) for s in Sent.objects.all()] == [(key, -3)]
        assert Entry.objects.filter(action="reminders.queue").count() == 1


@pytest.mark.usefixtures("mail_server")
def test_nothing_is_sent_twice_also_with_the_clock_set_back(cast: Cast):
    owe(cast)
    switch_on(cast)
    assert queue(cast, MORNING) == 1
    assert queue(cast, MORNING + timedelta(minutes=5)) == 0
    assert queue(cast, MORNING - timedelta(days=3)) == 0
    assert queue(cast, MORNING) == 0


@pytest.mark.usefixtures("mail_server")
def test_the_principal_is_told_who_did_not(cast: Cast):
    owe(cast, state="missed")
    switch_on(cast)
    queue(cast, MORNING)
    assert queue(cast, DUE + timedelta(hours=8)) == 1
    last = outbox(cast)[-1]
    assert last.person_id == cast.a.principal
    assert last.lines[0][1].startswith("安全生产管理人员 李甬：")
    assert last.lines[0][1].endswith("11月30日截止，已逾期 1 天")
    assert last.problem == "没有填写邮箱"
    assert last.given_up_at is not None


@pytest.mark.usefixtures("mail_server")
def test_switched_on_late_one_message_tells_of_all_that_was_missed(cast: Cast):
    for _ in range(30):
        owe(cast, state="missed", due=NOW - timedelta(days=60))
    owe(cast, state="missed", due=None)
    switch_on(cast)
    assert queue(cast, NOW + timedelta(minutes=1)) == 2  # the safety manager and the principal
    first = outbox(cast)[0]
    assert first.title == "【安达客运】此前已逾期 31 项"
    assert len(first.lines) == 1
    assert "31 项" in first.lines[0][1]
    assert queue(cast, NOW + timedelta(days=1)) == 0
    with cast.acts("safety_manager"):
        assert Sent.objects.count() == 0


def test_at_night_nothing_is_counted_as_told(cast: Cast):
    owe(cast, state="missed", due=NOW - timedelta(days=60))
    switch_on(cast)
    night = datetime(2026, 11, 20, 23, 0, tzinfo=OFFSET)
    assert queue(cast, night) == 0
    with cast.acts("safety_manager"):
        row = Ladder.objects.get()
        assert (row.folded, row.next_at) == (False, datetime(2026, 11, 21, 7, 0, tzinfo=OFFSET))


def test_without_mail_the_outbox_says_so_and_nothing_is_pretended(cast: Cast):
    owe(cast)
    switch_on(cast)
    assert queue(cast, MORNING) == 1
    (message,) = outbox(cast)
    assert (message.problem, message.next_at, message.delivered_at) == ("本系统没有配置邮件服务", None, None)


def test_short_messages_step_in_where_nothing_else_reaches(cast: Cast, settings: object):
    settings.SMS_COMMAND = "send-sms"  # type: ignore[attr-defined]
    owe(cast)
    switch_on(cast)
    queue(cast, MORNING)
    (message,) = outbox(cast)
    assert (message.channel, message.problem) == ("sms", "")


def test_many_subjects_are_one_sentence(cast: Cast):
    for vehicle in cast.a.vehicles:
        key = owe(cast)
        with cast.acts("safety_manager"):
            Obligation.objects.filter(pk=key).update(subject_type="vehicle", subject=vehicle)
    switch_on(cast)
    queue(cast, MORNING)
    (message,) = outbox(cast)
    assert len(message.lines) == 1
    assert "（2 辆车）" in message.lines[0][1]
    with cast.acts("safety_manager"):
        assert Sent.objects.count() == 2


def test_a_company_is_planned_when_time_comes_or_something_was_done(cast: Cast):
    def asked(at: datetime) -> list[int]:
        with acting(SYSTEM, reads=(cast.a.id, cast.b.id), writes=(), at=at):
            return planning.companies_to_plan()

    assert asked(NOW) == []
    switch_on(cast)
    assert asked(NOW) == [cast.a.id]
    queue(cast, NOW)
    assert asked(NOW + timedelta(hours=1)) == []
    assert asked(NOW + timedelta(days=1)) == [cast.a.id]
    with cast.acts("principal"):
        actions.set_contact(email="", by_mail=False, by_sms=False)
    assert asked(NOW + timedelta(hours=1)) == [cast.a.id]


def test_the_preview_sends_nothing_and_needs_no_switch(cast: Cast):
    owe(cast)
    with cast.acts("principal", MORNING):
        assert planning.preview(company_id=cast.a.id) == []
        actions.set_ladder(on=False, hour=8, steps=STEPS)
    with cast.acts("principal", MORNING - timedelta(days=1)):
        assert planning.preview(company_id=cast.a.id) == []
    switch_on(cast)
    with cast.acts("principal", MORNING - timedelta(hours=8)):
        (shown,) = planning.preview(company_id=cast.a.id)
        assert (shown.person_name, dict(shown.ways)) == ("李甬", {"mail": "本系统没有配置邮件服务"})
        assert not Message.objects.exists()
    assert queue(cast, MORNING) == 1


def test_switched_off_nothing_is_queued(cast: Cast):
    owe(cast)
    switch_on(cast)
    with cast.acts("principal"):
        actions.set_ladder(on=False, hour=8, steps=STEPS)
        assert queries.ladder(cast.a.id).since is None
    assert queue(cast, MORNING) == 0


def test_a_step_that_was_sent_is_refused_by_the_database_too(cast: Cast):
    owe(cast)
    switch_on(cast)
    queue(cast, MORNING)
    with cast.acts("safety_manager"):
        row = Sent.objects.get()
        row.pk = None
        with pytest.raises(IntegrityError), transaction.atomic():
            row.save(force_insert=True)


@pytest.mark.parametrize(
    ("hour", "steps", "where"),
    [
        (6, STEPS, "hour"),
        (8, (), "steps"),
        (8, (Step(-61, Receiver.PERSON, ("mail",)),), 0),
        (8, (Step(0, Receiver.PERSON, ()),), 0),
        (8, (Step(0, Receiver.PERSON, ("pigeon",)),), 0),
        (8, (STEPS[0], STEPS[0]), 1),
    ],
)
def test_a_ladder_that_cannot_be_is_refused(cast: Cast, hour: int, steps: tuple[Step, ...], where: object):
    with cast.acts("principal"), pytest.raises(actions.InvalidLadder) as caught:
        actions.set_ladder(on=True, hour=hour, steps=steps)
    assert where in caught.value.errors


def test_only_who_answers_for_the_company_sets_reminders(cast: Cast):
    for member in ("monitor", "driver", "clerk", "officer"):
        with cast.acts(member), pytest.raises(NotPermitted):
            actions.set_ladder(on=True, hour=8, steps=STEPS)


def test_superiors_are_chosen_and_rings_are_refused(cast: Cast):
    with cast.acts("principal"):
        usual = {row.position.id: row.superior for row in queries.superiors(cast.a.id)}
        assert usual["coach.safety_manager"] == "coach.safety_head"
        actions.choose_superiors(superiors={"coach.safety_manager": "coach.principal"})
        (own,) = [row for row in queries.superiors(cast.a.id) if row.own]
        assert (own.position.id, own.superior) == ("coach.safety_manager", "coach.principal")
        with pytest.raises(actions.InvalidSuperior, match="绕成一圈"):
            actions.choose_superiors(superiors={"coach.principal": "coach.safety_manager"})
        with pytest.raises(actions.InvalidSuperior, match="不属于"):
            actions.choose_superiors(superiors={"coach.principal": "taxi.principal"})


def test_the_journal_knows_no_address_and_no_secret(cast: Cast):
    with cast.acts("principal"):
        actions.set_robot(
            channel="dingtalk", address="https://x.example/send?access_token=abcd1234", secret="SEC9"
        )
        actions.set_contact(email="zhao@example.cn", by_mail=True, by_sms=False)
        shown = {row.id: row for row in queries.channels(cast.a.id)}["dingtalk"]
        assert (shown.address, shown.signed) == ("https://x.example/…1234", True)
        actions.set_robot(channel="dingtalk", address="", secret="", mention=True)  # keeps both
        assert {row.id: row for row in queries.channels(cast.a.id)}["dingtalk"].signed
    with cast.acts("principal"):
        written = " ".join(str(entry.rows) for entry in Entry.objects.all())
        assert "abcd1234" not in written
        assert "SEC9" not in written
        assert "zhao@" not in written
        actions.remove_robot(channel="dingtalk")
        assert "dingtalk" not in {row.id for row in queries.channels(cast.a.id) if not row.missing}


@pytest.mark.parametrize(
    "address",
    ["", "qyapi", "ftp://x.example/", "https://", "https://u:p@x.example/", "https://[1/", "https://例/"],
)
def test_what_is_no_webhook_is_refused(cast: Cast, address: str):
    with cast.acts("principal"), pytest.raises(actions.InvalidAddress):
        actions.set_robot(channel="wecom", address=address)


def test_what_is_no_mail_address_is_refused(cast: Cast):
    with cast.acts("driver"), pytest.raises(actions.InvalidAddress, match="不是邮箱"):
        actions.set_contact(email="zhao@", by_mail=True, by_sms=True)


def test_tests_are_counted(cast: Cast):
    with cast.acts("principal"):
        actions.set_robot(channel="wecom", address="https://x.example/send?key=1")
        assert actions.queue_test(channel="mail") == "本系统没有配置邮件服务"
        for _ in range(actions.MOST_TESTS):
            assert actions.queue_test(channel="wecom") == ""
        with pytest.raises(actions.TooManyTests):
            actions.queue_test(channel="wecom")


def test_a_text_is_kept_short_by_leaving_lines_out():
    lines = [(f"第 {n} 项职责", "") for n in range(100)]
    text = body_of(name="李甬", lines=lines, mark="abcd", site="", most_bytes=2048)
    assert len(text.encode()) <= 2048
    assert "另有" in text
    assert text.startswith("李甬：\n1. 第 0 项职责")
    assert text.endswith("（编号 abcd，重复收到可忽略）")


def test_every_channel_has_a_name():
    assert set(CHANNELS) == {"mail", "wecom", "dingtalk", "sms"}
