"""Items on the pages: entered in a form, seen by their owner, followed up by the next meeting."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from anze.records.evidence import queries as records
from anze.records.lawbook import lawbook
from anze.records.people import queries as people
from anze.web.records.tables import ItemsWidget
from tests.cast import NOW, Cast
from tests.web.conftest import Browse

MEETING = "/records/new/?kind=meeting.safety"


def text(answer: Any) -> str:
    return str(answer.content.decode())


@pytest.fixture
def owner(decided: Cast) -> str:
    with decided.acts("safety_manager"):
        return people.person(decided.a.drivers[0]).name


def typed(days_ago: int, **more: str) -> dict[str, str]:
    at = (NOW - timedelta(days=days_ago)).strftime("%Y-%m-%dT%H:%M")
    return {
        "title": "安全例会",
        "happened_at": at,
        "v_type": "regular",
        "v_minutes": "议定",
        "then": "draft",
        **more,
    }


def rows(owner: str) -> dict[str, str]:
    return {
        "v_actions-0-key": "",
        "v_actions-0-what": "换装灭火器",
        "v_actions-0-name": owner,
        "v_actions-0-due": "2026-11-10",
        "v_actions-0-measure": "",
        "v_actions-1-what": "",
        "v_actions-7-what": "修订值班制度",
        "v_actions-7-due": "2026-12-31",
    }


def parts(cast: Cast) -> dict[str, str]:
    return {"parts": f'[{{"person": {cast.a.safety_manager}, "role": "chair"}}]'}


@pytest.fixture
def first(browse: Browse, decided: Cast, owner: str) -> int:
    manager = browse("safety_manager")
    manager.post(MEETING, typed(30, **rows(owner), **parts(decided)))
    with decided.acts("safety_manager"):
        record = records.records(kind="meeting.safety").rows[0].id
    seal(browse, record)
    return record


def seal(browse: Browse, record: int) -> None:
    manager, page = browse("safety_manager"), f"/records/{record}/seal/"
    review = text(manager.get(page))
    mark = review.split('name="mark" value="')[1].split('"')[0]
    assert manager.post(page, {"mark": mark}).status_code == 302


def test_the_record_shows_how_each_item_stands(browse: Browse, first: int, owner: str) -> None:
    page = text(browse("safety_manager").get(f"/records/{first}/"))
    assert "事项和落实情况" in page
    assert "换装灭火器" in page
    assert "已超期" in page
    printed = text(browse("safety_manager").get(f"/records/{first}/print/"))
    assert f"换装灭火器｜责任人 {owner}｜完成期限 2026-11-10" in printed


def test_the_owner_finds_it_on_the_workbench(browse: Browse, first: int) -> None:
    home = text(browse("driver").get("/"))
    assert "要我落实的事项" in home
    assert "换装灭火器" in home
    assert "修订值班制度" not in home
    assert "修订值班制度" not in text(browse("driver").get("/items/?standing=all"))
    assert browse("driver").get(f"/records/{first}/").status_code == 200


def test_the_company_s_list_is_filtered_and_exported(browse: Browse, decided: Cast, first: int) -> None:
    manager = browse("safety_manager")
    page = text(manager.get("/items/"))
    assert "换装灭火器" in page
    assert "kind=meeting.safety#id_v_follow_up" in page
    assert "修订值班制度" not in text(manager.get("/items/?standing=overdue"))
    assert "换装灭火器" not in text(manager.get("/items/?q=值班"))
    assert "修订值班制度" not in text(manager.get(f"/items/?who={decided.a.drivers[0]}"))
    assert "没有符合条件的事项" in text(manager.get("/items/?kind=meeting.safety&q=没有"))
    assert "还没有了结的事项" in text(manager.get("/items/?standing=settled"))
    assert manager.get("/items/?standing=no").status_code == 400
    csv = b"".join(manager.get("/items/export.csv?standing=overdue").streaming_content).decode("utf-8-sig")
    assert "换装灭火器" in csv
    assert "修订值班制度" not in csv
    assert browse("officer").get("/items/").status_code == 403
    assert "目前没有待落实的事项" in text(browse("other_safety_manager").get("/items/"))


def test_an_officer_reads_the_company_s_items_and_settles_none(
    browse: Browse, decided: Cast, first: int
) -> None:
    officer, at = browse("officer"), f"/bureau/companies/{decided.a.id}"
    page = text(officer.get(f"{at}/items/"))
    assert "换装灭火器" in page
    assert f"{at}/items/?standing=overdue" in page
    assert "/records/new/" not in page
    assert "/records/kinds/" not in page
    csv = b"".join(officer.get(f"{at}/items/export.csv").streaming_content).decode("utf-8-sig")
    assert "换装灭火器" in csv
    other = text(officer.get(f"/bureau/companies/{decided.b.id}/items/"))
    assert "目前没有待落实的事项" in other
    assert browse("stranger_officer").get(f"{at}/items/").status_code == 404
    assert f"{at}/items/" in text(officer.get(f"{at}/"))


def test_the_next_meeting_lists_warns_and_settles(browse: Browse, decided: Cast, first: int) -> None:
    manager = browse("safety_manager")
    form = text(manager.get(MEETING))
    assert "共 2 项待落实" in form
    manager.post(MEETING, typed(1, **parts(decided)))
    with decided.acts("safety_manager"):
        second = records.records(kind="meeting.safety").rows[0].id
    assert "还有 2 项以往事项没有写明落实情况" in text(manager.get(f"/records/{second}/seal/"))
    reference = form.split('v_follow_up-0-key" value="')[1].split('"')[0]
    said = {
        "v_follow_up-0-record": str(first),
        "v_follow_up-0-field": "actions",
        "v_follow_up-0-key": reference,
        "v_follow_up-0-result": "done",
        "v_follow_up-0-remark": "已全部换装",
    }
    answer = manager.post(f"/records/{second}/edit/", typed(1, **parts(decided), **said))
    assert answer.status_code == 302
    assert "还有 1 项以往事项" in text(manager.get(f"/records/{second}/seal/"))
    seal(browse, second)
    assert "换装灭火器" not in text(manager.get("/items/"))
    settled = text(manager.get("/items/?standing=settled"))
    assert "已全部换装" in settled
    assert "换装灭火器（HY-2026-0001）：已完成，说明：已全部换装" in text(manager.get(f"/records/{second}/"))


def test_what_was_typed_wrongly_is_kept(browse: Browse, decided: Cast, owner: str) -> None:
    wrong = {**rows(owner), "v_actions-0-name": "查无此人"}
    answer = browse("safety_manager").post(MEETING, typed(1, **wrong, **parts(decided)))
    assert answer.status_code == 422
    page = text(answer)
    assert "第 1 行的责任人“查无此人”" in page
    assert "换装灭火器" in page
    assert 'value="查无此人"' in page


def test_what_cannot_be_read_shows_no_rows(browse: Browse) -> None:
    spec = next(s for s in lawbook().kinds["meeting.safety"].fields if s.type == "items")
    widget = ItemsWidget(spec, {1: "张伟", 2: "张伟"})
    assert 'value="张伟（1）"' in widget.render("v_actions", '[{"what": "甲", "who": 1, "key": "0123abcd"}]')
    assert "甲" not in widget.render("v_actions", "{坏")


def test_what_is_not_done_needs_its_measure_before_one_goes_on_to_seal(
    browse: Browse, decided: Cast, first: int
) -> None:
    manager = browse("safety_manager")
    reference = text(manager.get(MEETING)).split('v_follow_up-0-key" value="')[1].split('"')[0]
    said = {
        "v_follow_up-0-record": str(first),
        "v_follow_up-0-field": "actions",
        "v_follow_up-0-key": reference,
        "v_follow_up-0-result": "unfinished",
    }
    going_on = typed(1, **parts(decided), **said) | {"then": "seal"}
    answer = manager.post(MEETING, going_on)
    assert answer.status_code == 422
    assert "未完成的请写明措施，取消的请写明原因。" in text(answer)
    measured = going_on | {"v_follow_up-0-remark": "备件已订"}
    assert manager.post(MEETING, measured).status_code == 302
    assert manager.post(MEETING, typed(1, **parts(decided), **said)).status_code == 302  # a draft may wait
