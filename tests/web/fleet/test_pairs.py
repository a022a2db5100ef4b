"""人车结对 in the browser."""

from __future__ import annotations

from django.test import Client

from anze.records.fleet import pairs
from tests.cast import Cast, cast
from tests.web.records.conftest import at_now, browse, manager

__all__ = ["at_now", "browse", "cast", "manager"]


def names(cast: Cast) -> list[tuple[str, str]]:
    with cast.acts("safety_manager"):
        return [(p.plate, p.driver_name) for p in pairs.pairs(company_id=cast.a.id)]


def test_pairs_are_entered_line_by_line(cast: Cast, manager: Client) -> None:
    assert "还没有人车结对" in manager.get("/fleet/pairs/").content.decode()
    typed = {"lines": "浙A10001 钱甬\n浙a10002　孙甬0004\n", "since": "2026-11-20"}
    page = manager.post("/fleet/pairs/new/", typed, follow=True).content.decode()
    assert names(cast) == [("浙A10001", "钱甬"), ("浙A10002", "孙甬")]
    assert "已结对 2 对" in page
    assert "资料不全" in page
    assert "驾驶员：机动车驾驶证没有登记" in page


def test_every_wrong_line_is_said_and_none_is_kept(cast: Cast, manager: Client) -> None:
    typed = {"lines": "浙A10001 钱甬\n浙Z00001 钱甬\n浙A10002 冯甬\n浙A10002", "since": "2026-11-20"}
    answer = manager.post("/fleet/pairs/new/", typed)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "第 2 行：浙Z00001 不是在册车辆" in page
    assert "第 3 行：没有在职驾驶员“冯甬”" in page
    assert "第 4 行：应是车牌、空格、姓名" in page
    assert "浙A10001 钱甬" in page
    assert names(cast) == []


def test_a_pair_that_stands_is_refused_and_ends(cast: Cast, manager: Client) -> None:
    typed = {"lines": "浙A10001 钱甬", "since": "2026-11-01"}
    manager.post("/fleet/pairs/new/", typed)
    again = manager.post("/fleet/pairs/new/", typed)
    assert "第 1 行：浙A10001 和 钱甬 已经结对" in again.content.decode()
    with cast.acts("safety_manager"):
        (pair,) = pairs.pairs(company_id=cast.a.id)
    early = manager.post(f"/fleet/pairs/{pair.id}/end/", {"until": "2026-11-01"})
    assert early.status_code == 422
    manager.post(f"/fleet/pairs/{pair.id}/end/", {"until": "2026-11-20"})
    assert names(cast) == []


def test_from_a_vehicles_file_its_plate_stands_there(cast: Cast, manager: Client) -> None:
    page = manager.get(f"/fleet/pairs/new/?vehicle={cast.a.vehicles[0]}").content.decode()
    assert "浙A10001 </textarea>" in page
    assert manager.get(f"/fleet/pairs/new/?vehicle={cast.b.vehicles[0]}").status_code == 404
