"""Nobody becomes a driver against a bar on file unless somebody decides so."""

from __future__ import annotations

from datetime import timedelta

import pytest

from anze.records.dossiers import hiring
from anze.records.dossiers.people import person_dossier
from anze.records.duties import actions, organising
from anze.records.journal.models import Entry
from anze.records.people import queries
from anze.records.people.actions import NewPerson
from anze.records.people.models import Person
from anze.records.tenants.queries import company
from anze.rules.dossiers.hiring import BarState
from tests.cast import STARTED, TODAY, Cast
from tests.records.dossiers.build import sealed

DAY = timedelta(days=1)


def vetted(cast: Cast, person: int, **values: str) -> int:
    said = {"source": "police", "speeding": "0", **values}
    people = {cast.a.safety_manager: "organiser", person: "subject"}
    return sealed(cast, "driver.vetting", on=TODAY - 10 * DAY, values=said, people=people)


def test_the_file_says_what_bars_until_when(cast: Cast) -> None:
    driver = cast.a.drivers[0]
    with cast.acts("safety_manager"):
        assert {bar.state for bar in person_dossier(driver, company(cast.a.id)).bars} == {BarState.UNKNOWN}
    record = vetted(cast, driver, fatal="2025-03-01", speeding="3")
    with cast.acts("safety_manager"):
        bars = {bar.bar.id: bar for bar in person_dossier(driver, company(cast.a.id)).bars}
        assert person_dossier(cast.a.clerk, company(cast.a.id)).bars == ()
    assert {key: (bar.state, str(bar.until), bar.fact) for key, bar in bars.items()} == {
        "fatal": (BarState.BARRED, "2028-03-01", record),
        "full_points": (BarState.CLEAR, "None", record),
        "grave": (BarState.CLEAR, "None", record),
        "speeding": (BarState.BARRED, "2027-11-09", record),
    }


def test_another_trade_is_asked_nothing(cast: Cast) -> None:
    with cast.acts("safety_manager"):
        assert hiring.bars_asked("taxi") == []
        assert len(hiring.bars_asked("coach")) == 4


def test_who_may_not_does_not_become_a_driver(cast: Cast) -> None:
    vetted(cast, cast.a.clerk, fatal="2025-03-01")
    with cast.acts("principal"):
        found = queries.person(cast.a.clerk)
        changes = {"person_id": found.id, "version": found.version, "name": found.name, "phone": None}
        with pytest.raises(hiring.Barred, match="2028-03-01之前不得聘用为驾驶员"):
            organising.edit_person(**changes, driver=True)
        assert not queries.person(cast.a.clerk).driver
        organising.edit_person(**changes, driver=True, despite_bars=True)
        assert queries.person(cast.a.clerk).driver
        again = queries.person(cast.a.clerk)
        organising.edit_person(**changes | {"version": again.version, "name": "改名"}, driver=True)
    with cast.acts("principal"):
        assert Entry.objects.filter(action="people.hire_despite").count() == 1


def test_who_comes_back_is_known_by_name_and_number(cast: Cast) -> None:
    vetted(cast, cast.a.drivers[0], fatal="2025-03-01")
    with cast.acts("principal"):
        name = queries.person(cast.a.drivers[0]).name
        Person.objects.filter(pk=cast.a.drivers[0]).update(left_on=TODAY, phone="13800012345")
        back = NewPerson(name, TODAY, "138 0001 2345", driver=True)
        with pytest.raises(hiring.Barred, match=name):
            actions.employ(company_id=cast.a.id, people=[back])
        namesake = NewPerson(name, TODAY, "13900012345", driver=True)
        nameless = NewPerson("周新", STARTED, "", driver=True)
        desk = NewPerson(name, TODAY, "13800012345")
        assert len(actions.employ(company_id=cast.a.id, people=[namesake, nameless, desk])) == 3
        assert actions.employ(company_id=cast.a.id, people=[back], despite_bars=True)


def test_another_company_s_people_are_not_looked_at(cast: Cast) -> None:
    vetted(cast, cast.a.drivers[0], fatal="2025-03-01")
    with cast.acts("principal"):
        name = queries.person(cast.a.drivers[0]).name
        Person.objects.filter(pk=cast.a.drivers[0]).update(left_on=TODAY, phone="13800012345")
    with cast.acts("other_principal"):
        back = NewPerson(name, TODAY, "13800012345", driver=True)
        assert actions.employ(company_id=cast.b.id, people=[back])
