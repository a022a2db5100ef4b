"""The company's stricter numbers and its waivers, for itself and for the bureau."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from anze.records.duties import choosing, queries
from tests.cast import Cast
from tests.web.conftest import Browse

PAGE = "/choices/"
STUDY = "/choices/coach.safety_manager.d3.a/"  # each month by the list
MEETING = "/choices/coach.principal.d1.a/"  # each month in Ningbo
ROSTER = "/choices/coach.principal.r8.a/"  # before a key period
CERTIFICATE = "/choices/coach.safety_manager.d2.b/"


def given(**changes: str) -> dict[str, str]:
    return {"every": "month", "times": "2", "since": "2026-11-01", "reason": "安委会决定"} | changes


def test_empty_pages_say_what_to_do(manager: Client) -> None:
    page = manager.get(PAGE).content.decode()
    assert "没有加严的要求" in page
    assert "没有豁免" in page
    assert "待明确" in page


def test_the_form_shows_what_is_in_force(manager: Client) -> None:
    page = manager.get(MEETING).content.decode()
    assert "地方规定（宁波市）" in page
    assert "每月至少1次" in page
    assert "清单原文" in page
    assert "每季度至少1次" in page
    assert "自该日起恢复" not in page


def test_stricter_is_set_shown_and_taken_back(decided: Cast, manager: Client, officer: Client) -> None:
    page = manager.post(STUDY, given(), follow=True).content.decode()
    assert "已确定" in page
    assert "每月至少2次" in page
    assert "安委会决定" in page
    seen = officer.get(f"/bureau/companies/{decided.a.id}/choices/").content.decode()
    assert "每月至少2次" in seen
    assert "调整<span" not in seen
    rows = manager.get("/obligations/?layer=company").context["page"].rows
    assert {row.layer_name for row in rows} == {"企业规定"}
    detail = manager.get(f"/obligations/{rows[0].id}/").content.decode()
    assert "企业规定" in detail
    assert "李甬于" in detail
    assert "清单原文" in detail
    post = manager.get("/posts/coach.safety_manager/").content.decode()
    assert "其下：清单原文每月至少1次" in post
    assert "自该日起恢复" in manager.get(STUDY).content.decode()
    back = manager.post(STUDY, given(restore="1", since="2026-12-01", reason="试行期满"), follow=True)
    assert "恢复国家和地方规定" in back.content.decode()
    with decided.acts("principal"):
        (row,) = queries.obligations(requirement="coach.safety_manager.d3.a", starts=date(2026, 12, 1)).rows
        assert row.layer == "national"


@pytest.mark.parametrize(
    ("address", "words", "text"),
    [
        (MEETING, given(every="quarter", times="5"), "地方规定要求“每月至少1次”"),
        (STUDY, given(times="1"), "不必另作规定"),
        (STUDY, given(times="0"), "至少为1"),
        (STUDY, given(reason=""), "请写明理由"),
        (STUDY, given(since="2020-01-01"), "建档"),
        (STUDY, given(since="不知道"), "日期格式应为"),
        (STUDY, given(restore="1"), "没有可以恢复"),
        (ROSTER, {"ahead": "x", "ahead_unit": "day", "since": "2026-11-01", "reason": "x"}, "请填写整数"),
        (ROSTER, {"ahead": "0", "ahead_unit": "day", "since": "2026-11-01", "reason": "x"}, "不必另作规定"),
    ],
)
def test_bad_input_is_said_and_kept(manager: Client, address: str, words: dict[str, str], text: str) -> None:
    response = manager.post(address, words)
    if text == "没有可以恢复":
        assert response.status_code == 404
        return
    page = response.content.decode()
    assert response.status_code == 422
    assert text in page
    assert words["since"] in page


def test_before_a_key_period(manager: Client) -> None:
    words = {"ahead": "3", "ahead_unit": "day", "since": "2026-11-01", "reason": "提前排班"}
    page = manager.post(ROSTER, words, follow=True).content.decode()
    assert "在其开始3日前完成" in page


@pytest.mark.parametrize(
    "demand", ["coach.safety_manager.d4.a", "coach.principal.d99.a", "x", "coach.principal"]
)
def test_what_cannot_be_made_stricter_is_not_found(manager: Client, demand: str) -> None:
    assert manager.get(f"/choices/{demand}/").status_code == 404


def test_waivers_are_listed_marked_and_ended(decided: Cast, manager: Client, officer: Client) -> None:
    with decided.acts("principal"):
        waiver = choosing.waive(
            requirement="coach.safety_manager.d2.b", since=date(2026, 11, 1), until=None, reason="产假"
        )
    page = officer.get(f"/bureau/companies/{decided.a.id}/choices/").content.decode()
    assert "法定事项" in page
    assert "产假" in page
    assert "提前结束<span" not in page
    end = f"/waivers/{waiver}/end/"
    assert "2026-11-21" in manager.get(end).content.decode()
    refused = manager.post(end, {"until": "2026-10-01", "reason": "返岗"})
    assert refused.status_code == 422
    assert "返岗" in refused.content.decode()
    ended = manager.post(end, {"until": "2026-11-21", "reason": "返岗"}, follow=True).content.decode()
    assert "豁免已提前结束" in ended
    assert "提前结束：返岗" in ended


def test_whoever_may_not_decide_may_not_see_the_forms(browse: Browse) -> None:
    for member in ("monitor", "driver", "officer"):
        assert browse(member).get(STUDY).status_code == 403
