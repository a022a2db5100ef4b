"""Setting up, renewing and switching off the second factor of one's own account."""

from __future__ import annotations

import re
from base64 import b64encode
from datetime import timedelta

import pytest
import time_machine
from django.test import Client, override_settings
from django_otp.plugins.otp_totp.models import TOTPDevice

from anze.records.people.models import Account
from tests.authenticator import equip, shown, wrong
from tests.cast import NOW, Cast
from tests.web.conftest import Browse

FACTOR = "/account/factor/"
RECOVERY = re.compile(r"\b[A-Z2-7]{4}(?:-[A-Z2-7]{4}){3}\b")
LATER = NOW + timedelta(minutes=2)


def test_the_way_from_the_menu_to_recovery_codes(decided: Cast, manager: Client) -> None:
    assert "/account/" in manager.get("/").content.decode()
    assert "未开启" in manager.get("/account/").content.decode()
    assert "开始设置" in manager.get(FACTOR).content.decode()
    assert manager.post(FACTOR + "begin/")["Location"] == FACTOR
    answer = manager.get(FACTOR)
    page = answer.content.decode()
    device = TOTPDevice.objects.get()
    assert answer["Cache-Control"] == "no-store"
    assert 'src="data:image/svg+xml' in page
    assert not device.confirmed
    confirmed = manager.post(FACTOR, {"code": shown(decided, "safety_manager")})
    assert confirmed["Cache-Control"] == "no-store"
    assert len(RECOVERY.findall(confirmed.content.decode())) == 10
    after = manager.get(FACTOR).content.decode()
    assert not RECOVERY.findall(after)
    assert "10 个" in after
    assert device.key not in after
    assert b64encode(device.bin_key).decode() not in after
    assert "已于" in manager.get("/account/").content.decode()


def test_a_wrong_code_leaves_the_set_up_as_it_was(decided: Cast, manager: Client) -> None:
    manager.post(FACTOR + "begin/")
    before = manager.get(FACTOR).content.decode()
    secret = re.findall(r"<code[^>]*>([A-Z2-7 ]+)</code>", before)
    answer = manager.post(FACTOR, {"code": wrong(decided, "safety_manager")})
    assert "验证码不正确" in answer.content.decode()
    assert secret
    assert re.findall(r"<code[^>]*>([A-Z2-7 ]+)</code>", answer.content.decode()) == secret
    assert TOTPDevice.objects.get().throttling_failure_count == 1
    assert "请填写验证码" in manager.post(FACTOR, {"code": ""}).content.decode()


def test_switching_on_ends_the_other_sessions(decided: Cast, browse: Browse) -> None:
    here, there = browse("driver"), browse("driver")
    here.post(FACTOR + "begin/")
    here.post(FACTOR, {"code": shown(decided, "driver")})
    assert here.get("/account/").status_code == 200
    assert there.get("/account/").status_code == 302


def test_switching_off_and_renewing_take_a_code(decided: Cast, browse: Browse) -> None:
    old = equip(decided, "driver")
    here, there = browse("driver"), browse("driver")
    with time_machine.travel(LATER, tick=False):
        answer = here.post(FACTOR + "codes/", {"code": shown(decided, "driver", LATER)})
    new = RECOVERY.findall(answer.content.decode())
    assert (len(new), set(new) & set(old)) == (10, set())
    assert "恢复码不正确" in here.post(FACTOR + "off/", {"code": old[0]}).content.decode()
    with time_machine.travel(LATER + timedelta(seconds=2), tick=False):
        answer = here.post(FACTOR + "off/", {"code": new[0]}, follow=True)
    assert "两步验证已关闭" in answer.content.decode()
    assert there.get("/account/").status_code == 302
    assert Account.objects.get(username="driver").second_factor_since is None


def test_wrong_codes_of_a_stolen_session_are_counted(decided: Cast, browse: Browse) -> None:
    equip(decided, "driver")
    client = browse("driver")
    for number in range(3):
        at = LATER + timedelta(minutes=number)
        with time_machine.travel(at, tick=False):
            client.post(FACTOR + "off/", {"code": wrong(decided, "driver", at)})
    assert TOTPDevice.objects.get().throttling_failure_count == 3
    with time_machine.travel(at, tick=False):
        answer = client.post(FACTOR + "off/", {"code": shown(decided, "driver", at)})
    assert "请在 4 秒后再试" in answer.content.decode()


def test_a_page_out_of_date_is_explained(decided: Cast, browse: Browse) -> None:
    equip(decided, "driver")
    client = browse("driver")
    answer = client.post(FACTOR + "begin/")
    assert (answer.status_code, "已经开启" in answer.content.decode()) == (400, True)
    assert "已开启" in client.post(FACTOR, {"code": "123456"}).content.decode()


@pytest.mark.parametrize("member", ["officer", "administrator"])
def test_who_must_have_one_sets_it_up_first(decided: Cast, browse: Browse, member: str) -> None:
    client = browse(member)
    with override_settings(SECOND_FACTOR_REQUIRED=True):
        assert client.get("/health/")["Location"] == FACTOR
        moved = client.get("/health/", headers={"HX-Request": "true"})
        assert moved["HX-Redirect"] == FACTOR
        assert "本系统要求" in client.get(FACTOR).content.decode()
        assert client.get("/account/password/").status_code == 200
        client.post(FACTOR + "begin/")
        client.post(FACTOR, {"code": shown(decided, member)})
        assert client.get("/health/").status_code == 200
        assert "更换验证器" in client.get(FACTOR).content.decode()


def test_others_are_not_made_to(browse: Browse) -> None:
    with override_settings(SECOND_FACTOR_REQUIRED=True):
        assert browse("principal").get("/").status_code == 200
        client = browse("officer")
        assert client.post("/signout/").status_code == 302


def test_a_key_of_a_program_needs_no_code(decided: Cast, browse: Browse) -> None:
    answer = browse("officer").post("/tokens/", {"name": "报表", "days": "30"})
    (secret,) = re.findall(r"anze_[A-Za-z0-9_-]{43}", answer.content.decode())
    equip(decided, "officer")
    with override_settings(SECOND_FACTOR_REQUIRED=True):
        assert Client(headers={"Authorization": f"Bearer {secret}"}).get("/api/v1/me").status_code == 200
