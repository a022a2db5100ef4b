"""One's own password and the latest sign-ins."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from axes.models import AccessAttempt, AccessLog
from django.test import Client

from anze.records.journal.models import Entry
from anze.records.people.models import Account
from anze.web.account.agents import device_of
from tests.authenticator import equip
from tests.cast import NOW, PASSWORD, Cast
from tests.web.conftest import Browse

NEW = "春江水暖鸭先知-1980"
PAGE = "/account/password/"


def fill(**changes: str) -> dict[str, str]:
    return {"old": PASSWORD, "new": NEW, "again": NEW} | changes


def test_a_new_password_ends_the_other_sessions(decided: Cast, browse: Browse) -> None:
    here, there = browse("driver"), browse("driver")
    answer = here.post(PAGE, fill(), follow=True)
    assert "密码已修改" in answer.content.decode()
    assert there.get("/account/").status_code == 302
    account = Account.objects.get(username="driver")
    assert account.password.startswith("argon2")
    assert account.check_password(NEW)
    with decided.acts("driver"):
        actions = Entry.objects.filter(account=account.pk).values_list("action", flat=True)
        assert list(actions) == ["people.change_password"]


def test_a_new_password_keeps_the_second_factor(decided: Cast, browse: Browse) -> None:
    equip(decided, "driver")
    browse("driver").post(PAGE, fill())
    answer = Client().post("/signin/", {"username": "driver", "password": NEW})
    assert answer["Location"] == "/signin/code/"


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"new": "short", "again": "short"}, "10"),
        ({"again": "something else"}, "两次输入的新密码不一致"),
        ({"new": "", "again": ""}, "请填写新密码"),
        ({"new": "password123", "again": "password123"}, "常见"),
    ],
)
def test_a_poor_password_is_refused(browse: Browse, changes: dict[str, str], told: str) -> None:
    answer = browse("driver").post(PAGE, fill(**changes))
    assert (answer.status_code, told in answer.content.decode()) == (422, True)
    assert Account.objects.get(username="driver").check_password(PASSWORD)


def test_guessing_the_old_password_locks_out(browse: Browse) -> None:
    client = browse("driver")
    answers = [client.post(PAGE, fill(old="a guess")) for _ in range(8)]
    assert "原密码不正确" in answers[0].content.decode()
    assert [answer.status_code for answer in answers] == [200] * 7 + [429]
    assert client.post(PAGE, fill()).status_code == 429
    assert NEW not in AccessAttempt.objects.get().post_data
    with time_machine.travel(NOW + timedelta(minutes=16), tick=False):
        assert client.post(PAGE, fill()).status_code == 302


def test_the_latest_sign_ins_are_ones_own(decided: Cast) -> None:
    client = Client(headers={"User-Agent": "Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36"})
    assert "没有登录记录" not in signed_in(client, "driver")
    page = signed_in(client, "driver")
    assert page.count("Windows · Chrome") == 2
    assert "127.0.0.1" in page
    assert signed_in(client, "clerk").count("Windows · Chrome") == 1


def signed_in(client: Client, member: str) -> str:
    client.logout()
    client.post("/signin/", {"username": member, "password": PASSWORD})
    return client.get("/account/").content.decode()


def test_no_sign_in_is_an_empty_list(browse: Browse) -> None:
    client = browse("driver")
    AccessLog.objects.all().delete()
    assert "没有登录记录" in client.get("/account/").content.decode()


@pytest.mark.parametrize(
    ("agent", "shown"),
    [
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) MicroMessenger/8.0 Safari/604",
            "iPhone · 微信",
        ),
        ("Mozilla/5.0 (Linux; Android 15) Chrome/140 Mobile Safari/537 Edg/140", "安卓 · Edge"),
        ("curl/8.5", "其他设备"),
        ("", "其他设备"),
    ],
)
def test_a_device_is_named_as_its_owner_would(agent: str, shown: str) -> None:
    assert device_of(agent) == shown
