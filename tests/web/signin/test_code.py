"""The second step of signing in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
import time_machine
from axes.models import AccessAttempt
from django.http import HttpResponse
from django.test import Client

from anze.records.people.actions import close_account
from anze.records.people.models import Account, RecoveryCode
from tests.authenticator import equip, shown, wrong
from tests.cast import NOW, PASSWORD, Cast

LATER = NOW + timedelta(minutes=2)
CODE = "/signin/code/"


@pytest.fixture
def codes(decided: Cast) -> tuple[str, ...]:
    return equip(decided, "officer")


@pytest.fixture
def halfway(codes: tuple[str, ...]) -> Client:
    """The password was right."""
    client = Client()
    answer = client.post("/signin/", {"username": "officer", "password": PASSWORD})
    assert (answer.status_code, answer["Location"]) == (302, CODE)
    return client


def give(client: Client, code: str, at: datetime = LATER, query: str = "") -> HttpResponse:
    with time_machine.travel(at, tick=False):
        return client.post(CODE + query, {"code": code})  # type: ignore[return-value] -- the test client's own


def test_the_password_alone_shows_nothing(halfway: Client) -> None:
    assert halfway.get("/bureau/")["Location"].startswith("/signin/?next=")
    page = halfway.get(CODE)
    assert "6 位验证码" in page.content.decode()
    assert 'inputmode="numeric"' in page.content.decode()
    assert "no-store" in page["Cache-Control"]


def test_the_code_signs_in(decided: Cast, halfway: Client) -> None:
    answer = give(halfway, shown(decided, "officer", LATER))
    assert (answer.status_code, answer["Location"]) == (302, "/bureau/")
    assert halfway.get("/bureau/").status_code == 200
    assert halfway.get(CODE)["Location"] == "/signin/"
    assert "halfway" not in halfway.session


def test_the_page_first_asked_for_is_kept(decided: Cast, codes: tuple[str, ...]) -> None:
    for asked, reached in (("/records/", "/records/"), ("https://elsewhere.example/", "/bureau/")):
        client = Client()
        client.post("/signin/", {"username": "officer", "password": PASSWORD, "next": asked})
        at = LATER + timedelta(minutes=1 if asked.startswith("h") else 0)
        assert give(client, shown(decided, "officer", at), at)["Location"] == reached


def test_a_wrong_code_is_told_and_slows_down(decided: Cast, halfway: Client) -> None:
    assert "验证码不正确" in give(halfway, wrong(decided, "officer", LATER)).content.decode()
    assert "请在 1 秒后再试" in give(halfway, shown(decided, "officer", LATER)).content.decode()
    after = LATER + timedelta(seconds=2)
    assert give(halfway, shown(decided, "officer", after), after).status_code == 302


def test_eight_wrong_codes_lock_the_account_out(decided: Cast, halfway: Client) -> None:
    moments = [LATER + timedelta(seconds=2**number) for number in range(8)]
    answers = [give(halfway, wrong(decided, "officer", at), at).status_code for at in moments]
    assert answers == [200] * 7 + [429]
    after = moments[-1] + timedelta(minutes=3)
    assert give(halfway, shown(decided, "officer", after), after).status_code == 429
    with time_machine.travel(after, tick=False):
        fresh = Client().post("/signin/", {"username": "officer", "password": PASSWORD})
    assert fresh.status_code == 429
    assert wrong(decided, "officer", LATER) not in AccessAttempt.objects.get().post_data


@pytest.mark.parametrize("query", ["", "?use=recovery"])
def test_what_is_no_code_is_told_and_not_counted(halfway: Client, query: str) -> None:
    assert "请填写" in give(halfway, " ", query=query).content.decode()
    page = give(halfway, "123", query=query).content.decode()
    assert "6 位数字" in page
    assert 'value="123"' in page
    assert not AccessAttempt.objects.exists()


def test_a_used_code_does_not_sign_in_again(decided: Cast, halfway: Client) -> None:
    code = shown(decided, "officer", LATER)
    assert give(halfway, code).status_code == 302
    other = Client()
    with time_machine.travel(LATER, tick=False):
        other.post("/signin/", {"username": "officer", "password": PASSWORD})
    assert "已使用过" in give(other, code).content.decode()


def test_a_recovery_code_signs_in_once(decided: Cast, codes: tuple[str, ...], halfway: Client) -> None:
    assert "恢复码" in halfway.get(CODE + "?use=recovery").content.decode()
    assert give(halfway, codes[3], query="?use=recovery").status_code == 302
    with time_machine.travel(LATER, tick=False):
        assert "已使用一个恢复码" in halfway.get("/bureau/").content.decode()
    assert RecoveryCode.objects.filter(used_at=LATER).count() == 1
    other = Client()
    with time_machine.travel(LATER, tick=False):
        other.post("/signin/", {"username": "officer", "password": PASSWORD})
    answer = give(other, codes[3], query="?use=recovery")
    assert "恢复码不正确，或已使用过" in answer.content.decode()


def test_a_code_of_another_account_or_device_does_not_help(decided: Cast, halfway: Client) -> None:
    others = equip(decided, "driver")
    mine = shown(decided, "driver", LATER)
    with time_machine.travel(LATER, tick=False):
        answer = halfway.post(CODE, {"code": mine, "device": "otp_totp.totpdevice/2", "account": "1"})
    assert answer.status_code == 200
    assert give(halfway, others[0], LATER + timedelta(seconds=2)).status_code == 200


def close(cast: Cast) -> None:
    with cast.acts("principal"):
        close_account(account_id=cast.account("driver").pk)


def new_password(cast: Cast) -> None:
    account = Account.objects.get(username="driver")
    account.set_password("somebody-else-knows")
    account.save()


@pytest.mark.parametrize("happens", [close, new_password])
def test_what_ends_the_account_ends_the_way_in(decided: Cast, happens: Callable[[Cast], None]) -> None:
    equip(decided, "driver")
    client = Client()
    client.post("/signin/", {"username": "driver", "password": PASSWORD})
    assert client.get(CODE).status_code == 200
    happens(decided)
    assert give(client, shown(decided, "driver", LATER))["Location"] == "/signin/"
    assert client.get("/").status_code == 302


def test_halfway_ends_after_ten_minutes(decided: Cast, halfway: Client) -> None:
    late = NOW + timedelta(minutes=11)
    assert give(halfway, shown(decided, "officer", late), late)["Location"] == "/signin/"


def test_nobody_is_sent_to_the_first_step(db: None) -> None:
    assert Client().get(CODE)["Location"] == "/signin/"
