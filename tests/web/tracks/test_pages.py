"""The list of vehicles and the track of one, as each reader sees them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from anze.records.fleet import positions
from anze.records.fleet.positions import TrackUnavailable
from tests.cast import NOW, Cast, build_cast
from tests.fleet import installed, report


@pytest.fixture(autouse=True)
def at_now() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def driving(transactional_db: None) -> Cast:
    """One vehicle drives now and drove yesterday, with a silence between; the other has no terminal."""
    cast = build_cast()
    terminal = installed(cast.a.vehicles[0], cast.a.id, "13800010001", since=NOW - timedelta(days=400))
    report(terminal, NOW - timedelta(days=1), 60)
    report(terminal, NOW - timedelta(minutes=2), 5)
    return cast


def seen(cast: Cast, member: str, url: str) -> tuple[int, str]:
    client = Client()
    client.force_login(cast.account(member), backend="django.contrib.auth.backends.ModelBackend")
    response = client.get(url)
    return response.status_code, response.content.decode()


def test_the_list(driving: Cast) -> None:
    status, page = seen(driving, "safety_manager", "/tracks/")
    assert status == 200
    for words in (
        "浙A10001",
        "在线",
        "45.5 km/h 向东",
        "东经120.00120° 北纬30.00080°",
        "未装终端",
        "共 2 辆",
    ):
        assert words in page
    assert "浙B10001" not in page


@pytest.mark.parametrize(
    ("query", "total"),
    [("state=online", 1), ("state=bare", 1), ("state=silent", 0), ("q=a10002", 1), ("q=%20", 2)],
)
def test_what_is_filtered(driving: Cast, query: str, total: int) -> None:
    _, page = seen(driving, "safety_manager", f"/tracks/?{query}")
    assert f"共 {total} 辆" in page


def test_yesterday_and_today(driving: Cast) -> None:
    status, page = seen(driving, "safety_manager", f"/tracks/{driving.a.vehicles[0]}/")
    assert status == 200
    assert "昨天和今天的行驶轨迹，共 65 条定位，最高速度 45.5 km/h" in page
    assert page.count('class="track-way"') == 2
    assert page.count('class="track-gap"') == 1
    assert "中断 1 次" in page
    assert "2026年11月20日 09:58:00" in page
    assert "13800010001" in page


def test_one_day(driving: Cast) -> None:
    url = f"/tracks/{driving.a.vehicles[0]}/"
    _, page = seen(driving, "safety_manager", url + "?day=2026-11-19&page=2")
    assert "2026年11月19日的行驶轨迹，共 60 条定位" in page
    assert "2026年11月19日 10:00:00" in page
    _, page = seen(driving, "safety_manager", url + "?day=2026-11-01")
    assert "这段时间没有定位" in page


@pytest.mark.parametrize("day", ["yesterday", "2027-01-01", "0001-01-01"])
def test_a_day_that_is_none(driving: Cast, day: str) -> None:
    status, page = seen(driving, "safety_manager", f"/tracks/{driving.a.vehicles[0]}/?day={day}")
    assert status == 200
    assert f"没有看懂日期“{day}”" in page


def test_a_vehicle_without_a_terminal(driving: Cast) -> None:
    _, page = seen(driving, "safety_manager", f"/tracks/{driving.a.vehicles[1]}/")
    assert "这辆车目前没有装终端" in page
    assert "还没有收到过定位" in page


def test_what_cannot_be_read_is_said(driving: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise TrackUnavailable("历史定位文件缺失或已损坏")

    monkeypatch.setattr(positions, "track_of", fail)
    status, page = seen(driving, "safety_manager", f"/tracks/{driving.a.vehicles[0]}/")
    assert status == 200
    assert "历史定位文件缺失或已损坏" in page


def test_the_officer_below_the_company(driving: Cast) -> None:
    status, page = seen(driving, "officer", f"/bureau/companies/{driving.a.id}/tracks/")
    assert status == 200
    assert f"/bureau/companies/{driving.a.id}/tracks/{driving.a.vehicles[0]}/" in page
    url = f"/bureau/companies/{driving.a.id}/tracks/{driving.a.vehicles[0]}/"
    assert "共 65 条定位" in seen(driving, "officer", url)[1]
    assert (
        seen(driving, "officer", f"/bureau/companies/{driving.b.id}/tracks/{driving.a.vehicles[0]}/")[0]
        == 404
    )


def test_another_company_finds_nothing(driving: Cast) -> None:
    assert "浙A10001" not in seen(driving, "other_safety_manager", "/tracks/")[1]
    assert seen(driving, "other_safety_manager", f"/tracks/{driving.a.vehicles[0]}/")[0] == 404
