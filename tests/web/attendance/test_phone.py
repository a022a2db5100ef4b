"""The telephone: scan in time, say who you are, write your name; every other way is told what to do."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.test import Client

from anze.records.evidence.models import Participation, RollCall
from anze.records.evidence.roll_calls import close_roll_call
from anze.web.attendance.codes import DEVICE, TICKET, code_of
from tests.cast import NOW, Cast
from tests.records.evidence.rooms import called, drawn
from tests.web.conftest import Browse

SIGN = "/attendance/sign/"
SECOND = timedelta(seconds=1)


@pytest.fixture(autouse=True)
def attachments(settings: Any, tmp_path: Path) -> None:
    settings.ATTACHMENTS_DIR = tmp_path


@pytest.fixture
def session(decided: Cast) -> int:
    return called(decided)


@pytest.fixture
def phone() -> Client:
    return Client()


def text(answer: Any) -> str:
    return str(answer.content.decode())


def scan(client: Client, cast: Cast, record_id: int, *, seconds: int = 0) -> Any:
    """The code that the screen shows now, read so many seconds later."""
    code = code_of(cast.a.id, record_id, NOW)
    with time_machine.travel(NOW + seconds * SECOND, tick=False):
        return client.get(f"/attendance/scan/{code}/")


def write(client: Client, *, seconds: int = 0, **typed: str) -> Any:
    with time_machine.travel(NOW + seconds * SECOND, tick=False):
        return client.post(SIGN, {"name": "钱甬", "tail": "0003", "strokes": drawn(), **typed})


def attended(cast: Cast, record_id: int) -> set[int]:
    with cast.acts("safety_manager"):
        rows = Participation.objects.filter(record=record_id).exclude(signed_at=None)
        return set(rows.values_list("person", flat=True))


def test_a_driver_without_a_password_signs(decided: Cast, phone: Client, session: int):
    answer = scan(phone, decided, session)
    assert (answer.status_code, answer["Location"]) == (302, SIGN)
    page = text(phone.get(SIGN))
    assert "十一月驾驶员安全学习" in page
    assert 'name="tail"' in page
    done = write(phone)
    assert done.status_code == 200
    assert "钱甬，已签到" in text(done)
    assert "data:image/png;base64," in text(done)
    assert attended(decided, session) == {decided.a.drivers[0]}


def test_an_account_needs_no_name(decided: Cast, browse: Browse, session: int):
    driver = browse("driver")
    scan(driver, decided, session)
    page = text(driver.get(SIGN))
    assert "签到人：<strong>钱甬</strong>" in page
    assert 'name="tail"' not in page
    assert "已签到" in text(driver.post(SIGN, {"strokes": drawn()}))
    assert attended(decided, session) == {decided.a.drivers[0]}


def test_a_photograph_of_the_code_is_worth_nothing(decided: Cast, phone: Client, session: int):
    assert scan(phone, decided, session, seconds=59).status_code == 302
    other = Client()
    late = scan(other, decided, session, seconds=60)
    assert late.status_code == 410
    assert "照片和截图不能签到" in text(late)
    assert TICKET not in other.cookies
    assert write(other).status_code == 410


def test_the_page_alone_is_worth_nothing_on_another_telephone(decided: Cast, phone: Client, session: int):
    scan(phone, decided, session)
    elsewhere = Client()
    assert "请先扫描" in text(elsewhere.get(SIGN))
    assert write(elsewhere).status_code == 410


def test_whoever_scanned_has_five_minutes(decided: Cast, phone: Client, session: int):
    scan(phone, decided, session)
    assert write(phone, seconds=300).status_code == 410
    assert attended(decided, session) == set()
    assert write(phone, seconds=299).status_code == 200


@pytest.mark.parametrize("code", ["x", "1.2.3", "1.2.3:forged", "::", "a.b.c:d"])
def test_a_forged_code_is_none(decided: Cast, phone: Client, session: int, code: str):
    answer = phone.get(f"/attendance/scan/{code}/")
    assert answer.status_code == 404
    assert "不是签到用的二维码" in text(answer)


def test_a_forged_ticket_is_none(decided: Cast, phone: Client, session: int):
    scan(phone, decided, session)
    phone.cookies[TICKET] = str(phone.cookies[TICKET].value) + "x"
    assert write(phone).status_code == 410


def test_one_telephone_one_person_also_after_a_second_scan(decided: Cast, phone: Client, session: int):
    scan(phone, decided, session)
    write(phone)
    assert write(phone).status_code == 410  # one scan, one signature
    scan(phone, decided, session)
    answer = write(phone, name="孙甬", tail="0004", strokes=drawn(9))
    assert answer.status_code == 422
    assert "已为钱甬签过到" in text(answer)
    assert 'value="孙甬"' in text(answer)
    assert attended(decided, session) == {decided.a.drivers[0]}


def test_signing_twice_is_told(decided: Cast, phone: Client, session: int):
    scan(phone, decided, session)
    write(phone)
    other = Client()
    scan(other, decided, session)
    answer = write(other, strokes=drawn(5))
    assert answer.status_code == 409
    assert "钱甬已签到，不必重复签到" in text(answer)


def test_anothers_drawing_is_refused(decided: Cast, phone: Client, session: int):
    scan(phone, decided, session)
    write(phone)
    other = Client()
    scan(other, decided, session)
    answer = write(other, name="孙甬", tail="0004")
    assert answer.status_code == 422
    assert "与他人的完全相同" in text(answer)


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"strokes": ""}, "还没有签名"),
        ({"strokes": "[[5,5]]"}, "签名太短"),
        ({"strokes": "[[1" + ",1" * 120_000 + "]]"}, "签名数据过大"),
        ({"strokes": "<svg>"}, "签名数据损坏"),
        ({"name": ""}, "请填写本人姓名"),
        ({"tail": "12"}, "4 个数字"),
        ({"tail": "９９９９"}, "4 个数字"),
        ({"tail": "9999"}, "对不上"),
        ({"name": "王五"}, "对不上"),
    ],
)
def test_bad_input_is_told_and_kept(
    decided: Cast, phone: Client, session: int, typed: dict[str, str], told: str
):
    scan(phone, decided, session)
    answer = write(phone, **typed)
    assert answer.status_code == 422
    assert told in text(answer)
    assert attended(decided, session) == set()
    assert write(phone).status_code == 200  # the ticket was not used up


def test_wrong_names_are_counted(decided: Cast, phone: Client, session: int):
    scan(phone, decided, session)
    write(phone, tail="9999")
    write(phone, tail="9998")
    with decided.acts("safety_manager"):
        assert RollCall.objects.get(record=session).misses == 2


def test_another_companys_people_find_nothing(decided: Cast, browse: Browse, phone: Client, session: int):
    for member in ("other_driver", "officer", "administrator"):
        assert scan(browse(member), decided, session).status_code == 404
    scan(phone, decided, session)  # a visitor of the other company has no name here
    assert "对不上" in text(write(phone, name="钱海", tail="0003"))


def test_a_ticket_of_one_company_is_nothing_to_an_account_of_another(
    decided: Cast, browse: Browse, phone: Client, session: int
):
    scan(phone, decided, session)
    other = browse("other_driver")
    other.cookies[TICKET] = phone.cookies[TICKET].value
    other.cookies[DEVICE] = phone.cookies[DEVICE].value
    assert other.get(SIGN).status_code == 404
    assert other.post(SIGN, {"strokes": drawn()}).status_code == 404


def test_when_it_is_over_the_telephone_says_so(decided: Cast, phone: Client, session: int):
    scan(phone, decided, session)
    with decided.acts("safety_manager"):
        close_roll_call(record_id=session)
    for answer in (scan(Client(), decided, session), write(phone), phone.get(SIGN)):
        assert answer.status_code == 409
        assert "已经结束" in text(answer)
