"""A vehicle's terminal: entered, described, taken out; wrong numbers and periods cost nothing typed."""

from __future__ import annotations

import re

from django.test import Client

from anze.records.fleet.terminals import NewTerminal, install_terminals, terminal
from tests.cast import NOW, Cast
from tests.web.conftest import Browse

GIVEN = {
    "phone": "013800010001",
    "since": "2026-11-20T08:00",
    "until": "",
    "plate_colour": "2",
    "maker": "70111",
    "model": "BSJ-A6",
    "device_id": "A600123",
    "protocol": "2019",
    "sim": "8986 0321 2450 0001 2345",
}


def text(response) -> str:
    return response.content.decode()


def page(cast: Cast, vehicle: int = 0) -> str:
    return f"/dossiers/vehicles/{cast.a.vehicles[vehicle]}/"


def new(cast: Cast, vehicle: int = 0) -> str:
    return f"/fleet/{cast.a.vehicles[vehicle]}/terminals/new/"


def entered(client: Client, cast: Cast) -> str:
    """The address of the form of the terminal just entered."""
    assert client.post(new(cast), GIVEN).status_code == 302
    found = re.search(rf'href="(/fleet/{cast.a.vehicles[0]}/terminals/\d+/)"', text(client.get(page(cast))))
    assert found
    return found[1]


def seen(client: Client, url: str) -> str:
    found = re.search(r'name="seen" value="(\w+)"', text(client.get(url)))
    assert found
    return found[1]


def test_a_terminal_is_entered_and_stands_on_the_vehicle_s_page(decided: Cast, manager: Client) -> None:
    assert "没有登记终端，看不到车辆位置" in text(manager.get(page(decided)))
    assert "<dd" in text(manager.get(page(decided)))
    entered(manager, decided)
    shown = text(manager.get(page(decided)))
    for said in (
        "13800010001",
        "尚未注册",
        "JT/T 808-2019",
        "70111 BSJ-A6",
        "A600123",
        "89860321245000012345",
    ):
        assert said in shown
    assert "08:00 安装" in shown


def test_what_is_wrong_is_said_and_kept(decided: Cast, manager: Client) -> None:
    url = new(decided)
    for wrong, said in (
        ({"phone": "1380001O001"}, "“1380001O001”不是终端手机号"),
        ({"phone": "000"}, "不是终端手机号"),
        ({"phone": ""}, "请填写终端手机号"),
        ({"since": ""}, "请填写安装时间"),
        ({"since": "昨天"}, "日期和时间看不懂"),
        ({"since": "0202-11-20T08:00"}, "日期的年份不合理"),
        ({"since": "2001-11-20T08:00"}, "安装时间早于车辆入册日期"),
        ({"until": "2026-11-19T08:00"}, "拆除时间应晚于安装时间"),
        ({"sim": "卡"}, "SIM 卡号是不超过 20 位"),
        ({"protocol": "2017"}, "请从列表中选择"),
        ({"model": "x" * 31}, "内容过长"),
    ):
        refused = manager.post(url, GIVEN | wrong)
        assert refused.status_code == 422, wrong
        assert said in text(refused)
        assert "A600123" in text(refused)
    assert "没有登记终端" in text(manager.get(page(decided)))


def test_a_terminal_is_in_one_vehicle_and_a_vehicle_has_one(
    decided: Cast, manager: Client, browse: Browse
) -> None:
    entered(manager, decided)
    twice = text(manager.post(new(decided, 1), GIVEN))
    assert "终端 13800010001 在该时间已装在另一辆车上：浙A10001，2026-11-20 08:00 起" in twice
    second = text(manager.post(new(decided), GIVEN | {"phone": "13800010002"}))
    assert "该车在这段时间已装有终端 13800010001" in second
    earlier = {"phone": "13800010002", "since": "2026-11-01T00:00", "until": "2026-11-20T08:00"}
    assert manager.post(new(decided), GIVEN | earlier).status_code == 302
    others = browse("other_safety_manager")
    foreign = text(others.post(f"/fleet/{decided.b.vehicles[0]}/terminals/new/", GIVEN))
    assert "不是本企业的车" in foreign
    assert "浙A10001" not in foreign
    assert others.post(new(decided), GIVEN).status_code == 404


def test_a_terminal_moves_to_another_vehicle(decided: Cast, manager: Client) -> None:
    """It is taken out at an instant, and from then on may be in the other; what is known of it goes along."""
    url = entered(manager, decided)
    out = GIVEN | {"seen": seen(manager, url), "until": "2026-11-20T09:00"}
    assert manager.post(url, out).status_code == 302
    assert "09:00 拆除" in text(manager.get(page(decided)))
    bare = {"phone": "13800010001", "since": "2026-11-20T09:00", "plate_colour": "2"}
    assert manager.post(new(decided, 1), bare).status_code == 302
    assert "A600123" in text(manager.get(page(decided, 1)))
    back = GIVEN | {"seen": seen(manager, url), "until": "2026-11-20T09:01"}
    refused = manager.post(url, back)
    assert refused.status_code == 422
    assert "已装在另一辆车上：浙A10002" in text(refused)


def test_who_had_a_terminal_no_longer_describes_it(decided: Cast, manager: Client, browse: Browse) -> None:
    url = entered(manager, decided)
    out = GIVEN | {"seen": seen(manager, url), "until": "2026-11-20T09:00"}
    assert manager.post(url, out).status_code == 302
    foreign = GIVEN | {"since": "2026-11-20T09:00", "model": "NEU"}
    others = browse("other_safety_manager")
    assert others.post(f"/fleet/{decided.b.vehicles[0]}/terminals/new/", foreign).status_code == 302
    back = manager.post(url, out | {"seen": seen(manager, url), "model": "ALT"})
    assert "另一家企业的车上，只能修改安装和拆除时间" in text(back)
    shorter = out | {"seen": seen(manager, url), "model": "NEU", "until": "2026-11-20T08:30"}
    assert manager.post(url, shorter).status_code == 302


def test_the_second_who_edits_is_told(decided: Cast, manager: Client) -> None:
    url = entered(manager, decided)
    mark = seen(manager, url)
    assert manager.post(url, GIVEN | {"seen": mark, "device_id": "B7"}).status_code == 302
    told = manager.post(url, GIVEN | {"seen": mark, "device_id": "C8"})
    assert told.status_code == 422
    assert "别人修改过这台终端的资料" in text(told)
    assert "编号 B7" in text(told)
    assert 'value="C8"' in text(told)
    again = re.search(r'name="seen" value="(\w+)"', text(told))
    assert again
    assert manager.post(url, GIVEN | {"seen": again[1], "device_id": "C8"}).status_code == 302


def test_seconds_stay_where_nothing_was_touched(decided: Cast, manager: Client) -> None:
    since = NOW.replace(second=7)
    with decided.acts("safety_manager"):
        new_one = NewTerminal(GIVEN["phone"], decided.a.vehicles[0], since)
        (installation,) = install_terminals(company_id=decided.a.id, terminals=[new_one])
    url = f"/fleet/{decided.a.vehicles[0]}/terminals/{installation}/"
    given = GIVEN | {"since": "2026-11-20T10:00", "seen": seen(manager, url)}
    assert manager.post(url, given).status_code == 302
    with decided.acts("safety_manager"):
        found = terminal(installation)
    assert (found.since, found.model) == (since, "BSJ-A6")


def test_another_company_s_terminal_is_not_there(decided: Cast, manager: Client, browse: Browse) -> None:
    url = entered(manager, decided)
    assert browse("other_safety_manager").get(url).status_code == 404
    wrong_vehicle = url.replace(f"/{decided.a.vehicles[0]}/", f"/{decided.a.vehicles[1]}/")
    assert manager.get(wrong_vehicle).status_code == 404
    assert manager.get(url.replace("/terminals/", "/terminals/99")).status_code == 404
    assert browse("monitor").get(url).status_code == 403
