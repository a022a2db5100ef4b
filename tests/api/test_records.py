"""Records through the API: drafted, edited, proved by a file, sealed; refusals keyed as the forms do."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from anze.records.evidence import queries
from tests.api.conftest import Ask
from tests.isolation.doors import PNG, World


def draft(world: World, **changes: Any) -> dict[str, Any]:
    company = world.cast.a
    return {
        "kind": "meeting.leading-group",
        "title": "安全生产领导小组会议",
        "happened_at": "2026-11-18T09:00:00+08:00",
        "values": {"topics": "冬季行车", "place": "三楼"},
        "parts": [
            {"person_id": company.principal, "role": "chair"},
            {"person_id": company.clerk, "role": "participant", "attendance": "excused", "hours": 1.5},
        ],
        **changes,
    }


def test_from_draft_to_proof(world: World, ask: Ask) -> None:
    made = ask("safety_manager", "post", "/records", draft(world))
    assert made.status_code == 201
    record = made.json()
    assert (record["status"], record["number"], record["author_name"]) == ("draft", None, "李甬")
    assert record["parts"][1]["hours"] == 1.5
    path = f"/records/{record['id']}"
    changed = ask("safety_manager", "put", path, draft(world, title="改过的会议"))
    assert (changed.status_code, changed.json()["title"]) == (200, "改过的会议")
    file = SimpleUploadedFile("签到.png", PNG, "image/png")
    attached = ask("safety_manager", "post", f"{path}/attachments", data={"file": file})
    assert (attached.status_code, attached.json()["media_type"]) == (201, "image/png")
    sealed = ask("safety_manager", "post", f"{path}/seal")
    assert sealed.status_code == 200
    assert sealed.json()["number"].startswith("LD-2026-")
    assert ask("safety_manager", "get", path).json()["status"] == "sealed"
    again = ask("safety_manager", "post", f"{path}/seal")
    assert (again.status_code, again.json()["title"]) == (409, "与现状冲突")
    assert "已封存" in again.json()["detail"]
    with world.cast.acts("principal"):
        assert queries.record(record["id"]).title == "改过的会议"


def test_a_sealed_record_proves(world: World, ask: Ask) -> None:
    study = {
        "kind": "training.driver-study",
        "title": "驾驶员安全学习",
        "happened_at": "2026-11-18T01:00:00Z",
        "hours": 2,
        "values": {"hours": "2", "topic": "冬季行车安全", "place": "会议室"},
        "parts": [
            {"person_id": world.cast.a.safety_manager, "role": "organiser"},
            {"person_id": world.cast.a.drivers[0], "role": "participant"},
        ],
    }
    record = ask("safety_manager", "post", "/records", study).json()
    proved = ask("safety_manager", "post", f"/records/{record['id']}/seal").json()["proved"]
    assert proved
    assert ask("safety_manager", "get", f"/obligations/{proved[0]}").json()["state"] in ("met", "late")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"kind": "nothing"}, "kind"),
        ({"title": ""}, "title"),
        ({"title": "  "}, "title"),
        ({"title": 7}, "title"),
        ({"happened_at": "2027-01-01T00:00:00+08:00"}, "happened_at"),
        ({"happened_at": "2026-11-18T09:00:00"}, "happened_at"),
        ({"happened_at": "0001-01-01T00:00:00+14:00"}, "happened_at"),
        ({"happened_at": 1763000000}, "happened_at"),
        ({"values": {"nothing": "x"}}, "values.nothing"),
        ({"values": {"topics": 5}}, "values.topics"),
        ({"parts": [{"person_id": 1, "role": "king"}]}, "parts"),
        ({"parts": [{"person_id": "1", "role": "chair"}]}, "parts.0.person_id"),
        ({"parts": [{"person_id": 2**63, "role": "chair"}]}, "parts.0.person_id"),
        ({"subjects": [{"type": "boat", "id": 1}]}, "subjects.0.type"),
        ({"hours": 25}, "hours"),
        ({"hours": 0.001}, "hours"),
        ({"about": 12345}, "about"),
        ({"attests": "a"}, "attests"),
        ({"makes_up": "2999-01-01"}, "makes_up"),
        ({"number": "HY-1"}, "number"),
    ],
)
def test_what_is_wrong_is_said_by_field(world: World, ask: Ask, changes: dict[str, Any], field: str) -> None:
    answer = ask("safety_manager", "post", "/records", draft(world, **changes))
    assert (answer.status_code, list(answer.json()["errors"])) == (422, [field])
    assert answer.json()["title"] == "内容有误"


@pytest.mark.parametrize("content", ["", "{", "[]", "null", '{"title": NaN}', "[" * 100_000, '"\\ud800"'])
def test_a_body_that_is_no_draft_is_refused(ask: Ask, content: str) -> None:
    answer = ask("safety_manager", "post", "/records", content)
    assert answer.status_code == 422
    assert answer.json()["errors"]


def test_a_body_out_of_all_size_is_refused(ask: Ask) -> None:
    answer = ask("safety_manager", "post", "/records", '{"title": "' + "长" * 3_000_000 + '"}')
    assert (answer.status_code, answer.json()["status"]) == (413, 413)


def test_another_companys_people_are_refused(world: World, ask: Ask) -> None:
    parts = [{"person_id": world.cast.b.principal, "role": "chair"}]
    answer = ask("safety_manager", "post", "/records", draft(world, parts=parts))
    assert "不属于本企业" in answer.json()["errors"]["parts"]


def test_a_file_that_is_none_is_refused(world: World, ask: Ask) -> None:
    path = f"/records/{world.draft_id}/attachments"
    file = SimpleUploadedFile("a.png", b"MZ\x90\x00 program")
    answer = ask("safety_manager", "post", path, data={"file": file})
    assert (answer.status_code, list(answer.json()["errors"])) == (422, ["file"])
    assert ask("safety_manager", "post", path, data={}).json()["errors"] == {"file": "缺少这一项。"}


def test_sealing_asks_for_what_is_missing(world: World, ask: Ask) -> None:
    record = ask("safety_manager", "post", "/records", draft(world, values={})).json()
    answer = ask("safety_manager", "post", f"/records/{record['id']}/seal")
    assert answer.status_code == 422
    assert set(answer.json()["errors"]) >= {"values.topics"}


def test_the_list_is_filtered(world: World, ask: Ask) -> None:
    assert ask("safety_manager", "get", "/records?status=sealed").json()["total"] == 1
    assert ask("safety_manager", "get", "/records?search=草稿").json()["items"][0]["id"] == world.draft_id
    assert ask("safety_manager", "get", "/records?since=2026-11-18&until=2026-11-20").json()["total"] == 1
    assert ask("safety_manager", "get", "/records?kind=meeting.leading-group").json()["total"] == 2
    refused = ask("safety_manager", "get", "/records?kind=nothing")
    assert refused.json()["errors"] == {"kind": "没有这种记录。"}
    assert ask("officer", "get", f"/records?company={world.cast.a.id}").json()["total"] == 1


@pytest.mark.parametrize("number", ["0", "-1", "99999999999999999999", "x", "1.5"])
def test_numbers_that_name_nothing(ask: Ask, number: str) -> None:
    for path in ("/records/{}", "/obligations/{}"):
        assert ask("safety_manager", "get", path.format(number)).status_code == 422
    assert ask("safety_manager", "get", "/records/2147483648").status_code == 404
