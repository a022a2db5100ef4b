"""Reading and confirming on a page: by the own account, or through a link of one use."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from anze.records.acting.context import SYSTEM, acting
from anze.records.confirmations.models import Confirmation
from anze.records.evidence import queries as records
from anze.records.reminders import links, outbox
from anze.records.reminders.models import Contact, Message
from tests.cast import NOW, Cast
from tests.records.confirmations.test_confirmations import letter, sealed
from tests.web.conftest import Browse


@pytest.fixture
def record(decided: Cast) -> int:
    return sealed(decided, letter(decided))


def text(answer: Any) -> str:
    return str(answer.content.decode())


def digest(cast: Cast, record: int) -> str:
    with cast.acts("safety_manager"):
        return records.record(record).digest


def test_from_the_workbench_to_the_confirmation(browse: Browse, decided: Cast, record: int) -> None:
    driver, page = browse("driver"), f"/confirmations/{record}/"
    home = text(driver.get("/"))
    assert "等我确认的文件和记录" in home
    assert page in home
    shown = text(driver.get(page))
    assert "死亡事故为零" in shown
    assert "确认无误，本人签字" in shown
    done = driver.post(page, {"digest": digest(decided, record)})
    assert "您已确认：本人签字" in text(done)
    assert driver.post(page, {"digest": digest(decided, record)}).status_code == 409
    assert page not in text(driver.get("/"))


def test_a_page_that_showed_another_text_confirms_nothing(browse: Browse, record: int) -> None:
    answer = browse("driver").post(f"/confirmations/{record}/", {"digest": "f" * 64})
    assert answer.status_code == 409
    assert "没有确认" in text(answer)
    assert "确认无误，本人签字" in text(answer)


def test_record_and_ledger_say_who_has_not(browse: Browse, decided: Cast, record: int) -> None:
    manager = browse("safety_manager")
    assert "2 人未确认，共 2 人" in text(manager.get(f"/records/{record}/"))
    assert "2 人未确认" in text(manager.get("/records/"))
    assert "需要您确认：本人签字" in text(browse("driver").get(f"/records/{record}/"))
    for member in ("driver", "clerk"):
        browse(member).post(f"/confirmations/{record}/", {"digest": digest(decided, record)})
    assert "2 人全部确认" in text(manager.get(f"/records/{record}/"))
    assert "人未确认" not in text(manager.get("/records/"))


def test_who_is_not_asked_has_no_such_page(browse: Browse, record: int) -> None:
    assert browse("safety_manager").get(f"/confirmations/{record}/").status_code == 404
    assert browse("other_driver").get(f"/confirmations/{record}/").status_code == 404


def test_a_link_opens_this_page_and_nothing_else(decided: Cast, record: int) -> None:
    with acting(SYSTEM, reads=(decided.a.id,), at=NOW):
        link = links.issue_to_confirm(account=decided.account("driver"), record_id=record)
    device, page = Client(), f"/confirmations/{record}/"
    assert "阅读这份记录并确认" in text(device.get(link))
    assert device.post(link).headers["Location"] == page
    assert "确认无误，本人签字" in text(device.get(page))
    for other in ("/", f"/records/{record}/", "/records/", f"/confirmations/{record + 1}/"):
        assert device.get(other).status_code == 302
    done = text(device.post(page, {"digest": digest(decided, record)}))
    assert "本人一次性链接" in done
    assert device.get(page).status_code == 302, "the link has done its work"
    assert Client().get(link).status_code == 410
    with decided.acts("safety_manager"):
        assert Confirmation.objects.get(person=decided.a.drivers[0]).method == "link"


def test_a_link_to_what_is_confirmed_or_void_is_worth_nothing(
    browse: Browse, decided: Cast, record: int
) -> None:
    with acting(SYSTEM, reads=(decided.a.id,), at=NOW):
        first, second = (
            links.issue_to_confirm(account=decided.account(member), record_id=record)
            for member in ("driver", "clerk")
        )
    browse("driver").post(f"/confirmations/{record}/", {"digest": digest(decided, record)})
    assert "已确认过" in text(Client().get(first))
    browse("principal").post(f"/records/{record}/void/", {"reason": "重复登记"})
    assert "已修订或作废" in text(Client().get(second))


def test_links_are_sent_where_they_reach_somebody(
    browse: Browse, decided: Cast, record: int, settings: Any
) -> None:
    settings.EMAIL_HOST, settings.DEFAULT_FROM_EMAIL, settings.SITE = "mail", "a@b.cn", "https://anze.example"
    manager, page = browse("safety_manager"), f"/confirmations/{record}/ask/"
    refused = text(manager.post(page, follow=True))
    assert "没有发送：" in refused
    with decided.acts("safety_manager"):
        Contact.objects.create(company_id=decided.a.id, person_id=decided.a.drivers[0], email="d@example.cn")
    assert "已向 1 人" in text(manager.post(page, follow=True))
    assert "12 小时内已发送过" in text(manager.post(page, follow=True))
    with acting(SYSTEM, reads=(decided.a.id,), at=NOW):
        [message] = outbox.claim(company_id=decided.a.id)
    assert message.to == "d@example.cn"
    assert "https://anze.example/go/" in message.text


def test_nothing_is_sent_to_who_confirmed_meanwhile(
    browse: Browse, decided: Cast, record: int, settings: Any
) -> None:
    settings.EMAIL_HOST, settings.DEFAULT_FROM_EMAIL = "mail", "a@b.cn"
    with decided.acts("safety_manager"):
        Contact.objects.create(company_id=decided.a.id, person_id=decided.a.drivers[0], email="d@example.cn")
    browse("safety_manager").post(f"/confirmations/{record}/ask/")
    browse("driver").post(f"/confirmations/{record}/", {"digest": digest(decided, record)})
    with acting(SYSTEM, reads=(decided.a.id,), at=NOW + timedelta(minutes=1)):
        assert outbox.claim(company_id=decided.a.id) == []
        assert "不再发送" in Message.objects.get().problem


def test_others_ask_nobody(browse: Browse, record: int) -> None:
    assert browse("driver").post(f"/confirmations/{record}/ask/").status_code == 403
    assert browse("other_safety_manager").post(f"/confirmations/{record}/ask/").status_code == 404
