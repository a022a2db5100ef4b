"""到期预警: who and what is listed, in which order, and what is not asked."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from anze.records.acting.errors import NotPermitted
from anze.records.dossiers.expiries import (
    DueRow,
    Expiries,
    expiries,
    kinds_of_due,
    near_scrapping,
)
from anze.records.dossiers.vacancies import vacancies
from anze.records.people import actions as people
from anze.records.tenants.queries import company
from anze.rules.dossiers.validity import Validity, Why
from tests.cast import TODAY, Cast
from tests.records.dossiers.build import licence, sealed

DAY = timedelta(days=1)
OLD = TODAY - 300 * DAY


def listed(cast: Cast, member: str = "safety_manager", *, warns: int | None = None) -> Expiries:
    with cast.acts(member):
        return expiries(company(cast.a.id), warns=warns)


def names(rows: tuple[DueRow, ...], what: str) -> list[str]:
    return [row.subject.name for row in rows if row.source.what == what]


def driving(cast: Cast, driver: int, expires: date, *, on: date = OLD) -> int:
    values = {"class": "a1", "expires": str(expires)}
    return sealed(cast, "certificate.driving", on=on, values=values, people={driver: "subject"})


def test_what_ran_out_stands_before_what_will(cast: Cast) -> None:
    driving(cast, cast.a.drivers[0], TODAY + 20 * DAY)
    driving(cast, cast.a.drivers[1], TODAY - DAY)
    rows = [row for row in listed(cast).rows if row.source.what == "driving"]
    assert [(row.subject.id, row.standing.state) for row in rows] == [
        (cast.a.drivers[1], Validity.OVER),
        (cast.a.drivers[0], Validity.SOON),
    ]
    assert (rows[0].source.kind, rows[0].source.choice) == ("certificate.driving", None)


def test_the_newest_record_speaks_and_a_void_one_does_not(cast: Cast) -> None:
    driving(cast, cast.a.drivers[0], TODAY - DAY)
    driving(cast, cast.a.drivers[0], TODAY + 900 * DAY, on=TODAY - DAY)
    found = listed(cast)
    assert names(found.rows, "driving") == []
    assert names(found.missing, "driving") == ["孙甬"]


def test_chosen_days_of_warning(cast: Cast) -> None:
    driving(cast, cast.a.drivers[0], TODAY + 200 * DAY)
    assert names(listed(cast).rows, "driving") == []
    assert names(listed(cast, warns=365).rows, "driving") == ["钱甬"]


def test_missing_is_asked_of_those_it_binds(cast: Cast) -> None:
    found = listed(cast)
    assert names(found.missing, "driving") == ["钱甬", "孙甬"]  # by pinyin
    assert names(found.missing, "competence") == ["李甬", "赵甬"]
    assert len(names(found.missing, "checkup")) == 6
    assert names(found.missing, "licence") == ["浙A10001", "浙A10002"]
    assert names(found.missing, "hammer") == []  # the class is not on record
    assert found.counts[Validity.MISSING] == len(found.missing)


def test_what_lasts_runs_out_by_its_length(cast: Cast) -> None:
    examined = dict.fromkeys(cast.a.drivers, "subject") | {cast.a.clerk: "organiser"}
    sealed(cast, "health.checkup", on=TODAY - 350 * DAY, values={"institution": "县医院"}, people=examined)
    found = listed(cast)
    assert sorted(names(found.rows, "checkup")) == ["孙甬", "钱甬"]
    assert "冯甬" in names(found.missing, "checkup")  # organised it, was not examined


def test_insurances_of_one_kind_do_not_renew_each_other(cast: Cast) -> None:
    one, other = cast.a.vehicles
    for kind, left in (("compulsory", 10), ("carrier", 300)):
        values = {"type": kind, "insurer": "某保险公司", "expires": str(TODAY + left * DAY)}
        sealed(cast, "vehicle.insurance", on=OLD, values=values, vehicles=(one, other))
    found = listed(cast)
    rows = [row for row in found.rows if row.source.kind == "vehicle.insurance"]
    assert {row.source.what for row in rows} == {"compulsory"}
    assert [row.source.choice for row in rows] == [("type", "compulsory")] * 2


def test_tests_and_maintenance_follow_from_the_driving_permit(cast: Cast) -> None:
    one, other = cast.a.vehicles
    licence(cast, one, on=OLD, registered="2019-01-10", expires=str(TODAY + 200 * DAY))
    sealed(cast, "vehicle.test", on=TODAY - 170 * DAY, values={"institution": "站"}, vehicles=(one, other))
    values = {"level": "second", "place": "厂", "mileage": "100000"}
    sealed(cast, "vehicle.maintenance", on=TODAY - 20 * DAY, values=values, vehicles=(one,))
    sealed(cast, "vehicle.odometer", on=TODAY - DAY, values={"mileage": "115000"}, vehicles=(one,))
    rows = {row.source.what: row for row in listed(cast).rows if row.subject.id == one}
    assert rows["test"].standing.state is Validity.SOON
    assert rows["test"].standing.reason is Why.BY_AGE
    assert rows["upkeep-first"].standing.reason is Why.BY_DISTANCE
    assert rows["upkeep-first"].source.choice == ("level", "first")
    assert "upkeep-second" not in rows
    assert {row.source.what for row in listed(cast).missing if row.subject.id == one} >= {
        "hammer",
        "compulsory",
    }
    assert listed(cast, warns=3).counts[Validity.OVER] == 1


def test_the_watch_list_before_scrapping(cast: Cast) -> None:
    one, other = cast.a.vehicles
    licence(cast, one, on=OLD, registered="2012-05-01", expires=str(TODAY + 90 * DAY))
    licence(cast, other, on=OLD, registered="2011-05-01", expires=str(TODAY + 90 * DAY))
    with cast.acts("officer"):
        rows = near_scrapping(company(cast.a.id))
    assert [(row.subject.id, row.standing.state) for row in rows] == [
        (other, Validity.OVER),
        (one, Validity.SOON),
    ]
    assert {row.source.what for row in listed(cast).rows if row.source.kind == "vehicle.retired"} == {
        "scrapping"
    }


def test_those_who_left_are_not_listed(cast: Cast) -> None:
    driving(cast, cast.a.drivers[0], TODAY - DAY)
    with cast.acts("principal"):
        people.dismiss(person_ids=[cast.a.drivers[0]], left_on=TODAY)
    assert names(listed(cast).rows, "driving") == []


def test_a_vacant_statutory_post_is_an_alarm(cast: Cast) -> None:
    with cast.acts("principal"):
        found = vacancies(company(cast.a.id))
    assert [(row.position, row.since) for row in found] == [("coach.monitor", None)]
    with cast.acts("principal"):
        holding = people.assign_post(person_id=cast.a.monitor, position="coach.monitor", since=TODAY - DAY)
        assert vacancies(company(cast.a.id)) == []
        people.end_holding(holding_id=holding, until=TODAY)
        (row,) = vacancies(company(cast.a.id))
    assert (row.since, row.name) == (TODAY, "动态监控人员")


def test_drivers_do_not_read_the_list_and_other_companies_are_not_in_it(cast: Cast) -> None:
    driving(cast, cast.a.drivers[0], TODAY - DAY)
    with pytest.raises(NotPermitted):
        listed(cast, "driver")
    with cast.acts("other_safety_manager"):
        assert expiries(company(cast.b.id)).rows == ()


def test_once_for_a_page_and_in_few_statements(cast: Cast) -> None:
    with cast.acts("safety_manager"):
        known = company(cast.a.id)
        with CaptureQueriesContext(connection) as queries:
            expiries(known)
            expiries(known)
    assert len(queries) <= 8


def test_everything_that_can_run_out_has_a_name() -> None:
    found = kinds_of_due()
    assert {"driving", "compulsory", "upkeep-first", "upkeep-second", "test", "scrapping"} <= set(found)
    assert len(set(found.values())) == len(found)
