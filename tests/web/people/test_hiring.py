"""Hiring a driver: the page asks, refuses with every reason, and takes a decision against it."""

from __future__ import annotations

from datetime import timedelta
from html import unescape
from typing import Any

from django.test import Client

from anze.records.people import queries
from anze.records.people.models import Person
from tests.cast import TODAY, Cast
from tests.records.dossiers.build import sealed
from tests.records.imports.books import xlsx
from tests.web.imports.test_pages import upload

DESPITE = "已核对上述情形，仍登记为驾驶员"


def text(answer: Any) -> str:
    return unescape(answer.content.decode())


def barred(cast: Cast, person: int) -> None:
    values = {"source": "police", "speeding": "4", "grave": "2025-03-01"}
    people = {cast.a.safety_manager: "organiser", person: "subject"}
    sealed(cast, "driver.vetting", on=TODAY - timedelta(days=10), values=values, people=people)


def test_the_form_asks_and_leads_to_the_file(decided: Cast, manager: Client) -> None:
    page = text(manager.get("/people/new/"))
    assert "有下列情形之一的不得聘用" in page
    assert "最近三个完整记分周期内有一个周期记满12分" in page
    assert "驾驶员聘用（数值未核对原文）" in page
    assert DESPITE not in page
    typed = {"name": "周新", "phone": "13800012345", "joined_on": str(TODAY), "driver": "1"}
    answer = manager.post("/people/new/", typed)
    assert answer.status_code == 302
    file = text(manager.get(answer["Location"]))
    assert "请登记“驾驶员聘用核查”" in file
    assert "不得聘用的情形" in file
    assert file.count("没有核查") == 4
    assert "kind=driver.vetting" in file
    assert (
        "/dossiers/" not in manager.post("/people/new/", {**typed, "name": "文员", "driver": ""})["Location"]
    )


def test_becoming_a_driver_is_refused_and_decided(decided: Cast, manager: Client) -> None:
    clerk = decided.a.clerk
    barred(decided, clerk)
    page = f"/people/{clerk}/edit/"
    shown = manager.get(page)
    assert DESPITE not in text(shown)
    form = shown.context["form"]
    typed = {"name": form.initial["name"], "version": form.initial["version"], "phone": "", "driver": "1"}
    refused = manager.post(page, typed)
    assert refused.status_code == 422
    for reason in ("2028-03-01之前不得聘用为驾驶员", "12个月内有三次以上超速违法，2027-11-09之前"):
        assert reason in text(refused)
    assert DESPITE in text(refused)
    with decided.acts("safety_manager"):
        assert not queries.person(clerk).driver
    assert manager.post(page, {**typed, "despite": "1"}).status_code == 302
    with decided.acts("safety_manager"):
        assert queries.person(clerk).driver
    file = text(manager.get(f"/dossiers/people/{clerk}/"))
    assert file.count("不得聘用</span>") == 2
    assert "2028年3月1日起期满" in file
    assert file.count("不得聘用为驾驶员：") == 2


def test_who_may_not_come_back_does_not_come_back_by_import(decided: Cast, manager: Client) -> None:
    driver = decided.a.drivers[0]
    barred(decided, driver)
    with decided.acts("safety_manager"):
        name = queries.person(driver).name
        Person.objects.filter(pk=driver).update(left_on=TODAY, phone="13800012345")
    head = ["姓名", "电话", "入职日期", "驾驶员"]
    preview = upload(manager, xlsx(head, [name, "13800012345", str(TODAY), "是"]), "people")
    answer = manager.post(f"{preview}commit/")
    assert answer.status_code == 302
    assert "之前不得聘用为驾驶员" in text(manager.get(answer["Location"]))
    with decided.acts("safety_manager"):
        assert Person.objects.filter(name=name).count() == 1
