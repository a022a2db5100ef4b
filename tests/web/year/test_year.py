"""The year calendar: days, months, rest and work, years ahead, whose."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.test import Client

from anze.records.duties.models import Obligation
from anze.rules.periods import midnight
from tests.cast import Cast
from tests.web.conftest import Browse, statements


def days(client: Client, query: str = "") -> dict[date, Any]:
    months = client.get(f"/calendar/{query}").context["months"]
    return {day.day: day for month in months for week in month.weeks for day in week if day is not None}


def test_every_day_of_the_year_stands_once(manager: Client) -> None:
    assert len(days(manager)) == 365
    assert len(days(manager, "?year=2027")) == 365


def test_a_day_counts_what_its_list_holds(decided: Cast, manager: Client) -> None:
    found = days(manager)
    with decided.acts("safety_manager"):
        due = Obligation.objects.filter(due=midnight(date(2026, 11, 1)))
        assert found[date(2026, 10, 31)].count == due.count() > 0
    listed = manager.get("/obligations/?day=2026-10-31").context["page"]
    assert listed.total == found[date(2026, 10, 31)].count
    assert found[date(2026, 10, 31)].state == "missed"
    assert "逾期未履行" in found[date(2026, 10, 31)].words


def test_months_sum_up_their_days(manager: Client) -> None:
    for month in manager.get("/calendar/").context["months"]:
        inside = [day.count for week in month.weeks for day in week if day is not None]
        assert sum(inside) == month.total == sum(n for _, n in month.counts)


def test_holidays_and_moved_workdays_are_marked(manager: Client) -> None:
    found = days(manager)
    assert found[date(2026, 10, 1)].rest == "休"
    assert found[date(2026, 10, 10)].rest == "班"
    assert found[date(2026, 10, 12)].rest == ""


def test_a_year_not_published_is_provisional_and_foresees_the_rhythms(manager: Client) -> None:
    page = manager.get("/calendar/?year=2027").content.decode()
    assert "国务院办公厅尚未公布 2027 年放假安排" in page
    found = days(manager, "?year=2027")
    assert found[date(2027, 6, 30)].state == "upcoming"
    assert "预计到期" in found[date(2027, 6, 30)].words
    assert "国务院办公厅尚未公布" not in manager.get("/calendar/").content.decode()


def test_years_beyond_either_end_give_the_nearest(manager: Client) -> None:
    for asked, shown in (("1999", 2025), ("2099", 2027), ("last", 2026), ("", 2026)):
        assert manager.get(f"/calendar/?year={asked}").context["year"] == shown


def test_a_person_sees_their_own_year_only(decided: Cast, browse: Browse) -> None:
    driver = browse("driver")
    context = driver.get("/calendar/").context
    assert context["person"].id == decided.a.drivers[0]
    assert driver.get(f"/calendar/?person={decided.a.drivers[1]}").status_code == 404
    own = days(driver)[date(2026, 10, 31)]
    listed = driver.get(f"/obligations/?day=2026-10-31&person={decided.a.drivers[0]}").context["page"]
    assert own.count == listed.total > 0
    assert driver.get(f"/obligations/?person={decided.a.drivers[1]}").status_code == 404


def test_people_of_other_companies_have_no_year(decided: Cast, manager: Client) -> None:
    for person in (decided.b.principal, 10**17, "x", "9" * 30):
        assert manager.get(f"/calendar/?person={person}").status_code == 404
        assert manager.get(f"/obligations/?person={decided.b.principal}").status_code == 404
        assert manager.get(f"/obligations/?vehicle={decided.b.vehicles[0]}").status_code == 404


def test_the_year_is_read_in_few_queries(manager: Client) -> None:
    assert statements(manager, "/calendar/") <= 20


def test_a_vehicle_s_list_holds_its_own(decided: Cast, manager: Client) -> None:
    page = manager.get(f"/obligations/?vehicle={decided.a.vehicles[0]}").context["page"]
    assert {row.subject_id for row in page.rows} <= {decided.a.vehicles[0]}
