from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from anze.records.acting.context import SYSTEM, acting
from anze.records.acting.errors import NotFound, NotPermitted, Refused
from anze.records.journal import queries as journal
from anze.records.tenants import actions, queries
from anze.records.tenants.actions import NameTaken
from anze.records.tenants.models import Supervision
from anze.records.tenants.pinyin import name_key, pinyin_key
from tests.cast import NOW, TODAY, Cast

COMPANY: dict[str, Any] = {
    "name": "甬城新客运有限公司",
    "short_name": "新客运",
    "trade": "coach",
    "area": "330200",
    "employees": 20,
    "vehicles": 12,
    "started_on": date(2020, 1, 1),
    "judged_from": date(2026, 1, 1),
}


def test_a_registered_company_is_read_in_its_own_scope_only(cast: Cast) -> None:
    with cast.acts("administrator"):
        company = actions.register_company(**COMPANY)
        with pytest.raises(NotFound):
            queries.company(company)
    with acting(SYSTEM, reads=(company,), at=NOW):
        assert queries.company(company) == queries.CompanyRow(id=company, **COMPANY)
        assert [row.id for row in queries.companies_in_scope()] == [company]
        assert journal.verify(company_id=company) == []
    with cast.acts("principal"), pytest.raises(NotFound):
        queries.company(company)


@pytest.mark.parametrize("member", ["principal", "officer", "driver"])
def test_only_the_administrator_registers(cast: Cast, member: str) -> None:
    with cast.acts(member):
        with pytest.raises(NotPermitted):
            actions.register_company(**COMPANY)
        with pytest.raises(NotPermitted):
            actions.register_authority(name="某局", area="330000")
        with pytest.raises(NotPermitted):
            actions.place_under(authority_id=cast.authority, company_ids=[cast.a.id], since=TODAY)


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"name": " "}, "请填写企业名称"),
        ({"short_name": ""}, "请填写企业名称和简称"),
        ({"area": "3302"}, "6 位"),
        ({"vehicles": -1}, "不能为负"),
    ],
)
def test_a_wrong_company_is_refused(cast: Cast, change: dict[str, Any], problem: str) -> None:
    with cast.acts("administrator"), pytest.raises(Refused, match=problem):
        actions.register_company(**(COMPANY | change))


def test_a_name_is_given_once_even_out_of_scope(cast: Cast) -> None:
    with cast.acts("administrator"):
        with pytest.raises(NameTaken, match="安达"):
            actions.register_company(**(COMPANY | {"name": "甬城安达客运有限公司"}))
        with pytest.raises(NameTaken, match="甬城市"):
            actions.register_authority(name="甬城市交通运输局", area="330200")
        with pytest.raises(Refused, match="请填写管理部门"):
            actions.register_authority(name=" ", area="330200")


def test_supervision_follows_the_day(cast: Cast) -> None:
    assert queries.companies_of_authority(cast.authority, TODAY) == (cast.a.id, cast.b.id)
    assert queries.companies_of_authority(cast.authority, date(2019, 12, 31)) == ()
    assert queries.companies_of_authority(cast.other_authority, TODAY) == ()
    Supervision.objects.filter(company=cast.b.id).update(until=TODAY)
    assert queries.companies_of_authority(cast.authority, TODAY) == (cast.a.id,)
    assert queries.companies_of_authority(cast.authority, TODAY - timedelta(days=1)) == (cast.a.id, cast.b.id)


def test_placing_is_noted_on_both_sides_and_only_once(cast: Cast) -> None:
    with cast.acts("administrator"):
        for _ in range(2):
            actions.place_under(authority_id=cast.other_authority, company_ids=[cast.a.id], since=TODAY)
    assert Supervision.objects.filter(authority=cast.other_authority).count() == 1
    with cast.acts("stranger_officer"):
        (head,) = [h for h in journal.heads() if h.authority_id is not None]
        assert head.length == 3
        assert [a.id for a in queries.authorities_over(cast.a.id, TODAY)] == [
            cast.authority,
            cast.other_authority,
        ]
    with cast.acts("principal"):
        assert journal.entries(company_id=cast.a.id).rows[0].action == "tenants.place"


def test_placing_names_what_does_not_exist(cast: Cast) -> None:
    with cast.acts("administrator"):
        with pytest.raises(NotFound):
            actions.place_under(authority_id=10**9, company_ids=[cast.a.id], since=TODAY)
        with pytest.raises(NotFound):
            actions.place_under(authority_id=cast.authority, company_ids=[10**9], since=TODAY)


def test_units_open_close_and_nest(cast: Cast) -> None:
    with cast.acts("safety_manager"):
        branch = actions.open_unit(company_id=cast.a.id, kind="branch", name="慈城分公司", since=TODAY)
        fleet = actions.open_unit(
            company_id=cast.a.id, kind="fleet", name="一车队", parent=branch, since=TODAY
        )
        assert [u.name for u in queries.units()] == ["安全部", "慈城分公司", "一车队"]
        assert [u.parent_id for u in queries.units(kind="fleet")] == [branch]
        actions.close_unit(unit_id=fleet, until=TODAY + timedelta(days=9))
        assert queries.units(kind="fleet", on=TODAY + timedelta(days=9)) == []
        for wrong, problem in (
            ({"kind": "club", "name": "x"}, "机构类型"),
            ({"kind": "team", "name": " "}, "机构名称"),
            ({"kind": "branch", "name": "慈城分公司"}, "已经存在"),
        ):
            with pytest.raises(Refused, match=problem):
                actions.open_unit(company_id=cast.a.id, since=TODAY, **wrong)
        with pytest.raises(Refused, match="撤销日期"):
            actions.close_unit(unit_id=branch, until=TODAY)


def test_another_companys_unit_is_not_found(cast: Cast) -> None:
    with cast.acts("safety_manager"):
        with pytest.raises(NotFound):
            actions.close_unit(unit_id=cast.b.department, until=TODAY)
        with pytest.raises(NotFound):
            actions.open_unit(
                company_id=cast.a.id, kind="team", name="组", parent=cast.b.department, since=TODAY
            )
    with cast.acts("driver"), pytest.raises(NotPermitted):
        actions.open_unit(company_id=cast.a.id, kind="team", name="组", since=TODAY)


def test_an_authority_is_known_to_all(db: None, cast: Cast) -> None:
    assert queries.authority(cast.authority).name == "甬城市交通运输局"
    with pytest.raises(NotFound):
        queries.authority(10**9)


@pytest.mark.parametrize("text", ["安达", "anda", "ad", "Anda Ke", "甬城安达"])
def test_companies_are_found_by_name_and_pinyin(cast: Cast, text: str) -> None:
    with cast.acts("officer"):
        assert queries.matching_companies(text) == {cast.a.id}
    with cast.acts("other_principal"):
        assert queries.matching_companies(text) == frozenset()


@pytest.mark.parametrize("text", ["", "  ", "\x00", "zzz", "没有"])
def test_nothing_matches_nothing(cast: Cast, text: str) -> None:
    with cast.acts("officer"):
        assert queries.matching_companies(text) == frozenset()


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("张伟", "zhang wei zw"),
        ("单田芳", "shan tian fang stf"),
        ("尉迟敬德", "yu chi jing de ycjd"),
        ("曾国藩", "zeng guo fan zgf"),
        ("Ann Lee", "ann lee al"),
    ],
)
def test_names_have_a_key(name: str, key: str) -> None:
    assert name_key(name) == key


def test_a_company_is_not_read_as_a_person() -> None:
    assert pinyin_key("单车客运") == "dan che ke yun dcky"
