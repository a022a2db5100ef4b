"""A new record begins with an earlier one: what comes over, and what never does."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from anze.records.acting.errors import NotFound
from anze.records.duties import actions as duties
from anze.records.evidence import actions as evidence
from anze.records.evidence import copying, item_queries
from anze.records.evidence.copying import Likeness
from anze.records.evidence.drafts import Draft, PartInput
from anze.records.lawbook import lawbook
from tests.cast import NOW, TODAY, Cast

DAY = timedelta(days=1)
LAST_MONTH = NOW - 30 * DAY  # 21 October


def sealed(cast: Cast, draft: Draft) -> int:
    with cast.acts("safety_manager"):
        record = evidence.draft_record(draft=draft)
        duties.seal_records(record_ids=[record])
    return record


def like(
    cast: Cast, record: int, kind: str, *, whole: bool = False, member: str = "safety_manager"
) -> Likeness:
    with cast.acts(member):
        return copying.likeness(record, lawbook().kinds[kind], whole=whole)


def plan(cast: Cast) -> Draft:
    rows = [
        {"what": "冬季行车", "due": "2026-11-10", "class_hours": "2"},
        {"what": "防御性驾驶", "due": "2026-12-10"},
    ]
    return Draft(
        kind="training.plan",
        title="2026年10月培训计划",
        happened_at=LAST_MONTH,
        values={"year": "2026", "content": "两次集中学习", "sessions": json.dumps(rows)},
        parts=[PartInput(cast.a.principal, "signer"), PartInput(cast.a.safety_manager, "organiser")],
    )


def settle_first(cast: Cast, record: int) -> None:
    with cast.acts("safety_manager"):
        row = item_queries.items_of(record)[0]
    said = [{"record": row.origin, "field": row.field, "key": row.key, "what": row.what, "result": "done"}]
    sealed(
        cast,
        Draft(
            kind="training.plan-review",
            title="计划检查",
            happened_at=NOW - DAY,
            values={"done": "办了一次", "follow_up": json.dumps(said)},
            parts=[PartInput(cast.a.principal, "inspector")],
        ),
    )


def test_open_items_come_over_without_their_days(cast: Cast) -> None:
    record = sealed(cast, plan(cast))
    settle_first(cast, record)
    found = like(cast, record, "training.plan")
    assert json.loads(found.values["sessions"]) == [{"what": "防御性驾驶"}]
    assert (found.carried, found.settled) == (("防御性驾驶",), 1)
    assert found.title == "2026年11月培训计划"
    assert found.values["content"] == "两次集中学习"
    assert [(p.id, p.role) for p in found.parts] == [
        (cast.a.principal, "signer"),
        (cast.a.safety_manager, "organiser"),
    ]


def test_settled_items_come_over_where_they_are_asked_for(cast: Cast) -> None:
    record = sealed(cast, plan(cast))
    settle_first(cast, record)
    found = like(cast, record, "training.plan", whole=True)
    assert [row["what"] for row in json.loads(found.values["sessions"])] == ["冬季行车", "防御性驾驶"]
    assert (found.carried, found.settled) == (("防御性驾驶",), 0)


def meeting(cast: Cast) -> Draft:
    return Draft(
        kind="meeting.safety",
        title="十月安全例会",
        happened_at=LAST_MONTH,
        ended_at=LAST_MONTH + timedelta(hours=2),
        values={
            "type": "regular",
            "minutes": "议定一件事",
            "actions": json.dumps([{"what": "换装灭火器", "due": "2026-11-10"}]),
        },
        parts=[
            PartInput(cast.a.safety_manager, "chair"),
            PartInput(cast.a.drivers[0], "participant", "absent"),
            PartInput(cast.a.drivers[1], "participant"),
        ],
    )


def test_a_meeting_follows_up_in_its_own_field_and_takes_nobodys_attendance(cast: Cast) -> None:
    found = like(cast, sealed(cast, meeting(cast)), "meeting.safety")
    assert "actions" not in found.values
    assert (found.follows, found.carried, found.settled) == (True, (), 0)
    assert [p.id for p in found.parts] == [cast.a.safety_manager]
    assert {p.id for p in found.attended} == set(cast.a.drivers)
    assert found.title == "十一月安全例会"


def test_days_and_hours_never_come_over_and_whoever_left_is_named(cast: Cast) -> None:
    insured = Draft(
        kind="vehicle.insurance",
        title="交强险",
        happened_at=LAST_MONTH,
        values={"type": "compulsory", "insurer": "某公司", "expires": "2027-10-20"},
        parts=[PartInput(cast.a.drivers[0], "recorder")],
        subjects=[("vehicle", key) for key in cast.a.vehicles],
    )
    record = sealed(cast, insured)
    with cast.acts("safety_manager"):
        duties.retire_vehicles(vehicle_ids=[cast.a.vehicles[1]], until=TODAY)
        duties.dismiss(person_ids=[cast.a.drivers[0]], left_on=TODAY)
    found = like(cast, record, "vehicle.insurance")
    assert found.values == {"type": "compulsory", "insurer": "某公司"}
    assert [s.id for s in found.subjects] == [cast.a.vehicles[0]]
    assert found.parts == ()
    assert len(found.gone) == 2


def test_tables_that_nobody_settles_and_departments_come_over(cast: Cast) -> None:
    letter = Draft(
        kind="target.letter",
        title="2026年度责任书",
        happened_at=LAST_MONTH,
        values={"year": "2026", "targets": json.dumps([{"what": "死亡人数", "limit": "0"}])},
        parts=[PartInput(cast.a.principal, "signer"), PartInput(cast.a.clerk, "subject")],
        subjects=[("department", cast.a.department)],
    )
    found = like(cast, sealed(cast, letter), "target.letter")
    assert json.loads(found.values["targets"]) == [{"what": "死亡人数", "limit": "0"}]
    assert found.settled == 0
    assert [(s.role, s.id) for s in found.subjects] == [("department", cast.a.department)]


def test_drafts_other_kinds_and_other_companies_lend_nothing(cast: Cast) -> None:
    record = sealed(cast, plan(cast))
    with pytest.raises(NotFound):
        like(cast, record, "meeting.safety")
    with pytest.raises(NotFound):
        like(cast, record, "training.plan", member="other_safety_manager")
    with cast.acts("safety_manager"):
        draft = evidence.draft_record(draft=plan(cast))
    with pytest.raises(NotFound):
        like(cast, draft, "training.plan")


def test_the_newest_of_the_kind(cast: Cast) -> None:
    kind = lawbook().kinds["meeting.safety"]
    with cast.acts("safety_manager"):
        assert copying.latest(kind) is None
    record = sealed(cast, meeting(cast))
    with cast.acts("safety_manager"):
        newest = copying.latest(kind)
        assert newest is not None
        assert newest.id == record
    with cast.acts("other_safety_manager"):
        assert copying.latest(kind) is None
