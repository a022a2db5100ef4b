"""Review, sealing, voiding, revising."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from django.test import Client

from anze.records.duties import actions as duties
from anze.records.duties import deciding
from anze.records.evidence import actions as evidence
from anze.records.evidence import queries
from tests.cast import Cast, meeting
from tests.web.records.conftest import part, study

NEW = "/records/new/?kind=training.driver-study"


@pytest.fixture
def draft(cast: Cast, manager: Client) -> int:
    with cast.acts("safety_manager"):
        deciding.redecide(company_id=cast.a.id)
    answer = manager.post(NEW, study(cast.a))
    return int(answer["Location"].strip("/").split("/")[-1])


def mark(client: Client, record_id: int) -> str:
    found = client.get(f"/records/{record_id}/seal/").context["mark"]
    assert isinstance(found, str)
    return found


def sealed(client: Client, record_id: int) -> None:
    answer = client.post(f"/records/{record_id}/seal/", {"mark": mark(client, record_id)})
    assert answer.status_code == 302


def test_the_review_says_what_it_will_prove(manager: Client, draft: int) -> None:
    answer = manager.get(f"/records/{draft}/seal/")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert [outlook.requirement for outlook in answer.context["proving"]] == [
        "coach.safety_manager.d3.a",
        "coach.safety_manager.d3.b",
    ]
    assert "封存后不可修改，编号永久保留" in page


def test_the_review_says_why_it_falls_short(cast: Cast, manager: Client, draft: int) -> None:
    manager.post(f"/records/{draft}/edit/", study(cast.a, v_hours="1.5"))
    page = manager.get(f"/records/{draft}/seal/").content.decode()
    assert "证明不了任何一项责任" in page
    assert "时长（小时）不少于2" in page


def test_the_review_says_whose_part_is_wrong(cast: Cast, manager: Client, draft: int) -> None:
    parts = json.dumps([part(cast.a.safety_manager, "participant"), part(cast.a.drivers[0], "participant")])
    manager.post(f"/records/{draft}/edit/", study(cast.a, parts=parts))
    short = manager.get(f"/records/{draft}/seal/").context["falling_short"]
    assert [outlook.requirement for outlook in short] == ["coach.safety_manager.d3.a"]
    assert "“组织人”" in short[0].why_not


def test_sealing_shows_the_number_and_what_turned(manager: Client, draft: int) -> None:
    answer = manager.post(f"/records/{draft}/seal/", {"mark": mark(manager, draft)}, follow=True)
    page = answer.content.decode()
    assert "已封存，编号" in page
    assert "XX-2026-0001" in page
    proved = answer.context["proved"]
    assert {item.row.requirement for item in proved} >= {
        "coach.safety_manager.d3.a",
        "coach.safety_manager.d3.b",
    }
    assert all(item.row.state == "met" for item in proved)
    for item in proved:
        assert manager.get(item.url).status_code == 200


def test_a_second_tab_does_not_seal_twice(manager: Client, draft: int) -> None:
    seen = mark(manager, draft)
    manager.post(f"/records/{draft}/seal/", {"mark": seen})
    second = manager.post(f"/records/{draft}/seal/", {"mark": seen})
    assert second.status_code == 409
    assert "已经封存，编号 XX-2026-0001" in second.content.decode()


def test_what_changed_after_the_review_is_not_sealed(cast: Cast, manager: Client, draft: int) -> None:
    seen = mark(manager, draft)
    manager.post(f"/records/{draft}/edit/", study(cast.a, title="改过"))
    answer = manager.post(f"/records/{draft}/seal/", {"mark": seen})
    assert answer.status_code == 409
    assert "重新核对" in answer.content.decode()
    assert manager.get(f"/records/{draft}/").context["detail"].status == "draft"


def test_gaps_are_named_when_sealing(cast: Cast, manager: Client, draft: int) -> None:
    manager.post(f"/records/{draft}/edit/", study(cast.a, v_topic=""))
    answer = manager.post(f"/records/{draft}/seal/", {"mark": mark(manager, draft)})
    assert answer.status_code == 422
    assert "封存前请填写“学习内容”" in answer.content.decode()


def test_who_may_not_seal_is_told_so(cast: Cast, browse: Callable[[str], Client]) -> None:
    driver = browse("driver")
    answer = driver.post(NEW, study(cast.a, parts=json.dumps([part(cast.a.drivers[0], "participant")])))
    record = answer["Location"]
    assert "保存并去封存" not in driver.get(NEW).content.decode()
    assert driver.get(f"{record}seal/").status_code == 403
    refused = driver.post(f"{record}seal/", {"mark": "x"})
    assert refused.status_code == 403
    assert "无权" in refused.content.decode()


def test_voiding_needs_a_reason_and_takes_the_proof_away(manager: Client, draft: int) -> None:
    sealed(manager, draft)
    refused = manager.post(f"/records/{draft}/void/", {"reason": "  "})
    assert refused.status_code == 422
    assert "请填写作废原因" in refused.content.decode()
    page = manager.post(f"/records/{draft}/void/", {"reason": "日期写错"}, follow=True).content.decode()
    assert "日期写错" in page
    assert "作废" in page
    again = manager.post(f"/records/{draft}/void/", {"reason": "再来一次"})
    assert again.status_code == 422
    assert "不能作废" in again.content.decode()
    assert "再来一次" in again.content.decode()


def test_a_revision_copies_and_then_supersedes(cast: Cast, manager: Client, draft: int) -> None:
    sealed(manager, draft)
    revision = int(manager.post(f"/records/{draft}/revise/")["Location"].strip("/").split("/")[1])
    manager.post(f"/records/{revision}/edit/", study(cast.a, title="更正后的学习记录"))
    sealed(manager, revision)
    old = manager.get(f"/records/{draft}/").content.decode()
    assert "已由修订后的记录取代" in old
    assert "XX-2026-0002" in old
    new = manager.get(f"/records/{revision}/").content.decode()
    assert "修订经过" in new
    assert "XX-2026-0001" in new
    assert manager.post(f"/records/{draft}/revise/").status_code == 400


def test_addresses_of_acts_are_closed_to_others(cast: Cast, browse: Callable[[str], Client]) -> None:
    with cast.acts("principal"):
        record = evidence.draft_record(draft=meeting(cast.a, title="领导小组会"))
        duties.seal_records(record_ids=[record])
    expected = {"officer": 403, "other_principal": 404, "driver": 403, "stranger_officer": 403}
    for member, code in expected.items():
        client = browse(member)
        assert client.post(f"/records/{record}/void/", {"reason": "x"}).status_code == code, member
        assert client.post(f"/records/{record}/revise/").status_code in (403, 404), member
        assert client.post(f"/records/{record}/discard/").status_code in (403, 404), member
    with cast.acts("principal"):
        assert queries.record(record).status == "sealed"
