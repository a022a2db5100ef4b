"""Vehicles: found by the tail of the plate, enrolled, edited, retired."""

from __future__ import annotations

from django.test import Client

from anze.records.fleet.models import Vehicle
from tests.cast import Cast
from tests.web.conftest import Browse, statements


def text(response) -> str:
    return response.content.decode()


def test_a_vehicle_is_found_by_its_tail(decided: Cast, manager: Client) -> None:
    page = text(manager.get("/fleet/?q=002"))
    assert "浙A10002" in page
    assert "浙A10001" not in page
    assert "没有符合条件的车辆" in text(manager.get("/fleet/?q=77777"))
    assert "共 2 辆" in text(manager.get("/fleet/?service=all&unit=x"))
    assert statements(manager, "/fleet/") <= 20


def test_all_or_none_are_enrolled(decided: Cast, manager: Client) -> None:
    given = {"plates": "浙B12345\n浙A10001\n坏", "since": "2026-11-01", "unit": str(decided.a.department)}
    refused = manager.post("/fleet/new/", given)
    assert refused.status_code == 422
    assert "第 2 辆：浙A10001 已经登记" in text(refused)
    assert "第 3 辆：“坏”不是车牌号" in text(refused)
    assert "浙B12345" in text(refused)
    done = manager.post("/fleet/new/", given | {"plates": "浙B12345\n浙 B·12346\n"}, follow=True)
    assert "已登记 2 辆车" in text(done)
    many = manager.post("/fleet/new/", given | {"plates": "\n".join(["浙B1"] * 201)})
    assert "一次最多 200 辆" in text(many)


def test_the_second_who_edits_is_told(decided: Cast, manager: Client) -> None:
    url = f"/fleet/{decided.a.vehicles[0]}/edit/"
    first = {"version": "1", "plate": "浙B99999", "unit": str(decided.a.department)}
    assert manager.post(url, first).status_code == 302
    told = manager.post(url, {"version": "1", "plate": "浙B88888", "unit": ""})
    assert told.status_code == 422
    assert "别人修改过 浙B99999 的资料" in text(told)
    assert "现有资料：车牌 浙B99999，安全部。" in text(told)
    assert 'value="浙B88888"' in text(told)
    assert manager.post(url, {"version": "2", "plate": "浙B88888", "unit": ""}).status_code == 302
    taken = manager.post(url, {"version": "3", "plate": "浙A10002", "unit": ""})
    assert "浙A10002 已经登记" in text(taken)
    with decided.acts("safety_manager"):
        assert Vehicle.objects.get(pk=decided.a.vehicles[0]).plate == "浙B88888"


def test_a_vehicle_is_retired(decided: Cast, manager: Client, browse: Browse) -> None:
    url = f"/fleet/{decided.a.vehicles[0]}/retire/"
    assert browse("other_safety_manager").post(url, {"until": "2026-11-20"}).status_code == 404
    assert "已退出" in text(manager.post(url, {"until": "2026-11-20"}, follow=True))
    assert manager.post(url, {"until": "2026-11-20"}).status_code == 422
    assert "浙A10001" in text(manager.get("/fleet/?service=left"))
    assert "浙A10001" not in text(manager.get("/fleet/"))
