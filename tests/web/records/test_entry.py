"""Choosing a kind, filling in the form, keeping the draft."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from anze.records.duties import actions as duties
from anze.records.duties import deciding
from anze.records.duties import queries as standing
from anze.records.evidence import actions as evidence
from anze.records.evidence import queries
from anze.records.lawbook import lawbook
from tests.cast import Cast, meeting
from tests.web.records.conftest import JPEG, part, study

NEW = "/records/new/?kind=training.driver-study"


def drafts(cast: Cast) -> list[queries.RecordDetail]:
    with cast.acts("safety_manager"):
        return [queries.record(row.id) for row in queries.records(status="draft").rows]


def test_every_kind_can_be_chosen_and_opens_its_form(manager: Client) -> None:
    page = manager.get("/records/kinds/").content.decode()
    for kind in lawbook().kinds.values():
        assert f"/records/new/?kind={kind.id}" in page
        form = manager.get(f"/records/new/?kind={kind.id}")
        assert form.status_code == 200
        for spec in kind.fields:
            assert f'id="id_v_{spec.id}"' in form.content.decode()


def test_an_unknown_kind_offers_the_known_ones(manager: Client) -> None:
    answer = manager.get("/records/new/?kind=no.such")
    assert answer.status_code == 404
    assert "没有“no.such”这种记录" in answer.content.decode()


def test_a_draft_keeps_everything_typed(cast: Cast, manager: Client) -> None:
    answer = manager.post(NEW, study(cast.a))
    (draft,) = drafts(cast)
    assert answer.status_code == 302
    assert answer["Location"] == f"/records/{draft.id}/"
    assert draft.title == "十一月驾驶员安全学习"
    assert draft.happened_at == datetime(2026, 11, 18, 6, 0, tzinfo=UTC)
    assert draft.values["topic"] == "冬季行车安全"
    assert {p.person_id for p in draft.parts} == {cast.a.safety_manager, *cast.a.drivers}


def test_several_boxes_are_ticked_and_stay_ticked(cast: Cast, manager: Client) -> None:
    manager.post(NEW, study(cast.a) | {"v_topics": ["emergency", "law"]})
    (record,) = drafts(cast)
    assert record.values["topics"] == "law,emergency"
    page = manager.get(f"/records/{record.id}/edit/").content.decode()
    assert page.count('name="v_topics"') == 6
    assert 'value="law" checked' in page
    assert 'value="cases">' in page
    assert "法律法规、突发事件应急处置训练" in manager.get(f"/records/{record.id}/").content.decode()


def test_htmx_is_told_where_to_go(cast: Cast, manager: Client) -> None:
    answer = manager.post(NEW, study(cast.a, then="seal"), headers={"HX-Request": "true"})
    (draft,) = drafts(cast)
    assert answer.headers["HX-Redirect"] == f"/records/{draft.id}/seal/"


def test_a_draft_may_be_incomplete_but_not_when_going_on_to_seal(cast: Cast, manager: Client) -> None:
    gaps = study(cast.a, v_topic="", v_hours="")
    refused = manager.post(NEW, gaps | {"then": "seal"})
    page = refused.content.decode()
    assert refused.status_code == 422
    assert "封存前请填写“学习内容”" in page
    assert "封存前请填写“时长（小时）”" in page
    assert drafts(cast) == []
    assert manager.post(NEW, gaps).status_code == 302
    assert len(drafts(cast)) == 1


def test_all_that_is_wrong_is_said_at_once_and_all_that_was_typed_stays(cast: Cast, manager: Client) -> None:
    typed = study(cast.a, title="", v_hours="两个", happened_at="昨天下午", v_place="三楼会议室")
    answer = manager.post(NEW, typed)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "请填写标题" in page
    assert "日期和时间看不懂" in page
    assert "三楼会议室" in page
    assert "昨天下午" in page
    assert f"&quot;person&quot;: {cast.a.drivers[1]}" in page


def test_a_record_of_the_future_is_refused(cast: Cast, manager: Client) -> None:
    answer = manager.post(NEW, study(cast.a, happened_at="2026-11-20T10:05", ended_at=""))
    assert answer.status_code == 422
    assert "发生时间在将来" in answer.content.decode()
    assert drafts(cast) == []


def test_wrong_numbers_stand_beside_their_field(cast: Cast, manager: Client) -> None:
    answer = manager.post(NEW, study(cast.a, v_hours="两个"))
    assert answer.status_code == 422
    assert "请填写数字" in answer.content.decode()
    hours = json.dumps([part(cast.a.drivers[0], "participant", hours="很久")])
    assert "“很久”不对" in manager.post(NEW, study(cast.a, parts=hours)).content.decode()
    assert "请填写数字" in manager.post(NEW, study(cast.a, v_hours="NaN")).content.decode()


@pytest.mark.parametrize(
    "parts",
    [
        "{",
        "[1]",
        '[{"person": "x"}]',
        '{"a": 1}',
        '[{"role": "chair"}]',
        "null",
        '[{"person": 1e999, "role": "chair"}]',
        "[" * 100_000,
        '[{"person": 1, "role": "chair", "hours": "\\ud800"}]',
        '[{"person": 1, "role": "chair", "hours": "x", "name": "\\ud800"}]',
    ],
)
def test_a_damaged_list_of_people_is_refused_in_words(cast: Cast, manager: Client, parts: str) -> None:
    answer = manager.post(NEW, study(cast.a, parts=parts))
    assert answer.status_code == 422
    assert "名单数据损坏" in answer.content.decode()


@pytest.mark.parametrize("name", ["title", "v_topic"])
def test_a_character_that_cannot_be_kept_is_refused_in_words(cast: Cast, manager: Client, name: str) -> None:
    answer = manager.post(NEW, study(cast.a, **{name: "学习\0内容"}))
    assert answer.status_code == 422
    assert "含有无法保存的字符" in answer.content.decode()


def test_another_companys_people_vehicles_and_events_are_refused(cast: Cast, manager: Client) -> None:
    theirs = json.dumps([part(cast.b.drivers[0], "participant")])
    answer = manager.post(NEW, study(cast.a, parts=theirs))
    assert answer.status_code == 422
    assert "不属于本企业" in answer.content.decode()
    vehicle = json.dumps([{"type": "vehicle", "id": cast.b.vehicles[0]}])
    typed = {"title": "x", "happened_at": "2026-11-18T14:00", "subjects": vehicle, "parts": "[]"}
    assert "不属于本企业" in manager.post("/records/new/?kind=hazard.found", typed).content.decode()


def test_three_hundred_people_fit_into_one_form(cast: Cast, manager: Client) -> None:
    many = [part(cast.a.drivers[0], "participant", hours=f"{n / 100 + 1:.2f}") for n in range(300)]
    answer = manager.post(NEW, study(cast.a, parts=json.dumps(many)))
    assert answer.status_code == 422
    assert "同一人以同一身份登记了两次" in answer.content.decode()


def test_two_windows_do_not_overwrite_each_other(cast: Cast, manager: Client) -> None:
    manager.post(NEW, study(cast.a))
    (draft,) = drafts(cast)
    url = f"/records/{draft.id}/edit/"
    mark = manager.get(url).context["mark"]
    assert manager.post(url, study(cast.a, title="第一个窗口", mark=mark)).status_code == 302
    second = manager.post(url, study(cast.a, title="第二个窗口", mark=mark))
    assert second.status_code == 409
    assert "另一个窗口" in second.content.decode()
    assert "在新窗口查看现在保存的内容" in second.content.decode()
    assert "第二个窗口" in second.content.decode()
    assert drafts(cast)[0].title == "第一个窗口"
    again = manager.post(url, study(cast.a, title="第二个窗口", mark=second.context["mark"]))
    assert again.status_code == 302
    assert drafts(cast)[0].title == "第二个窗口"


def test_editing_after_another_window_sealed_it(cast: Cast, manager: Client) -> None:
    manager.post(NEW, study(cast.a))
    (draft,) = drafts(cast)
    with cast.acts("safety_manager"):
        duties.seal_records(record_ids=[draft.id])
    answer = manager.post(f"/records/{draft.id}/edit/", study(cast.a, title="改过的标题"))
    assert answer.status_code == 409
    assert "已封存" in answer.content.decode()
    assert "改过的标题" in answer.content.decode()
    assert manager.get(f"/records/{draft.id}/edit/")["Location"] == f"/records/{draft.id}/"


def test_a_draft_can_be_discarded_and_a_sealed_record_cannot(cast: Cast, manager: Client) -> None:
    manager.post(NEW, study(cast.a))
    manager.post(NEW, study(cast.a, title="第二份"))
    first, second = drafts(cast)
    with cast.acts("safety_manager"):
        duties.seal_records(record_ids=[first.id])
    assert manager.post(f"/records/{second.id}/discard/")["Location"] == "/records/"
    manager.post(f"/records/{first.id}/discard/")
    assert manager.get(f"/records/{second.id}/").status_code == 404
    assert "已封存" in manager.get(f"/records/{first.id}/").content.decode()


def test_files_are_attached_detached_and_kept_with_the_draft(cast: Cast, manager: Client) -> None:
    photo = SimpleUploadedFile("现场.jpg", JPEG, "image/jpeg")
    manager.post(NEW, study(cast.a, files=photo))
    (draft,) = drafts(cast)
    assert [a.name for a in draft.attachments] == ["现场.jpg"]
    wrong = manager.post(f"/records/{draft.id}/edit/", study(cast.a, title=""))
    assert "现场.jpg" in wrong.content.decode()
    manager.post(f"/records/{draft.id}/edit/", study(cast.a, detach=str(draft.attachments[0].id)))
    assert drafts(cast)[0].attachments == ()


def test_a_disguised_file_is_refused_and_nothing_is_half_saved(cast: Cast, manager: Client) -> None:
    disguised = SimpleUploadedFile("现场.jpg", b"MZ\x90\x00" + b"\x00" * 200, "image/jpeg")
    answer = manager.post(NEW, study(cast.a, files=disguised))
    assert answer.status_code == 422
    assert "可执行程序" in answer.content.decode()
    assert "十一月驾驶员安全学习" in answer.content.decode()
    assert drafts(cast) == []


def test_a_file_beyond_the_limit_is_refused_with_413(
    cast: Cast, manager: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(evidence, "LARGEST", 1 << 20)
    large = SimpleUploadedFile("录像.mp4", b"\x00" * ((1 << 20) + 1), "video/mp4")
    answer = manager.post(NEW, study(cast.a, files=large))
    assert answer.status_code == 413
    assert "“录像.mp4”超过 1 MB" in answer.content.decode()
    assert drafts(cast) == []


def test_from_a_duty_the_form_says_what_it_takes(cast: Cast, manager: Client) -> None:
    with cast.acts("safety_manager"):
        deciding.redecide(company_id=cast.a.id)
        (due,) = standing.obligations(requirement="coach.safety_manager.d3.a", states=["open"]).rows
    answer = manager.get(f"/records/new/?obligation={due.id}")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "这条记录用来证明" in page
    assert due.text in page
    assert "不少于 2 小时" in page
    assert "2026年11月驾驶员安全学习" in page
    assert f"&quot;person&quot;: {cast.a.safety_manager}, &quot;role&quot;: &quot;organiser&quot;" in page
    assert answer.context["form"]["happened_at"].value() == "2026-11-20T10:00"


def test_from_a_missed_duty_one_says_whether_it_is_made_up(cast: Cast, manager: Client) -> None:
    with cast.acts("safety_manager"):
        deciding.redecide(company_id=cast.a.id)
        missed = standing.obligations(requirement="coach.safety_manager.d3.a", states=["missed"]).rows
        october = next(row for row in missed if row.starts.isoformat() == "2026-10-01")
    url = f"/records/new/?obligation={october.id}"
    page = manager.get(url)
    assert page.context["form"]["happened_at"].value() in (None, "")
    assert "2026年10月已经过期" in page.content.decode()
    undecided = manager.post(url, study(cast.a))
    assert undecided.status_code == 422
    assert "请说明是补录还是补做" in undecided.content.decode()
    manager.post(url, study(cast.a, made="now"))
    (draft,) = drafts(cast)
    assert draft.makes_up == october.starts
    again = manager.get(f"/records/{draft.id}/edit/")
    assert again.context["form"]["made"].value() == "now"
    manager.post(f"/records/{draft.id}/edit/", study(cast.a, made="then"))
    assert drafts(cast)[0].makes_up is None


def test_a_duty_out_of_scope_is_not_found(cast: Cast, browse: Callable[[str], Client]) -> None:
    with cast.acts("other_safety_manager"):
        deciding.redecide(company_id=cast.b.id)
        theirs = standing.obligations().rows[0]
    client = browse("safety_manager")
    for asked in (str(theirs.id), "999999999", "x", "9" * 30, "-1"):
        assert client.get(f"/records/new/?obligation={asked}").status_code == 404


def test_an_answer_names_its_event(cast: Cast, manager: Client) -> None:
    with cast.acts("safety_manager"):
        event = evidence.draft_record(
            draft=meeting(
                cast.a,
                kind="key-period.declared",
                title="国庆黄金周",
                values={"type": "golden_week", "begins": "2026-11-25", "ends": "2026-11-30"},
                parts=[],
            )
        )
        duties.seal_records(record_ids=[event])
    page = manager.get("/records/new/?kind=duty.roster").content.decode()
    assert "国庆黄金周" in page
    typed = {
        "title": "国庆值班",
        "happened_at": "2026-11-19T09:00",
        "about": str(event),
        "v_arrangement": "见附表",
    }
    manager.post("/records/new/?kind=duty.roster", typed)
    (draft,) = drafts(cast)
    assert draft.about is not None
    assert draft.about.id == event


def test_a_declaration_names_the_duty_it_speaks_of(cast: Cast, manager: Client) -> None:
    with cast.acts("safety_manager"):
        deciding.redecide(company_id=cast.a.id)
        duty = standing.obligations(requirement="coach.safety_manager.r4.a", states=["open"]).rows[0]
    page = manager.get(f"/records/new/?obligation={duty.id}")
    assert page.context["form"]["attests"].value() == duty.requirement
    typed = {
        "title": "声明",
        "happened_at": "2026-11-19T09:00",
        "v_statement": "参加了三次面试",
        "parts": json.dumps([part(cast.a.safety_manager, "signer")]),
        "then": "seal",
    }
    undecided = manager.post("/records/new/?kind=attestation", typed)
    assert "请选择所声明的责任" in undecided.content.decode()
    manager.post("/records/new/?kind=attestation", typed | {"attests": duty.requirement})
    (draft,) = drafts(cast)
    assert draft.attests == duty.requirement
    review = manager.get(f"/records/{draft.id}/seal/")
    assert [outlook.requirement for outlook in review.context["proving"]] == [duty.requirement]
    wrong = manager.post("/records/new/?kind=attestation", typed | {"attests": "coach.safety_manager.d3.a"})
    assert wrong.status_code == 422


def test_several_kinds_that_prove_a_duty_are_offered(cast: Cast, manager: Client) -> None:
    with cast.acts("safety_manager"):
        deciding.redecide(company_id=cast.a.id)
        several = next(
            row
            for page in (1, 2)
            for row in standing.obligations(position="coach.safety_manager", page=page, size=200).rows
            if len(row.proof_kinds) > 1
        )
    answer = manager.get(f"/records/new/?obligation={several.id}")
    page = answer.content.decode()
    for kind in several.proof_kinds:
        assert f"/records/new/?kind={kind}&amp;obligation={several.id}" in page
    assert "/records/new/?kind=hazard.found" not in page


@pytest.mark.parametrize("typed", ["0001-01-01T00:00", "0001-01-01T00:00+14:00", "9999-12-31T23:59", "1e9"])
def test_times_out_of_all_reason_are_refused(cast: Cast, manager: Client, typed: str) -> None:
    answer = manager.post(NEW, study(cast.a, happened_at=typed, ended_at=""))
    assert answer.status_code == 422
    assert drafts(cast) == []
