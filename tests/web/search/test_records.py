"""Searching all records of a company: what is found, by what, page after page, and what stays hidden."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import quote

import pytest
from django.test import Client

from anze.records.duties import actions as duties
from anze.records.evidence import searching
from anze.records.evidence.actions import Draft, PartInput, draft_record
from tests.cast import NOW, Cast, meeting
from tests.web.conftest import Browse, seal_study, statements

PAGE = "/search/records/"


def sealed(cast: Cast, member: str = "safety_manager", **changes: object) -> int:
    company = cast.b if member.startswith("other_") else cast.a
    with cast.acts(member):
        record_id = draft_record(draft=meeting(company, **changes))
        duties.seal_records(record_ids=[record_id])
    return record_id


def inspected(cast: Cast) -> int:
    with cast.acts("safety_manager"):
        draft = Draft(
            kind="inspection.safety",
            title="车站检查",
            happened_at=NOW - timedelta(days=2),
            values={"scope": "daily", "place": "东站", "found": "0", "findings": "灭火器型号ABC-8过期"},
            parts=[PartInput(cast.a.safety_manager, "inspector")],
            subjects=[("vehicle", cast.a.vehicles[0])],
        )
        record_id = draft_record(draft=draft)
        duties.seal_records(record_ids=[record_id])
    return record_id


def shown(client: Client, text: str, more: str = "", at: str = PAGE) -> list[tuple[str, str, str]]:
    """Title, where it stands, and what is marked."""
    response = client.get(f"{at}?q={quote(text)}{more}")
    assert response.status_code == 200
    return [(each.record.title, each.where, each.hit) for each in response.context["found"]]


@pytest.mark.parametrize(
    ("text", "where", "hit"),
    [
        ("四季度", "", "四季度"),
        ("ld-2026-0001", "编号", "LD-2026-0001"),
        ("ＬＤ－２０２６", "编号", "LD-2026"),
        ("冬季行车", "研究的重点、难点问题", "冬季行车"),
        ("冯甬", "人员", "冯甬"),
    ],
)
def test_a_meeting_is_found_by_all_that_it_says(
    decided: Cast, manager: Client, text: str, where: str, hit: str
) -> None:
    sealed(decided)
    assert shown(manager, text) == [("安全生产领导小组四季度会议", where, hit)]


@pytest.mark.parametrize(
    ("text", "where"),
    [("浙A10001", "涉及"), ("浙A·10001", "涉及"), ("ABC-8", "检查情况"), ("东站", "检查的场所或车辆")],
)
def test_plates_and_letters_in_fields_are_found(
    decided: Cast, manager: Client, text: str, where: str
) -> None:
    inspected(decided)
    ((title, found, _),) = shown(manager, text)
    assert (title, found) == ("车站检查", where)


@pytest.mark.parametrize("text", ["findings", "daily_", "scope", "没有这样的内容", "%", "_"])
def test_keys_of_fields_and_wildcards_are_no_content(decided: Cast, manager: Client, text: str) -> None:
    inspected(decided)
    assert shown(manager, text) == []


def test_kind_and_period_narrow_it(decided: Cast, manager: Client) -> None:
    sealed(decided)
    inspected(decided)
    seal_study(decided, decided.a)
    assert len(shown(manager, "安")) == 2
    assert [t for t, *_ in shown(manager, "安", "&kind=training.driver-study")] == ["驾驶员安全学习"]
    assert shown(manager, "安", "&since=2026-11-20") == []
    assert len(shown(manager, "车站", "&since=2026-11-18&until=2026-11-18")) == 1
    assert shown(manager, "车站", "&until=2026-11-17") == []


def test_drafts_are_not_in_it_and_void_ones_are_marked(decided: Cast, manager: Client) -> None:
    record_id = sealed(decided)
    with decided.acts("safety_manager"):
        draft_record(draft=meeting(decided.a, title="四季度草稿"))
        duties.void_records(record_ids=[record_id], reason="写错")
    page = manager.get(f"{PAGE}?q=四季度").content.decode()
    assert "四季度草稿" not in page
    assert "已作废" in page


def test_pages_follow_each_other_without_gap_or_repetition(
    decided: Cast, manager: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searching, "PAGE", 3)
    at = NOW - timedelta(days=3)
    ids = [sealed(decided, happened_at=at - timedelta(days=n // 4)) for n in range(8)]
    url, seen = f"{PAGE}?q=四季度", []
    while url:
        response = manager.get(url)
        seen += [each.record.id for each in response.context["found"]]
        url = response.context["next"]
    assert seen == [ids[i] for i in (3, 2, 1, 0, 7, 6, 5, 4)]
    assert response.context["first"] == f"{PAGE}?q=%E5%9B%9B%E5%AD%A3%E5%BA%A6"
    for broken in ("x", "1-", "-1", "9" * 30 + "-1", "1-²"):
        assert len(manager.get(f"{PAGE}?q=四季度&after={broken}").context["found"]) == 3


def test_a_long_text_is_cut_around_what_was_found_and_never_markup(decided: Cast, manager: Client) -> None:
    sealed(decided, values={"topics": "甲" * 300 + "<b>冰雪路面</b>" + "乙" * 300, "place": "会议室"})
    response = manager.get(f"{PAGE}?q=冰雪")
    (found,) = response.context["found"]
    assert found.before.startswith("…")
    assert found.behind.endswith("…")
    assert len(found.before) + len(found.behind) < 80
    page = response.content.decode()
    assert "&lt;b&gt;<mark>冰雪</mark>路面" in page


def test_everybody_finds_only_what_they_may_see(decided: Cast, browse: Browse, officer: Client) -> None:
    sealed(decided)
    sealed(decided, "other_safety_manager", title="对面公司的四季度会议")
    assert len(shown(browse("safety_manager"), "四季度")) == 1
    assert len(shown(browse("clerk"), "四季度")) == 1  # invited
    assert shown(browse("driver"), "四季度") == []
    at = f"/bureau/companies/{decided.b.id}{PAGE}"
    assert [t for t, *_ in shown(officer, "四季度", at=at)] == ["对面公司的四季度会议"]
    assert shown(officer, "冯甬", at=at) == []


def test_a_filter_that_cannot_be_read_is_named(decided: Cast, manager: Client) -> None:
    for query in ("&since=昨天", "&kind=no.such", "&since=2026-11-20&until=2026-11-01"):
        response = manager.get(f"{PAGE}?q=会议{query}")
        assert response.status_code == 400
        assert "callout-error" in response.content.decode()


def test_nothing_asked_says_what_to_ask(manager: Client) -> None:
    assert "输入要找的内容" in manager.get(PAGE).content.decode()


def test_a_page_takes_as_many_queries_for_one_as_for_many(decided: Cast, manager: Client) -> None:
    sealed(decided)
    one = statements(manager, f"{PAGE}?q=冯甬")
    for _ in range(4):
        sealed(decided)
    assert statements(manager, f"{PAGE}?q=冯甬") == one


def test_a_name_that_everybody_has_names_nobody(
    decided: Cast, manager: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    sealed(decided)
    monkeypatch.setattr(searching, "MOST_NAMED", 2)
    assert shown(manager, "甬") == []
