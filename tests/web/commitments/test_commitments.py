"""Fixing what the printed list leaves open."""

from __future__ import annotations

import pytest
from django.test import Client

from anze.records.duties import queries as duties
from tests.cast import Cast
from tests.web.conftest import Browse, statements

MEETING = "/commitments/coach.principal.r6.a/"  # asks a frequency, at least each quarter
REPORT = "/commitments/coach.safety_manager.r9.a/"  # asks a limit


def given(**changes: str) -> dict[str, str]:
    return {"every": "month", "times": "1", "since": "2026-11-01", "reason": "安委会决定"} | changes


def test_the_list_shows_floor_and_state(manager: Client) -> None:
    page = manager.get("/commitments/").content.decode()
    assert "定期主持召开安全生产工作会议" in page
    assert "每季度至少1次" in page
    assert "待企业明确" in page
    assert f'href="{MEETING}"' in page


def test_a_fresh_form_previews_the_least_with_the_next_five_days(manager: Client) -> None:
    response = manager.get(MEETING)
    assert response.status_code == 200
    assert len(response.context["preview"].days) == 5
    assert "2026年12月31日" in response.content.decode()


@pytest.mark.parametrize("since", ["0001-01-01", "9999-12-31"])
def test_a_year_that_no_record_has_is_refused_in_words(manager: Client, since: str) -> None:
    for words in (given(since=since), given(since=since, confirm="1")):
        response = manager.post(MEETING, words)
        assert response.status_code == 422
        assert "日期的年份不合理" in response.content.decode()


def test_a_preview_changes_nothing(decided: Cast, manager: Client) -> None:
    response = manager.post(MEETING, given())
    assert "每月至少1次" in response.content.decode()
    with decided.acts("principal"):
        assert duties.obligations(requirement="coach.principal.r6.a", states=("unset",)).total == 1


def test_a_limit_is_previewed_by_an_example(manager: Client) -> None:
    response = manager.post(REPORT, {"amount": "1", "unit": "hour", "since": "2026-11-01", "reason": ""})
    assert "最迟11月20日 11:00办完" in response.content.decode()


def test_confirming_judges_by_the_commitment_from_then_on(decided: Cast, manager: Client) -> None:
    response = manager.post(MEETING, given(confirm="1"), follow=True)
    page = response.content.decode()
    assert "已明确：每月至少1次" in page
    assert "2026年11月1日起" in page
    with decided.acts("principal"):
        assert duties.obligations(requirement="coach.principal.r6.a", states=("open",)).total == 1
    again = manager.get(MEETING)
    assert "安委会决定" in again.content.decode()
    assert again.context["form"]["every"].value() == "month"


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"every": "year"}, "最低要求是"),
        ({"times": "0"}, "至少为1。"),
        ({"times": "x"}, "请填写整数。"),
        ({"times": "999"}, "最多366。"),
        ({"since": ""}, "请填写日期。"),
        ({"since": "2020-01-01"}, "不能早于"),
    ],
)
def test_a_bad_commitment_is_refused(manager: Client, changes: dict[str, str], says: str) -> None:
    response = manager.post(MEETING, given(confirm="1", **changes))
    assert response.status_code == 422
    assert says in response.content.decode()


@pytest.mark.parametrize("url", ["/commitments/coach.principal.d1.a/", "/commitments/nothing/"])
def test_what_is_not_left_open_cannot_be_fixed(manager: Client, url: str) -> None:
    assert manager.get(url).status_code == 404


@pytest.mark.parametrize("member", ["driver", "clerk", "officer", "administrator"])
def test_not_for_everybody(browse: Browse, member: str) -> None:
    assert browse(member).get("/commitments/").status_code == 403
    assert browse(member).post(MEETING, given(confirm="1")).status_code == 403


def test_few_queries(manager: Client) -> None:
    for url in ("/commitments/", MEETING):
        assert statements(manager, url) <= 20, url
