"""Questions of an authority's platform on the pages of those who answer, see, or may not."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from anze.records.people.models import Holding
from tests.cast import NOW, STARTED, Cast
from tests.fleet import as_owner
from tests.uplink import URGED, asked, delivered, forget


@pytest.fixture(autouse=True)
def at_now() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def watched(committed_cast: Cast) -> Cast:
    """The cast's dispatcher becomes a monitor: what they hold is a post of the list."""
    forget()
    cast = committed_cast
    with cast.acts("safety_manager"):
        Holding.objects.create(
            company_id=cast.a.id, person_id=cast.a.monitor, position="coach.monitor", since=STARTED
        )
    return cast


def client(cast: Cast, member: str) -> Client:
    browser = Client()
    browser.force_login(cast.account(member), backend="django.contrib.auth.backends.ModelBackend")
    return browser


def page_of(cast: Cast, member: str, url: str) -> str:
    response = client(cast, member).get(url)
    assert response.status_code == 200
    return response.content.decode()


def test_without_a_platform_the_page_says_what_to_do(watched: Cast) -> None:
    page = page_of(watched, "monitor", "/uplink/")
    assert "还没有接入上级平台" in page
    assert "平台连接" not in page


def test_the_monitor_answers_a_roll_call(watched: Cast) -> None:
    number = asked(watched.a.id, at=NOW - timedelta(minutes=2))
    address = f"/uplink/questions/{number}/"
    listed = page_of(watched, "monitor", "/uplink/")
    assert "查岗：请报当前在线车辆数" in listed
    assert "还剩 8 分钟" in listed
    assert "去应答" in listed
    monitor = client(watched, "monitor")
    response = monitor.post(address, {"text": " 在岗，在线 12 辆 "}, follow=True)
    page = response.content.decode()
    assert "已应答，正在发送" in page
    assert "在岗，在线 12 辆" in page
    assert "郑甬" in page
    assert "通常几秒内送达" in page
    delivered(number, NOW + timedelta(seconds=2))
    page = page_of(watched, "monitor", address)
    assert "已送达" in page
    assert "通常几秒内送达" not in page


def test_a_supervision_is_answered_with_a_result(watched: Cast) -> None:
    number = asked(watched.a.id, at=NOW, minutes=None, facts=URGED)
    page = page_of(watched, "safety_manager", f"/uplink/questions/{number}/")
    for words in ("浙A10001", "疲劳驾驶报警", "紧急", "李四", "021-12345678", "上级平台未规定", "将来处理"):
        assert words in page
    manager = client(watched, "safety_manager")
    refused = manager.post(f"/uplink/questions/{number}/", {"result": "9"})
    assert (refused.status_code, "请选择处理结果" in refused.content.decode()) == (422, True)
    page = manager.post(f"/uplink/questions/{number}/", {"result": "1"}, follow=True).content.decode()
    assert "已处理完毕" in page


def test_an_empty_answer_is_refused_and_a_long_one_keeps_what_was_typed(watched: Cast) -> None:
    number = asked(watched.a.id, at=NOW)
    monitor = client(watched, "monitor")
    for typed, problem in ((" ", "请填写应答内容"), ("字" * 501, "最多 500 字")):
        response = monitor.post(f"/uplink/questions/{number}/", {"text": typed})
        assert response.status_code == 422
        assert problem in response.content.decode()
    assert "字" * 501 in response.content.decode()


def test_whoever_is_slower_is_told_who_answered(watched: Cast) -> None:
    number = asked(watched.a.id, at=NOW)
    client(watched, "safety_manager").post(f"/uplink/questions/{number}/", {"text": "在岗"})
    response = client(watched, "monitor").post(f"/uplink/questions/{number}/", {"text": "我也在"})
    page = response.content.decode()
    assert response.status_code == 422
    assert "李甬已经应答过，本次没有发送" in page
    assert "我也在" not in page.split("应答内容")[-1]


def test_past_its_deadline_it_stays_visible_and_takes_no_answer(watched: Cast) -> None:
    number = asked(watched.a.id, at=NOW - timedelta(minutes=11))
    listed = page_of(watched, "monitor", "/uplink/")
    assert "其中未应答 1 条" in listed
    assert '等待应答 <span class="count">0 条' in listed
    page = page_of(watched, "monitor", f"/uplink/questions/{number}/")
    assert "记为未应答" in page
    assert "应答并发送" not in page
    late = client(watched, "monitor").post(f"/uplink/questions/{number}/", {"text": "在岗"})
    assert (late.status_code, "已经过了应答时限" in late.content.decode()) == (422, True)


def test_who_sees_and_who_answers(watched: Cast) -> None:
    number = asked(watched.a.id, at=NOW)
    address = f"/uplink/questions/{number}/"
    page = page_of(watched, "principal", address)
    assert "由动态监控人员、动态监控管理部门负责人或安全生产管理人员登录应答" in page
    assert client(watched, "principal").post(address, {"text": "在岗"}).status_code == 403
    for member, code in (("driver", 403), ("clerk", 403), ("other_safety_manager", 404), ("officer", 403)):
        assert client(watched, member).get(address).status_code == code
        assert client(watched, member).post(address, {"text": "在岗"}).status_code == code


def test_those_who_may_answer_are_told_on_every_page(watched: Cast) -> None:
    assert page_of(watched, "monitor", "/uplink/alert/").strip() == ""
    asked(watched.a.id, at=NOW)
    asked(watched.a.id, at=NOW, minutes=60, facts=URGED)
    said = page_of(watched, "monitor", "/uplink/alert/")
    assert "上级平台 2 条查岗或督办等待应答" in said
    assert said.index("查岗：") < said.index("督办：浙A10001 疲劳驾驶报警")
    assert page_of(watched, "driver", "/uplink/alert/").strip() == ""
    assert page_of(watched, "other_safety_manager", "/uplink/alert/").strip() == ""
    assert 'data-part="/uplink/alert/"' in page_of(watched, "monitor", "/tracks/")
    assert 'data-part="/uplink/alert/"' not in page_of(watched, "principal", "/tracks/")
    assert "上级平台 2 条查岗或督办等待应答" in page_of(watched, "monitor", "/")


def test_the_links_are_shown_without_their_secrets(watched: Cast) -> None:
    asked(watched.a.id, at=NOW)
    with as_owner() as owner:
        owner.execute(
            "UPDATE telemetry.uplink SET state = 'refused', detail = %s, state_since = %s",
            ["上级平台拒绝登录：密码错误", NOW],
        )
    page = page_of(watched, "principal", "/uplink/")
    assert "登录被拒绝" in page
    assert "密码错误" in page
    assert "geheim" not in page
    with as_owner() as owner:
        owner.execute("UPDATE telemetry.uplink SET enabled = false")
    assert "已停用" in page_of(watched, "principal", "/uplink/")


def test_an_officer_reads_what_was_asked_and_how_it_was_answered(watched: Cast) -> None:
    first, second = asked(watched.a.id, at=NOW), asked(watched.a.id, at=NOW, facts=URGED)
    client(watched, "safety_manager").post(f"/uplink/questions/{first}/", {"text": "在线 38 辆"})
    below = f"/bureau/companies/{watched.a.id}"
    assert f"{below}/uplink/" in page_of(watched, "officer", f"{below}/tracks/")
    listed = page_of(watched, "officer", f"{below}/uplink/")
    assert f"{below}/uplink/questions/{second}/" in listed
    assert "在线 38 辆" in listed
    assert "这里只能查看" in listed
    assert "去应答" not in listed
    answer = page_of(watched, "officer", f"{below}/uplink/questions/{first}/")
    assert "在线 38 辆" in answer
    open_one = page_of(watched, "officer", f"{below}/uplink/questions/{second}/")
    assert "等待企业的动态监控人员" in open_one
    assert "应答并发送" not in open_one
    officer = client(watched, "officer")
    assert officer.post(f"{below}/uplink/questions/{second}/", {"result": "1"}).status_code == 403
    assert officer.get(f"/bureau/companies/{watched.b.id}/uplink/questions/{second}/").status_code == 404
    assert "还没有接入上级平台" in page_of(watched, "officer", f"/bureau/companies/{watched.b.id}/uplink/")
