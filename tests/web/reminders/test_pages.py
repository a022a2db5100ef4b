"""The settings, the outbox and one's own contact data, as pages."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from anze.records.reminders import queries
from anze.records.reminders.models import Contact, Ladder, Message, Robot
from tests.cast import NOW, Cast
from tests.records.reminders.conftest import mail_server
from tests.web.conftest import Browse

__all__ = ["mail_server"]


def rows(*steps: tuple[str, str, str, list[str]], **more: object) -> dict[str, Any]:
    data: dict[str, Any] = {
        "hour": "8", "steps-TOTAL_FORMS": str(len(steps)), "steps-INITIAL_FORMS": "0", **more,
    }  # fmt: skip
    for index, (side, days, receiver, channels) in enumerate(steps):
        data |= {
            f"steps-{index}-side": side,
            f"steps-{index}-days": days,
            f"steps-{index}-receiver": receiver,
            f"steps-{index}-channels": channels,
        }
    return data


def text(answer: Any) -> str:
    return str(answer.content.decode())


def test_a_fresh_company_is_shown_the_usual_ladder_switched_off(manager: Client):
    page = text(manager.get("/reminders/"))
    assert "本企业没有开启提醒" in page
    assert "本系统没有配置邮件服务" in page
    assert "保存设置后可以预览" in page


def test_saving_switching_on_and_off(manager: Client, decided: Cast):
    steps = rows(("before", "5", "person", ["mail"]), ("after", "2", "principal", ["mail", "sms"]))
    assert manager.post("/reminders/", steps | {"then": "keep"}).status_code == 302
    with decided.acts("principal"):
        assert Ladder.objects.get().since is None
        assert [step.days for step in queries.ladder(decided.a.id).steps] == [-5, 2]
    assert "提醒已开启" in text(manager.post("/reminders/", steps | {"then": "on"}, follow=True))
    manager.post("/reminders/", steps | {"then": "keep"})
    with decided.acts("principal"):
        assert Ladder.objects.get().since == NOW
    assert "提醒已停用" in text(manager.post("/reminders/", steps | {"then": "off"}, follow=True))


def test_what_is_wrong_is_told_at_its_row_and_kept(manager: Client):
    wrong = rows(
        ("before", "99", "person", ["mail"]), ("after", "x", "person", []), ("before", "", "person", []),
    )  # fmt: skip
    answer = manager.post("/reminders/", wrong | {"then": "on"})
    assert answer.status_code == 422
    assert "最多 60 天" in text(answer)
    assert "请填写整数" in text(answer)
    assert 'value="99"' in text(answer)
    twice = rows(("before", "3", "person", ["mail"]), ("before", "3", "person", ["sms"]))
    assert "请合并" in text(manager.post("/reminders/", twice))
    assert "请设置 1 至" in text(manager.post("/reminders/", rows(("before", "", "person", []))))
    empty = rows(("before", "3", "person", ["mail"]), **{"steps-0-DELETE": "on"})
    assert "请设置 1 至" in text(manager.post("/reminders/", empty))


def test_a_step_is_removed(manager: Client, decided: Cast):
    steps = rows(("before", "5", "person", ["mail"]), ("after", "2", "principal", ["mail"]))
    manager.post("/reminders/", steps)
    manager.post("/reminders/", steps | {"steps-INITIAL_FORMS": "2", "steps-1-DELETE": "on"})
    with decided.acts("principal"):
        assert len(queries.ladder(decided.a.id).steps) == 1


def test_a_robots_address_is_masked_once_saved(manager: Client, decided: Cast):
    address = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=11112222"
    answer = manager.post("/reminders/wecom/robot/", {"wecom-address": address, "wecom-mention": "on"})
    assert answer.status_code == 302
    page = text(manager.get("/reminders/"))
    assert "https://qyapi.weixin.qq.com/…2222" in page
    assert "11112222" not in page
    with decided.acts("principal"):
        assert Robot.objects.get().mention
    assert "群机器人已移除" in text(manager.post("/reminders/wecom/remove/", follow=True))


def test_a_wrong_address_is_refused_and_kept(manager: Client):
    answer = manager.post("/reminders/dingtalk/robot/", {"dingtalk-address": "nothing"})
    assert answer.status_code == 422
    assert "这不是网址" in text(answer)
    assert 'value="nothing"' in text(answer)
    assert manager.post("/reminders/pigeon/robot/", {}).status_code == 404


@pytest.mark.usefixtures("mail_server")
def test_a_test_message_is_queued_or_told_why_not(manager: Client, decided: Cast):
    assert "没有填写邮箱" in text(manager.post("/reminders/mail/test/", follow=True))
    manager.post("/reminders/contact/", {"email": "li@example.cn", "by_mail": "on"})
    assert "测试消息已排队" in text(manager.post("/reminders/mail/test/", follow=True))
    assert manager.post("/reminders/pigeon/test/").status_code == 404
    assert "积压" not in text(manager.get("/health/"))
    with decided.acts("principal"):
        Message.objects.update(made_at=NOW - timedelta(days=1), problem="对方应答 HTTP 500")
    health = text(manager.get("/health/"))
    assert "积压" in health
    assert "最近一次问题：对方应答 HTTP 500" in health


def test_the_outbox_shows_and_resends(manager: Client, decided: Cast, browse: Browse):
    with decided.acts("principal"):
        row = Message.objects.create(
            company_id=decided.a.id,
            person_id=decided.a.monitor,
            channel="mail",
            title="1 项已逾期",
            lines=[[None, "某项职责"]],
            made_at=NOW,
            given_up_at=NOW,
            problem="没有填写邮箱",
        )
    page = text(manager.get("/reminders/outbox/?state=given_up"))
    assert "郑甬" in page
    assert "没有填写邮箱" in page
    assert "没有这样的消息" in text(manager.get("/reminders/outbox/?state=delivered"))
    url = f"/reminders/outbox/{row.pk}/resend/"
    assert browse("other_principal").post(url).status_code == 404
    assert "已重新排队" in text(manager.post(url, follow=True))
    assert "正在等待" in text(manager.post(url, follow=True))


def test_superiors_are_shown_as_convention_and_chosen(manager: Client, decided: Cast):
    with decided.acts("principal"):
        usual = {row.position.id: row.superior or "nobody" for row in queries.superiors(decided.a.id)}
    assert "本系统约定，未核对" in text(manager.get("/reminders/superiors/"))
    ring = usual | {"coach.principal": "coach.safety_deputy"}
    answer = manager.post("/reminders/superiors/", ring)
    assert (answer.status_code, "绕成一圈" in text(answer)) == (422, True)
    assert manager.post("/reminders/superiors/", {}).status_code == 422
    assert manager.post("/reminders/superiors/", usual | {"coach.monitor": "nobody"}).status_code == 302
    with decided.acts("principal"):
        own = [row for row in queries.superiors(decided.a.id) if row.own]
        assert [(row.position.id, row.superior) for row in own] == [("coach.monitor", "")]


def test_everybody_sets_their_own_contact_data(browse: Browse, decided: Cast):
    driver = browse("driver")
    page = text(driver.get("/reminders/contact/"))
    assert "138****0003" in page
    wrong = driver.post("/reminders/contact/", {"email": "qian@"})
    assert (wrong.status_code, "qian@" in text(wrong)) == (422, True)
    assert driver.post("/reminders/contact/", {"email": "qian@example.cn"}).status_code == 302
    with decided.acts("driver"):
        row = Contact.objects.get()
        assert (row.person_id, row.email, row.by_mail) == (decided.a.drivers[0], "qian@example.cn", False)


@pytest.mark.usefixtures("mail_server")
def test_an_obligations_page_tells_who_was_reminded(manager: Client, decided: Cast, browse: Browse):
    from tests.records.reminders.conftest import owe, queue, switch_on
    from tests.records.reminders.test_planning import MORNING

    duty = owe(decided)
    switch_on(decided)
    assert queue(decided, MORNING) >= 1
    page = text(manager.get(f"/obligations/{duty}/"))
    assert "提醒本人：李甬" in page
    assert "邮件 · 等待发送" in page
    assert "提醒本人" not in text(
        browse("officer").get(f"/bureau/companies/{decided.a.id}/obligations/{duty}/")
    )


def test_the_menu_leads_there(manager: Client, browse: Browse):
    assert "提醒设置" in text(manager.get("/"))
    clerk = text(browse("clerk").get("/"))
    assert "提醒设置" not in clerk
    assert "我的联系方式" in clerk
