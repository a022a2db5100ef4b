"""The files of people and vehicles, what runs out, and the forms that renew it."""

from __future__ import annotations

from datetime import timedelta
from html import unescape
from re import findall

import pytest
from django.test import Client

from anze.records.fleet.pairs import NewPair, make_pairs
from anze.records.people import actions as people
from anze.records.people.actions import NewPerson
from tests.cast import TODAY, Cast
from tests.records.dossiers.build import licence, sealed
from tests.web.conftest import Browse, seal_study, statements

DAY = timedelta(days=1)


def text(response) -> str:
    return unescape(response.content.decode())


def driving(cast: Cast, *, left: int, driver: int = 0) -> int:
    values = {"class": "a1", "first": "2010-02-01", "expires": str(TODAY + left * DAY)}
    on = TODAY - 300 * DAY
    return sealed(
        cast, "certificate.driving", on=on, values=values, people={cast.a.drivers[driver]: "subject"}
    )


def test_a_file_shows_papers_hours_points_and_what_is_open(decided: Cast, manager: Client) -> None:
    driver = decided.a.drivers[0]
    driving(decided, left=20)
    seal_study(decided, decided.a)
    values = {"source": "police", "description": "超速", "points": "9"}
    sealed(decided, "violation.notice", on=TODAY - 3 * DAY, values=values, people={driver: "subject"})
    values = {"level": "company", "topic": "公司级教育", "class_hours": "8"}
    sealed(decided, "training.induction", on=TODAY - 9 * DAY, values=values, people={driver: "participant"})
    page = text(manager.get(f"/dossiers/people/{driver}/"))
    assert "钱甬 · 从业人员档案" in page
    assert "A1 大型客车" in page
    assert "还有 20 天" in page
    assert "接近满分" in page
    assert "2</b> / 2 小时" in page
    assert "不折算、不计入" not in page
    assert "未核对原文" in page
    assert statements(manager, f"/dossiers/people/{driver}/") <= 20


def test_a_file_shows_which_topics_of_the_year_were_taught(decided: Cast, manager: Client) -> None:
    driver = decided.a.drivers[0]
    values = {"topic": "警示教育", "hours": "2", "topics": "cases,law"}
    sealed(decided, "training.driver-study", on=TODAY - DAY, values=values, people={driver: "participant"})
    page = text(manager.get(f"/dossiers/people/{driver}/"))
    assert "客运驾驶员日常安全教育的内容" in page
    said = [page.count(mark) for mark in ("☑ 法律法规", "☑ 典型交通事故案例", "☐ 技能训练")]
    assert said == [1, 1, 1]


def test_joining_asks_and_the_link_opens_the_form_for_this_person(decided: Cast, manager: Client) -> None:
    driver = decided.a.drivers[0]
    page = text(manager.get(f"/dossiers/people/{driver}/"))
    assert "要办的事" in page
    assert "驾驶员岗前培训不少于24学时" in page
    url = next(url for url in findall(r'href="(/records/new/[^"]+)"', page) if "v_level=company" in url)
    form = text(manager.get(url))
    assert 'value="company" selected' in form
    assert "钱甬岗前教育培训" in form
    assert f'"person": {driver}, "role": "participant"' in form
    assert f'"person": {decided.a.safety_manager}, "role": "organiser"' in form


@pytest.mark.parametrize("query", ["person=999999", "person=abc", "person=" + "9" * 30, "vehicle=1&person=²"])
def test_an_unknown_person_in_the_address_is_left_out(decided: Cast, manager: Client, query: str) -> None:
    response = manager.get(f"/records/new/?kind=certificate.driving&{query}&v_class=zzz")
    assert response.status_code == 200


def test_another_companys_person_is_not_filled_in(decided: Cast, manager: Client) -> None:
    form = text(manager.get(f"/records/new/?kind=certificate.driving&person={decided.b.drivers[0]}"))
    assert "钱海" not in form


def test_a_vehicle_opens_its_form(decided: Cast, manager: Client) -> None:
    one = decided.a.vehicles[0]
    page = text(manager.get(f"/dossiers/vehicles/{one}/"))
    assert "没有登记行驶证" in page
    form = text(manager.get(f"/records/new/?kind=vehicle.insurance&vehicle={one}&v_type=carrier"))
    assert 'value="carrier" selected' in form
    assert "浙A10001车辆保险" in form
    assert f'"type": "vehicle", "id": {one}' in form


def test_the_file_of_a_vehicle(decided: Cast, manager: Client) -> None:
    one = decided.a.vehicles[0]
    licence(decided, one, on=TODAY - 100 * DAY, registered="2019-01-10", expires=str(TODAY + 100 * DAY))
    values = {"institution": "检测站", "grade": "一级"}
    sealed(decided, "vehicle.test", on=TODAY - 100 * DAY, values=values, vehicles=(one,))
    values = {"level": "second", "place": "厂", "mileage": "100000"}
    sealed(decided, "vehicle.maintenance", on=TODAY - 20 * DAY, values=values, vehicles=(one,))
    sealed(decided, "vehicle.odometer", on=TODAY - DAY, values={"mileage": "116000"}, vehicles=(one,))
    page = text(manager.get(f"/dossiers/vehicles/{one}/"))
    assert "大型营运客车" in page
    assert "车龄 7 年 10 个月" in page
    assert "超 1000 公里" in page
    assert "还有 34000 公里" in page
    assert "一级" in page
    assert "停车楔（三角木）" in page
    assert statements(manager, f"/dossiers/vehicles/{one}/") <= 20


def test_the_list_filters_exports_and_leads_to_the_form(decided: Cast, manager: Client) -> None:
    driving(decided, left=20)
    driving(decided, left=-5, driver=1)
    page = text(manager.get("/expiries/"))
    assert "法定岗位空缺" in page
    assert page.index("孙甬") < page.index("钱甬")
    assert "已过期 5 天" in page
    assert f"kind=certificate.driving&person={decided.a.drivers[1]}" in page
    assert "钱甬" not in text(manager.get("/expiries/?state=over"))
    assert "钱甬" not in text(manager.get("/expiries/?days=7&state=soon"))
    assert "孙甬" not in text(manager.get("/expiries/?q=钱"))
    assert "没有符合条件" in text(manager.get("/expiries/?of=vehicle&state=over"))
    assert "钱甬" in text(manager.get("/expiries/?what=qualification&state=missing&unit=zz"))
    file = b"".join(manager.get("/expiries/export.csv?state=over").streaming_content).decode("utf-8-sig")
    assert file.splitlines()[1].startswith("人员,孙甬,,机动车驾驶证,已过期,")
    assert len(file.splitlines()) == 2
    assert statements(manager, "/expiries/") <= 20


@pytest.mark.parametrize(("left", "shown"), [(30, True), (31, False), (0, True)])
def test_so_many_days_are_counted_to_the_last_day(
    decided: Cast, manager: Client, left: int, shown: bool
) -> None:
    driving(decided, left=left)
    assert ("钱甬" in text(manager.get("/expiries/?days=30&what=driving"))) is shown


def test_near_scrapping(decided: Cast, manager: Client) -> None:
    assert "没有临近报废的车辆" in text(manager.get("/scrappage/"))
    one = decided.a.vehicles[0]
    licence(decided, one, on=TODAY - 9 * DAY, registered="2012-03-01", expires=str(TODAY + 100 * DAY))
    page = text(manager.get("/scrappage/"))
    assert "临近报废" in page
    assert "浙A10001" in page
    assert "v_type=scrapped" in page
    assert statements(manager, "/scrappage/") <= 20


def test_other_pages_ask_for_the_counts(decided: Cast, manager: Client) -> None:
    driving(decided, left=-5)
    assert 'data-part="/expiries/counts/"' in text(manager.get("/"))
    assert 'data-part="/expiries/counts/"' in text(manager.get("/company/"))
    counts = text(manager.get("/expiries/counts/"))
    assert "<b>1 <small>项</small></b><span>证件等已过期" in counts
    assert "法定岗位空缺：动态监控人员" in counts


def test_drivers_see_their_own_file_only(decided: Cast, browse: Browse) -> None:
    driver, (one, other) = browse("driver"), decided.a.drivers
    page = text(driver.get(f"/dossiers/people/{one}/"))
    assert "钱甬 · 从业人员档案" in page
    assert "我的档案" in text(driver.get("/"))
    assert driver.get(f"/dossiers/people/{other}/").status_code == 404
    assert driver.get(f"/dossiers/vehicles/{decided.a.vehicles[0]}/").status_code == 403
    assert driver.get("/expiries/").status_code == 403


def test_officers_read_and_register_nothing(decided: Cast, officer: Client) -> None:
    driving(decided, left=-5)
    base = f"/bureau/companies/{decided.a.id}"
    for page in (
        "expiries/",
        f"dossiers/people/{decided.a.drivers[0]}/",
        f"dossiers/vehicles/{decided.a.vehicles[0]}/",
    ):
        shown = text(officer.get(f"{base}/{page}"))
        assert "/records/new/" not in shown
        assert f"{base}/" in shown
    assert "孙甬" not in text(officer.get(f"{base}/expiries/"))
    assert officer.get(f"{base}/dossiers/people/{decided.b.drivers[0]}/").status_code == 404
    assert officer.get(f"{base}/dossiers/vehicles/{decided.b.vehicles[0]}/").status_code == 404


def test_a_drivers_care_and_grade_stand_in_the_file(decided: Cast, manager: Client) -> None:
    driver = {decided.a.drivers[0]: "subject"}
    unfit = {"institution": "某中心", "conclusion": "unfit"}
    sealed(decided, "driver.screening", on=TODAY - 9 * DAY, values=unfit, people=driver)
    talk = {"type": "talk", "conclusion": "attention"}
    sealed(decided, "driver.care", on=TODAY - 8 * DAY, values=talk, people=driver)
    grade = {"year": "2025", "grade": "aa", "issuer": "某局"}
    sealed(decided, "credit.driver", on=TODAY, values=grade, people=driver)
    page = text(manager.get(f"/dossiers/people/{decided.a.drivers[0]}/"))
    assert "暂不得驾驶" in page
    assert "暂不适宜驾驶" in page
    assert "需要关注" in page
    assert "2025年度" in page
    assert "AA级" in page
    whole = text(manager.get("/company/"))
    assert "质量信誉考核" in whole
    assert "AA级 1 人" in whole
    clerk = text(manager.get(f"/dossiers/people/{decided.a.clerk}/"))
    assert "身心状况和行为习惯" not in clerk
    fit = {"institution": "某中心", "conclusion": "fit"}
    sealed(decided, "driver.screening", on=TODAY - 1 * DAY, values=fit, people=driver)
    assert "暂不得驾驶" not in text(manager.get(f"/dossiers/people/{decided.a.drivers[0]}/"))


def test_education_before_work_is_open_until_the_work_begins(decided: Cast, manager: Client) -> None:
    with decided.acts("safety_manager"):
        new = NewPerson("新甬", TODAY - 40 * DAY, driver=True)
        (person,) = people.employ(company_id=decided.a.id, people=[new])
    page = text(manager.get(f"/dossiers/people/{person}/"))
    assert "上岗之前" in page
    assert "待办" in page
    sealed(
        decided,
        "training.induction",
        on=TODAY - 2 * DAY,
        values={"level": "all", "topic": "三级教育"},
        people={person: "participant"},
    )
    with decided.acts("safety_manager"):
        paired = NewPair(decided.a.vehicles[0], person, TODAY - 2 * DAY)
        make_pairs(company_id=decided.a.id, pairs=[paired])
    page = text(manager.get(f"/dossiers/people/{person}/"))
    assert "逾期办理" not in page
    assert "逾期未办" in page  # 24 学时 and the ride along are owed by now


def test_a_vehicle_that_went_but_is_still_on_the_books_says_so(decided: Cast, manager: Client) -> None:
    vehicle = decided.a.vehicles[0]
    address = f"/dossiers/vehicles/{vehicle}/"
    assert "办理退出" not in text(manager.get(address))
    sealed(decided, "vehicle.retired", on=TODAY - DAY, values={"type": "sold"}, vehicles=(vehicle,))
    page = text(manager.get(address))
    assert "但车辆仍在册" in page
    assert f'href="/fleet/{vehicle}/retire/"' in page
    manager.post(f"/fleet/{vehicle}/retire/", {"until": str(TODAY)})
    assert "但车辆仍在册" not in text(manager.get(address))
