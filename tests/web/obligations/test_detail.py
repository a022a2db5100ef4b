"""One obligation with its why, and waiving it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client

from anze.records.duties import queries as duties
from anze.records.duties.rows import ObligationRow
from tests.cast import NOW, Cast
from tests.web.conftest import Browse, seal_study, statements


def find(cast: Cast, requirement: str, state: str, member: str = "safety_manager") -> ObligationRow:
    with cast.acts(member):
        return duties.obligations(requirement=requirement, states=(state,)).rows[0]


def words(client: Client, url: str) -> str:
    return re.sub(r"\s+", " ", client.get(url).content.decode())


def test_what_is_missed_says_what_is_missing_and_which_clause_asks(decided: Cast, manager: Client) -> None:
    row = find(decided, "coach.safety_manager.d3.a", "missed")
    page = words(manager, f"/obligations/{row.id}/")
    assert "期限已过，没有可证明履职的记录。" in page
    assert "应有1份“驾驶员安全学习”记录" in page
    assert "每次不少于2小时），尚无已封存的一份。" in page
    assert "客运企业岗位安全责任清单" in page
    assert "已核对原文" in page
    assert f"/records/new/?kind=training.driver-study&amp;obligation={row.id}" in page
    assert f"/obligations/{row.id}/waive/" in page


def test_what_is_met_names_the_record(decided: Cast, manager: Client) -> None:
    record = seal_study(decided, decided.a)
    row = find(decided, "coach.safety_manager.d3.a", "met")
    page = words(manager, f"/obligations/{row.id}/")
    assert f'href="/records/{record}/"' in page
    assert "XX-2026-0001" in page
    assert "期内已有1次记录，要求1次。" in page
    assert "/records/new/" not in page


def test_what_was_done_late_asks_for_nothing_more(decided: Cast, manager: Client) -> None:
    seal_study(decided, decided.a, happened_at=NOW - timedelta(days=40))
    row = find(decided, "coach.safety_manager.d3.a", "late")
    assert "/records/new/" not in words(manager, f"/obligations/{row.id}/")


def test_a_local_rule_shows_its_layer_and_its_instrument(decided: Cast, manager: Client) -> None:
    row = find(decided, "coach.principal.d1.a", "missed")
    page = words(manager, f"/obligations/{row.id}/")
    assert "地方规定（宁波市）" in page


def test_what_is_not_fixed_leads_to_the_commitment(decided: Cast, manager: Client) -> None:
    row = find(decided, "coach.principal.r6.a", "unset")
    assert 'href="/commitments/coach.principal.r6.a/"' in words(manager, f"/obligations/{row.id}/")


@pytest.mark.parametrize("member", ["driver", "clerk", "other_principal", "stranger_officer"])
def test_who_may_not_see_it_finds_nothing(decided: Cast, browse: Browse, member: str) -> None:
    row = find(decided, "coach.safety_manager.d3.a", "missed")
    expected = 403 if member == "stranger_officer" else 404
    assert browse(member).get(f"/obligations/{row.id}/").status_code == expected


def test_the_officer_sees_it_below_the_company_and_may_change_nothing(decided: Cast, officer: Client) -> None:
    row = find(decided, "coach.safety_manager.d3.a", "missed")
    page = words(officer, f"/bureau/companies/{decided.a.id}/obligations/{row.id}/")
    assert "企业排名" in page
    assert "/waive/" not in page
    assert "/records/new/" not in page
    wrong = officer.get(f"/bureau/companies/{decided.b.id}/obligations/{row.id}/")
    assert wrong.status_code == 404


def test_few_queries(decided: Cast, manager: Client) -> None:
    row = find(decided, "coach.safety_manager.d3.b", "missed")
    assert statements(manager, f"/obligations/{row.id}/") <= 24


def waiver(**changes: str) -> dict[str, str]:
    return {
        "since": "2026-11-01",
        "until": "",
        "whole_post": "post",
        "reason": "停运检修，局里批准",
    } | changes


def test_waiving_with_a_reason(decided: Cast, manager: Client) -> None:
    row = find(decided, "coach.safety_manager.d3.a", "open")
    response = manager.post(f"/obligations/{row.id}/waive/", waiver(), follow=True)
    page = response.content.decode()
    assert "已豁免，并记入操作日志。" in page
    assert "停运检修，局里批准" in page
    with decided.acts("safety_manager"):
        assert duties.obligation(row.id).state == "waived"


def test_waiving_for_one_person_only(decided: Cast, manager: Client) -> None:
    row = find(decided, "coach.safety_manager.d2.a", "open")
    page = manager.get(f"/obligations/{row.id}/waive/").content.decode()
    assert "仅李甬" in page
    manager.post(f"/obligations/{row.id}/waive/", waiver(whole_post="person", since=row.starts.isoformat()))
    page = manager.get(f"/obligations/{row.id}/").content.decode()
    assert "已豁免" in page
    assert "仅李甬" in page


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"reason": ""}, "请写明豁免理由。"),
        ({"reason": "字" * 201}, "理由最多200字。"),
        ({"since": ""}, "请填写日期。"),
        ({"since": "11/31"}, "日期格式应为"),
        ({"until": "2026-10-01"}, "恢复要求的日期应晚于开始日期。"),
    ],
)
def test_a_bad_waiver_is_refused_and_keeps_what_was_typed(
    decided: Cast, manager: Client, changes: dict[str, str], says: str
) -> None:
    row = find(decided, "coach.safety_manager.d3.a", "open")
    given = waiver(**changes)
    response = manager.post(f"/obligations/{row.id}/waive/", given)
    assert response.status_code == 422
    page = response.content.decode()
    assert says in page
    assert given["reason"] in page


def test_who_may_not_waive_is_refused(decided: Cast, browse: Browse) -> None:
    row = find(decided, "coach.safety_manager.d3.b", "open")
    assert browse("driver").post(f"/obligations/{row.id}/waive/", waiver()).status_code == 403
    assert browse("officer").post(f"/obligations/{row.id}/waive/", waiver()).status_code == 403
    assert browse("other_principal").post(f"/obligations/{row.id}/waive/", waiver()).status_code == 404
