"""Who was missing, and what settles it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from anze.records.acting.errors import NotFound, NotPermitted
from anze.records.duties import actions as duties
from anze.records.evidence import queries
from anze.records.evidence.actions import PartInput, draft_record, edit_draft, revise_record
from anze.records.evidence.catching_up import (
    CatchUpRow,
    NothingToCatchUp,
    catch_up_of,
    open_catch_up,
    waiting,
)
from anze.records.evidence.drafts import Draft
from tests.cast import NOW, Cast
from tests.records.evidence.rooms import study

DAY = timedelta(days=1)


def held(cast: Cast, *, days: int = 1, **changes: object) -> int:
    """Sealed: the first driver came, the second was absent, the clerk excused."""
    first, second = cast.a.drivers
    parts = [
        PartInput(cast.a.safety_manager, "organiser"),
        PartInput(first, "participant"),
        PartInput(second, "participant", "absent"),
        PartInput(cast.a.clerk, "participant", "excused"),
    ]
    with cast.acts("safety_manager"):
        draft = study(cast.a, happened_at=NOW - days * DAY, parts=parts, **changes)
        record_id = draft_record(draft=draft)
        duties.seal_records(record_ids=[record_id])
    return record_id


def caught_up(cast: Cast, draft_id: int, *present: int) -> None:
    """The session to catch up is held: those present attended, the others did not; then it is sealed."""
    with cast.acts("safety_manager"):
        detail = queries.record(draft_id)
        parts = [
            PartInput(
                p.person_id,
                p.role,
                "attended" if p.role != "participant" or p.person_id in present else "absent",
            )
            for p in detail.parts
        ]
        values = dict(detail.values) | {"hours": "2"}
        draft = Draft(detail.kind, detail.title, NOW, values=values, parts=parts, makes_up=detail.makes_up)
        edit_draft(record_id=draft_id, draft=draft)
        duties.seal_records(record_ids=[draft_id])


def listed(cast: Cast, record_id: int) -> dict[str, CatchUpRow]:
    with cast.acts("safety_manager"):
        return {row.name: row for row in catch_up_of(record_id)}


def test_who_was_missing_stands_on_the_list(cast: Cast):
    rows = listed(cast, held(cast))
    assert {name: row.attendance_label for name, row in rows.items()} == {"孙甬": "缺席", "冯甬": "请假"}
    assert not any(row.settled or row.by for row in rows.values())


def test_a_draft_has_no_list(cast: Cast):
    with cast.acts("safety_manager"):
        record_id = draft_record(
            draft=study(cast.a, parts=[PartInput(cast.a.clerk, "participant", "absent")])
        )
        assert catch_up_of(record_id) == []


def test_a_session_to_catch_up_starts_with_them_and_settles_it(cast: Cast):
    record_id, (_, second) = held(cast), cast.a.drivers
    with cast.acts("safety_manager"):
        draft_id = open_catch_up(record_id=record_id)
        detail = queries.record(draft_id)
    assert detail.title == "补课：十一月驾驶员安全学习"
    assert detail.values == {"topic": "冬季行车安全", "place": "会议室"}  # no hours, no results
    asked = {(p.person_id, p.role) for p in detail.parts}
    assert asked == {
        (cast.a.safety_manager, "organiser"),
        (second, "participant"),
        (cast.a.clerk, "participant"),
    }
    assert detail.catches_up is not None
    assert detail.catches_up.id == record_id
    assert {row.by for row in listed(cast, record_id).values()} == {draft_id}
    with cast.acts("safety_manager"), pytest.raises(NothingToCatchUp):
        open_catch_up(record_id=record_id)
    caught_up(cast, draft_id, second)
    rows = listed(cast, record_id)
    assert rows["孙甬"].settled
    assert rows["孙甬"].by == draft_id
    assert not rows["冯甬"].settled
    assert rows["冯甬"].by is None
    assert listed(cast, draft_id) == {}  # who is missing again stands on the first list
    with cast.acts("safety_manager"):
        again = open_catch_up(record_id=record_id)
        assert {p.person_id for p in queries.record(again).parts if p.role == "participant"} == {cast.a.clerk}


def test_a_void_session_settles_nothing(cast: Cast):
    record_id, (_, second) = held(cast), cast.a.drivers
    with cast.acts("safety_manager"):
        draft_id = open_catch_up(record_id=record_id)
    caught_up(cast, draft_id, second)
    with cast.acts("safety_manager"):
        duties.void_records(record_ids=[draft_id], reason="登记错误")
    assert not listed(cast, record_id)["孙甬"].settled


def test_a_revised_session_keeps_who_has_caught_up(cast: Cast):
    record_id, (_, second) = held(cast), cast.a.drivers
    with cast.acts("safety_manager"):
        draft_id = open_catch_up(record_id=record_id)
    caught_up(cast, draft_id, second)
    with cast.acts("safety_manager"):
        revised = revise_record(record_id=record_id)
        duties.seal_records(record_ids=[revised])
        further = open_catch_up(record_id=revised)
    assert listed(cast, revised)["孙甬"].settled
    assert listed(cast, record_id) == {}  # superseded
    caught_up(cast, further, cast.a.clerk)
    assert listed(cast, revised)["冯甬"].settled


def test_in_the_same_month_it_counts_as_such_later_it_makes_up(cast: Cast):
    with cast.acts("safety_manager"):
        now = queries.record(open_catch_up(record_id=held(cast)))
        late = queries.record(open_catch_up(record_id=held(cast, days=40)))
    assert now.makes_up is None
    assert late.makes_up == date(2026, 10, 1)


def test_everybody_who_waits_in_the_company(cast: Cast):
    older, newer = held(cast, days=40), held(cast)
    held(cast, days=500)  # too long ago
    with cast.acts("safety_manager"):
        found = waiting(cast.a.id)
        draft_id = open_catch_up(record_id=newer)
    assert [(row.record_id, row.name) for row in found] == [
        (newer, "冯甬"),
        (newer, "孙甬"),
        (older, "冯甬"),
        (older, "孙甬"),
    ]
    caught_up(cast, draft_id, *cast.a.drivers, cast.a.clerk)
    with cast.acts("safety_manager"):
        assert {row.record_id for row in waiting(cast.a.id)} == {older}
        assert waiting(cast.b.id) == []
    with cast.acts("driver"), pytest.raises(NotPermitted):
        waiting(cast.a.id)


def test_another_companys_session_is_not_found(cast: Cast):
    record_id = held(cast)
    with cast.acts("other_safety_manager"):
        for ask in (catch_up_of, lambda key: open_catch_up(record_id=key)):
            with pytest.raises(NotFound):
                ask(record_id)
