"""The tree of units, their leaders, opening and closing."""

from __future__ import annotations

from django.test import Client

from anze.records.people import queries as people
from tests.cast import Cast
from tests.web.conftest import Browse, statements


def text(response) -> str:
    return response.content.decode()


def test_a_unit_is_opened_below_another_and_closed(decided: Cast, manager: Client) -> None:
    given = {"kind": "team", "name": "一班", "parent": str(decided.a.department), "since": "2026-11-01"}
    assert "已设立“一班”" in text(manager.post("/units/new/", given, follow=True))
    again = manager.post("/units/new/", given)
    assert again.status_code == 422
    assert "“一班”已经存在" in text(again)
    url = f"/units/{decided.a.department}/close/"
    assert "请先撤销下级机构" in text(manager.post(url, {"until": "2026-11-20"}))
    assert manager.post("/units/new/", {}).status_code == 422
    assert statements(manager, "/units/") <= 20


def test_a_leader_is_put_in_charge_and_relieved(decided: Cast, manager: Client) -> None:
    with decided.acts("safety_manager"):
        first = people.holdings(person_id=decided.a.principal)[0].id
        second = people.holdings(person_id=decided.a.safety_manager)[0].id
    url = f"/units/{decided.a.department}/leader/"
    page = text(manager.post(url, {"holding": str(first), "since": "2026-11-01"}, follow=True))
    assert "赵甬" in page
    told = manager.post(url, {"holding": str(second), "since": "2026-11-20"})
    assert told.status_code == 422
    assert "由 赵甬 分管，一个机构同一时间只能由一名领导分管" in text(told)
    assert "从同一天起 赵甬 不再分管" in text(told)
    given = {"holding": str(second), "since": "2026-11-20", "relieve": "1"}
    assert "李甬" in text(manager.post(url, given, follow=True))
    team = {"kind": "team", "name": "一班", "parent": str(decided.a.department), "since": "2026-11-01"}
    manager.post("/units/new/", team)
    page = text(manager.get("/units/"))
    assert page.count("随上级机构") == 1
    assert "2026年11月20日起" in page


def test_a_unit_is_closed(decided: Cast, manager: Client, browse: Browse) -> None:
    url = f"/units/{decided.a.department}/close/"
    assert browse("other_safety_manager").get(url).status_code == 404
    assert "已撤销“安全部”" in text(manager.post(url, {"until": "2026-11-20"}, follow=True))
    assert "还没有机构" in text(manager.get("/units/"))
