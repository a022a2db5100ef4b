"""What a duty asks of its record, in words and as prefilled values."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from anze.records.duties import deciding
from anze.records.duties import queries as standing
from anze.records.lawbook import lawbook
from anze.rules.periods import midnight
from anze.web.records.demands import Demand, demand_for, first_values, needs_in_words, period_name, usual_role
from tests.cast import Cast


@pytest.mark.parametrize(
    ("starts", "ends", "name"),
    [
        (date(2026, 11, 22), date(2026, 11, 23), "2026年11月22日"),
        (date(2026, 11, 1), date(2026, 12, 1), "2026年11月"),
        (date(2026, 11, 10), date(2026, 12, 1), "2026年11月"),
        (date(2026, 10, 1), date(2027, 1, 1), "2026年第四季度"),
        (date(2026, 7, 1), date(2027, 1, 1), "2026年下半年"),
        (date(2026, 1, 1), date(2026, 7, 1), "2026年上半年"),
        (date(2026, 1, 1), date(2027, 1, 1), "2026年度"),
        (date(2026, 1, 1), date(2026, 1, 9), ""),
    ],
)
def test_periods_have_names(starts: date, ends: date, name: str) -> None:
    assert period_name(starts, midnight(ends)) == name


def test_what_runs_on_no_period_has_no_name() -> None:
    assert period_name(date(2026, 1, 1), None) == ""


def demand(cast: Cast, requirement: str, **filters: object) -> Demand:
    with cast.acts("safety_manager"):
        deciding.redecide(company_id=cast.a.id)
        row = standing.obligations(requirement=requirement, **filters).rows[0]  # type: ignore[arg-type] -- any filter
        return demand_for(row.id)


def test_needs_name_role_minimum_and_choice(cast: Cast) -> None:
    kinds = lawbook().kinds
    study = demand(cast, "coach.safety_manager.d3.a")
    assert needs_in_words(kinds["training.driver-study"], study) == (
        "安全生产管理人员的身份为“组织人”",
        "“时长”不少于 2 小时",
    )
    inspection = demand(cast, "coach.principal.d7.a")
    assert needs_in_words(kinds["inspection.safety"], inspection) == (
        "主要负责人的身份为“组织人”或“检查人”",
        "“检查类型”选“综合检查”",
    )
    certificate = demand(cast, "coach.principal.d9.b")
    assert needs_in_words(kinds["certificate.competence"], certificate)[-1] == "附扫描件或照片"


def test_one_choice_that_alone_proves_is_preselected(cast: Cast) -> None:
    found = demand(cast, "coach.principal.d7.a")
    with cast.acts("safety_manager"):
        values = first_values(lawbook().kinds["inspection.safety"], found)
    assert values["v_scope"] == "comprehensive"
    assert values["parts"][0]["person"] == cast.a.principal
    assert values["parts"][0]["role"] == "organiser"


def test_the_driver_whom_a_duty_is_about_is_listed(cast: Cast) -> None:
    found = demand(cast, "coach.safety_manager.d3.b", states=["open"])
    kind = lawbook().kinds["training.driver-study"]
    with cast.acts("safety_manager"):
        values = first_values(kind, found)
    listed = {(row["person"], row["role"]) for row in values["parts"]}
    assert (found.row.subject_id, usual_role(kind, about_them=True)) in listed
    assert found.row.subject_name in values["title"]


def test_a_missed_period_leaves_the_time_open(cast: Cast) -> None:
    found = demand(cast, "coach.safety_manager.d3.a", states=["missed"])
    assert found.making_up is not None
    assert found.making_up.starts == found.row.starts
    with cast.acts("safety_manager"):
        values = first_values(lawbook().kinds["training.driver-study"], found)
    assert values["happened_at"] is None
    assert isinstance(found.row.due, datetime)


def test_a_key_period_of_the_year_s_list_is_no_event_to_choose(cast: Cast) -> None:
    found = demand(cast, "coach.principal.r8.a")
    kind = lawbook().kinds[found.row.proof_kinds[0]]
    assert found.declared_elsewhere
    hint = "“所针对的事件”留空：这一重点时段由年度表或管理部门发布，不是本企业登记的事件"
    assert hint in needs_in_words(kind, found, events=True)
    assert hint not in needs_in_words(kind, found)
    assert not demand(cast, "coach.principal.d7.a").declared_elsewhere
