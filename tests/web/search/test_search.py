"""The search: who finds what, by which spelling, and what stays hidden."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from django.test import Client

from anze.records.fleet.models import Vehicle
from anze.records.people.models import Person
from tests.cast import Cast
from tests.web.conftest import Browse, seal_study


def found(client: Client, text: str, at: str = "/search/") -> dict[str, list[str]]:
    response = client.get(f"{at}?q={quote(text)}")
    assert response.status_code == 200
    return {group.name: [hit.title for hit in group.hits] for group in response.context["groups"]}


@pytest.mark.parametrize("text", ["钱甬", "qianyong", "QY", "qian yong", "ｑｙ"])
def test_people_are_found_by_name_pinyin_and_initials(decided: Cast, manager: Client, text: str) -> None:
    assert "钱甬" in found(manager, text)["人员"]


@pytest.mark.parametrize("text", ["浙A10001", "0001", "１０００１", "浙a10001", "浙A·10001"])
def test_vehicles_are_found_by_plate_tail_and_full_width_digits(manager: Client, text: str) -> None:
    assert found(manager, text)["车辆"] == ["浙A10001"]


def test_the_plate_that_ends_so_stands_first(decided: Cast, manager: Client) -> None:
    with decided.acts("safety_manager"):
        Vehicle.objects.filter(pk=decided.a.vehicles[1]).update(plate="浙A00017")
        Vehicle.objects.filter(pk=decided.a.vehicles[0]).update(plate="浙A17001")
        Vehicle.objects.create(company_id=decided.a.id, plate="浙B90017", since="2026-01-01")
    assert found(manager, "017")["车辆"] == ["浙A00017", "浙B90017"]
    assert found(manager, "17")["车辆"][-1] == "浙A17001"


@pytest.mark.parametrize("text", ["安全学习", "冬季行车", "xx-2026-0001", "ＸＸ-2026"])
def test_records_are_found_by_title_field_and_number(decided: Cast, manager: Client, text: str) -> None:
    seal_study(decided, decided.a)
    assert found(manager, text)["记录"] == ["驾驶员安全学习"]


def test_kinds_posts_and_lines_are_found(manager: Client) -> None:
    assert "驾驶员安全学习" in found(manager, "安全学习")["记录种类"]
    assert found(manager, "zyfzr")["岗位"] == ["主要负责人"]
    lines = found(manager, "安全生产领导机构会议")["清单条目"]
    assert any("每季度至少一次" in line for line in lines)


def test_links_lead_to_what_was_found(decided: Cast, manager: Client) -> None:
    seal_study(decided, decided.a)
    for text in ("钱甬", "10001", "安全学习", "主要负责人"):
        for group in manager.get(f"/search/?q={quote(text)}").context["groups"]:
            for url in [hit.url for hit in group.hits] + [group.more] * bool(group.more):
                assert manager.get(url).status_code == 200, url


def test_a_driver_finds_themselves_and_no_colleague(decided: Cast, browse: Browse) -> None:
    seal_study(decided, decided.a)
    driver = browse("driver")
    assert found(driver, "甬") == {"人员": ["钱甬"], "记录": ["驾驶员安全学习"]}  # in which they took part
    assert "车辆" not in found(driver, "1000")
    assert "岗位" not in found(driver, "负责人")
    assert found(driver, "安全学习")["记录"] == ["驾驶员安全学习"]
    assert "记录" not in found(browse("clerk"), "安全学习")


def test_nothing_of_another_company_is_found(decided: Cast, manager: Client) -> None:
    seal_study(decided, decided.b)
    assert "海" not in str(found(manager, "钱"))
    assert "记录" not in found(manager, "冬季行车安全")
    assert "车辆" not in found(manager, "浙B1000")


def test_an_officer_finds_companies_and_looks_on_inside_one(decided: Cast, officer: Client) -> None:
    assert found(officer, "tongtu", "/bureau/search/") == {"企业": ["甬城通途客运有限公司"]}
    seal_study(decided, decided.b)
    inside = f"/bureau/companies/{decided.b.id}/search/"
    page = officer.get(f"{inside}?q=冬季行车")
    record = next(group for group in page.context["groups"] if group.name == "记录")
    assert record.more.startswith(f"{inside}records/?q=")
    assert found(officer, "钱", inside)["人员"] == ["钱海"]


def test_while_typing_a_few_hits_come_as_a_fragment(manager: Client) -> None:
    response = manager.get("/search/?q=会议", headers={"HX-Request": "true", "HX-Target": "az-found"})
    page = response.content.decode()
    assert "<html" not in page
    assert "按回车键查看全部结果" in page
    assert all(len(group.hits) <= 5 for group in response.context["groups"])


@pytest.mark.parametrize("text", ["", "   ", "%%", "__", "\x00", "'; drop", "没有这样的内容", "x" * 500])
def test_odd_texts_find_nothing_and_break_nothing(manager: Client, text: str) -> None:
    assert found(manager, text) == {}


def test_nothing_found_says_what_to_try(manager: Client) -> None:
    assert "可试姓名、拼音首字母、车牌尾号" in manager.get("/search/?q=没有这样").content.decode()


def test_those_who_left_are_found_last_and_marked(decided: Cast, manager: Client) -> None:
    with decided.acts("safety_manager"):
        Person.objects.filter(pk=decided.a.drivers[0]).update(left_on="2026-06-01")
    groups = manager.get("/search/?q=甬").context["groups"]
    last = next(group for group in groups if group.name == "人员").hits[-1]
    assert (last.title, last.note) == ("钱甬", "2026年6月1日离职")


def test_the_box_stands_in_the_frame_of_those_who_may_search(manager: Client, officer: Client) -> None:
    assert 'action="/search/"' in manager.get("/").content.decode()
    assert 'action="/bureau/search/"' in officer.get("/bureau/").content.decode()
