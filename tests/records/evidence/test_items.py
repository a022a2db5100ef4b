"""Items are followed up by later records; voiding and revising say again what became of them."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta

import pytest

from anze.records.acting.errors import NotFound
from anze.records.duties import actions as duties
from anze.records.evidence import actions as evidence
from anze.records.evidence import item_queries as items
from anze.records.evidence import queries
from anze.records.evidence.drafts import Draft, InvalidDraft, PartInput
from anze.records.evidence.tables import items_in
from anze.records.people import queries as people
from anze.records.people.actions import NewPerson
from anze.rules.items import ItemState
from tests.cast import NOW, Cast

DAY = timedelta(days=1)


def meeting(cast: Cast, at: object = None, **values: str) -> Draft:
    return Draft(
        kind="meeting.safety",
        title="安全例会",
        happened_at=at or NOW - 30 * DAY,  # type: ignore[arg-type]
        values={"type": "regular", "minutes": "议定两件事", **values},
        parts=[PartInput(cast.a.safety_manager, "chair")],
    )


def rows(*rows: dict[str, object]) -> str:
    return json.dumps(rows)


def first_meeting(cast: Cast) -> int:
    owner = name_of(cast, cast.a.drivers[0])
    actions = rows(
        {"what": "换装灭火器", "name": owner, "due": "2026-11-10"},
        {"what": "修订值班制度", "due": "2026-12-31"},
    )
    return sealed(cast, meeting(cast, actions=actions))


def name_of(cast: Cast, person: int) -> str:
    with cast.acts("safety_manager"):
        return people.person(person).name


def sealed(cast: Cast, draft: Draft) -> int:
    with cast.acts("safety_manager"):
        record = evidence.draft_record(draft=draft)
        duties.seal_records(record_ids=[record])
    return record


def said(cast: Cast, result: str, *, which: int = 0, **more: str) -> str:
    with cast.acts("safety_manager"):
        row = items.settleable("meeting.safety")[which]
    given = {"record": row.origin, "field": row.field, "key": row.key, "what": "改过的字", "result": result}
    return rows({**given, **more})


def standing(cast: Cast) -> dict[str, ItemState]:
    with cast.acts("safety_manager"):
        return {row.what: row.state for row in items.items(standing="all").rows}


def test_open_and_overdue_with_owner_and_source(cast: Cast) -> None:
    record = first_meeting(cast)
    with cast.acts("safety_manager"):
        found = items.items_of(record)
        assert [(row.what, row.who_id, row.state) for row in found] == [
            ("换装灭火器", cast.a.drivers[0], ItemState.OVERDUE),
            ("修订值班制度", None, ItemState.OPEN),
        ]
        assert "meeting.leading-group" in found[0].settling
        assert items.counts() == {"unsettled": 2, "overdue": 1, "settled": 0}
        assert items.owners() == {cast.a.drivers[0]: found[0].who_name}
        assert items.kinds_in_use() == {"meeting.safety": "安全工作会议"}
        assert items.items(who=cast.a.drivers[0]).total == 1
        assert items.items(kind="training.plan").total == 0
        assert items.items(search="值班").total == 1


def test_the_owner_sees_it_and_the_record_that_holds_it(cast: Cast) -> None:
    record = first_meeting(cast)
    with cast.acts("driver"):
        assert [row.what for row in items.mine()] == ["换装灭火器"]
        assert items.items(standing="all").total == 1
        assert queries.record(record).id == record
    with cast.acts("clerk"):
        assert items.mine() == []
        with pytest.raises(NotFound):
            queries.record(record)
    with cast.acts("other_safety_manager"):
        assert items.items(standing="all").total == 0


def test_the_next_meeting_settles_and_voiding_it_opens_again(cast: Cast) -> None:
    first_meeting(cast)
    second = sealed(cast, meeting(cast, NOW - DAY, follow_up=said(cast, "done")))
    assert standing(cast) == {"换装灭火器": ItemState.DONE, "修订值班制度": ItemState.OPEN}
    with cast.acts("safety_manager"):
        text = next(f.display for f in queries.record(second).fields if f.id == "follow_up")
        assert text.startswith("1. 换装灭火器（HY-2026-0001）：已完成"), "the words are the item's own"
        duties.void_records(record_ids=[second], reason="记错了")
    assert standing(cast)["换装灭火器"] is ItemState.OVERDUE


def test_a_revision_of_the_settling_record_speaks_in_its_place(cast: Cast) -> None:
    first_meeting(cast)
    second = sealed(cast, meeting(cast, NOW - DAY, follow_up=said(cast, "done")))
    with cast.acts("safety_manager"):
        draft = evidence.revise_record(record_id=second)
        assert [row.what for row in items.settleable("meeting.safety", record_id=draft)] == ["修订值班制度"]
        reference = next(row for row in items.items(standing="settled").rows).reference
        offered = items.settleable("meeting.safety", record_id=draft, also=[reference])
        assert [row.what for row in offered] == ["换装灭火器", "修订值班制度"]
        key = reference.split(".")
        value = rows(
            {"record": key[0], "field": key[1], "key": key[2], "result": "unfinished", "remark": "缺货"}
        )
        evidence.edit_draft(record_id=draft, draft=meeting(cast, NOW - DAY, follow_up=value))
        duties.seal_records(record_ids=[draft])
    assert standing(cast)["换装灭火器"] is ItemState.OVERDUE


def test_a_revision_of_the_holding_record_keeps_what_was_said(cast: Cast) -> None:
    first = first_meeting(cast)
    sealed(cast, meeting(cast, NOW - DAY, follow_up=said(cast, "done")))
    with cast.acts("safety_manager"):
        draft = evidence.revise_record(record_id=first)
        one = items_in(queries.record(draft).values["actions"])[0]
        kept = [
            {"key": one.key, "what": "换装灭火器40具", "name": one.name, "due": "2026-11-10"},
            {"what": "另一件"},
        ]
        evidence.edit_draft(record_id=draft, draft=meeting(cast, actions=rows(*kept)))
        duties.seal_records(record_ids=[draft])
        assert items.items_of(first) == []
        assert {row.record_id for row in items.items(standing="all").rows} == {draft}
    assert standing(cast) == {"换装灭火器40具": ItemState.DONE, "另一件": ItemState.OPEN}
    with cast.acts("safety_manager"):
        duties.void_records(record_ids=[draft], reason="作废")
    assert standing(cast) == {}


def test_found_undone_it_may_be_put_off_but_not_without_a_measure(cast: Cast) -> None:
    first_meeting(cast)
    with cast.acts("safety_manager"):
        draft = evidence.draft_record(draft=meeting(cast, NOW - DAY, follow_up=said(cast, "unfinished")))
        with pytest.raises(InvalidDraft, match="未完成的请写明措施"):
            duties.seal_records(record_ids=[draft])
    put_off = said(cast, "unfinished", remark="等待到货", due="2026-12-10")
    sealed(cast, meeting(cast, NOW - DAY, follow_up=put_off))
    with cast.acts("safety_manager"):
        row = items.items(search="灭火器").rows[0]
    assert (row.state, row.due, row.first_due, row.postponed, row.remark) == (
        ItemState.OPEN,
        date(2026, 12, 10),
        date(2026, 11, 10),
        1,
        "等待到货",
    )


def test_only_items_that_the_kind_settles_and_the_company_has(cast: Cast) -> None:
    first_meeting(cast)
    value = said(cast, "done")
    study = Draft(
        kind="training.driver-study",
        title="安全学习",
        happened_at=NOW - DAY,
        values={"topic": "甲", "hours": "2", "follow_up": value},
    )
    with cast.acts("safety_manager"), pytest.raises(InvalidDraft, match="已不在待落实事项中"):
        evidence.draft_record(draft=study)
    foreign = replace(meeting(cast, NOW - DAY, follow_up=value), parts=[])
    with cast.acts("other_safety_manager"), pytest.raises(InvalidDraft, match="已不在待落实事项中"):
        evidence.draft_record(draft=foreign)


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ({"what": "甲", "name": "查无此人"}, "当日不在职，或姓名有误"),
        ({"what": "甲", "who": 10**15}, "不属于本企业"),
    ],
)
def test_whom_nobody_knows(cast: Cast, row: dict[str, object], problem: str) -> None:
    with cast.acts("safety_manager"), pytest.raises(InvalidDraft, match=problem):
        evidence.draft_record(draft=meeting(cast, actions=rows(row)))


def test_another_company_s_person_is_refused(cast: Cast) -> None:
    row = {"what": "甲", "who": cast.b.drivers[0]}
    with cast.acts("safety_manager"), pytest.raises(InvalidDraft, match="不属于本企业"):
        evidence.draft_record(draft=meeting(cast, actions=rows(row)))


def test_namesakes_must_be_told_apart(cast: Cast) -> None:
    name = name_of(cast, cast.a.drivers[0])
    with cast.acts("safety_manager"):
        [twin] = duties.employ(
            company_id=cast.a.id, people=[NewPerson(name=name, joined_on=date(2025, 1, 1), driver=True)]
        )
        with pytest.raises(InvalidDraft, match="2 人同名"):
            evidence.draft_record(draft=meeting(cast, actions=rows({"what": "甲", "name": name})))
        draft = evidence.draft_record(
            draft=meeting(cast, actions=rows({"what": "甲", "name": f"{name}（{twin}）"}))
        )
        assert items_in(queries.record(draft).values["actions"])[0].who == twin


def test_a_kind_that_nobody_settles_has_no_items(cast: Cast) -> None:
    with cast.acts("safety_manager"):
        assert items.settleable("attestation") == []
        assert items.settleable("no.kind") == []
