"""What a draft may say: each fault is found, and all of them at once."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from anze.records.evidence import actions, queries
from anze.records.evidence.actions import InvalidDraft, PartInput
from anze.records.evidence.sealing import mark_sealed
from anze.records.fleet import actions as fleet
from anze.records.lawbook import lawbook
from anze.records.people import actions as people
from anze.rules.catalogue.model import EvidenceKind
from tests.cast import NOW, STARTED, TODAY, Cast, meeting

DAY = timedelta(days=1)


def faults(cast: Cast, **changes: Any) -> dict[str, str]:
    with cast.acts("principal"), pytest.raises(InvalidDraft) as refusal:
        actions.draft_record(draft=meeting(cast.a, **changes))
    return refusal.value.errors


def drafted(cast: Cast, **changes: Any) -> queries.RecordDetail:
    with cast.acts("principal"):
        return queries.record(actions.draft_record(draft=meeting(cast.a, **changes)))


def test_all_faults_are_found_at_once(cast: Cast) -> None:
    found = faults(
        cast,
        title=" ",
        happened_at=NOW + DAY,
        ended_at=NOW - 9 * DAY,
        hours=Decimal(25),
        values={"topics": "字" * 6000, "nonsense": "x"},
        parts=[PartInput(cast.b.clerk, "chair")],
        subjects=[("vehicle", cast.a.vehicles[0])],
        about=10**9,
        makes_up=TODAY + DAY,
        attests="coach.nobody.d1.a",
    )
    assert set(found) == {
        "title", "happened_at", "ended_at", "hours", "values.topics", "values.nonsense", "parts", "subjects",
        "about", "makes_up", "attests",
    }  # fmt: skip
    assert all(problem.endswith("。") for problem in found.values())


def test_an_unknown_kind_is_refused(cast: Cast) -> None:
    assert faults(cast, kind="meeting.tea-party") == {"kind": "没有这种记录，请重新选择。"}


@pytest.mark.parametrize(
    ("changes", "where", "problem"),
    [
        ({"happened_at": NOW + timedelta(minutes=3)}, "happened_at", "将来"),
        ({"happened_at": NOW.replace(year=1926), "parts": []}, "happened_at", "年份"),
        ({"ended_at": NOW + timedelta(minutes=3)}, "ended_at", "将来"),
        ({"ended_at": NOW - 2 * DAY}, "ended_at", "早于"),
        ({"hours": Decimal(0)}, "hours", "大于 0"),
        ({"hours": Decimal("24.01")}, "hours", "不超过 24"),
        ({"hours": Decimal("NaN")}, "hours", "大于 0"),
        ({"hours": Decimal("1.001")}, "hours", "两位小数"),
        ({"title": "题" * 121}, "title", "最多 120 字"),
    ],
)
def test_a_single_fault_is_named(cast: Cast, changes: dict[str, Any], where: str, problem: str) -> None:
    found = faults(cast, **changes)
    assert set(found) == {where}
    assert problem in found[where]


def test_a_phones_clock_may_run_two_minutes_ahead(cast: Cast) -> None:
    assert drafted(cast, happened_at=NOW + timedelta(minutes=2)).happened_at == NOW + timedelta(minutes=2)


def test_a_naive_instant_is_a_programming_error(cast: Cast) -> None:
    with cast.acts("principal"), pytest.raises(ValueError, match="aware"):
        actions.draft_record(draft=meeting(cast.a, happened_at=NOW.replace(tzinfo=None)))


def test_records_from_before_the_system_can_be_filled_in(cast: Cast) -> None:
    detail = drafted(cast, happened_at=NOW.replace(year=2019), parts=[])
    assert detail.happened_at.year == 2019
    assert detail.captured_at == NOW


PARTS = {
    "unknown role": ([("principal", "signer", "attended", None)], "没有所选的身份"),
    "unknown attendance": ([("principal", "chair", "asleep", None)], "到场、请假或缺席"),
    "twice": ([("clerk", "participant", "attended", None)] * 2, "登记了两次"),
    "too long": ([("clerk", "participant", "attended", Decimal(25))], "不超过 24"),
}


@pytest.mark.parametrize("case", PARTS)
def test_wrong_parts_are_refused(cast: Cast, case: str) -> None:
    rows, problem = PARTS[case]
    parts = [
        PartInput(getattr(cast.a, who), role, attendance, hours) for who, role, attendance, hours in rows
    ]
    assert problem in faults(cast, parts=parts)["parts"]


def test_too_many_parts_are_refused(cast: Cast) -> None:
    parts = [PartInput(number, "participant") for number in range(1, 5002)]
    assert "最多登记 5000" in faults(cast, parts=parts)["parts"]


@pytest.mark.parametrize("person", [0, -1, 10**9, 2**63, 2**80])
def test_a_person_that_does_not_exist_is_refused(cast: Cast, person: int) -> None:
    assert "不属于本企业" in faults(cast, parts=[PartInput(person, "chair")])["parts"]


def test_attendance_is_taken_only_where_the_form_has_it(cast: Cast) -> None:
    found = faults(
        cast,
        kind="training.plan",
        values={"year": "2026"},
        parts=[PartInput(cast.a.principal, "signer", "absent")],
    )
    assert "不登记到场情况" in found["parts"]


def test_people_are_employed_on_the_day(cast: Cast) -> None:
    with cast.acts("principal"):
        people.dismiss(person_ids=[cast.a.clerk], left_on=TODAY - 5 * DAY)
    assert "冯甬 在 2026-11-19 不在职" in faults(cast)["parts"]
    assert drafted(cast, happened_at=NOW - 6 * DAY).parts
    early = NOW.replace(year=2024)
    assert "不在职" in faults(cast, happened_at=early)["parts"]


def inspection(cast: Cast, **changes: Any) -> dict[str, Any]:
    """Changes that turn the meeting into an inspection of vehicles."""
    return {
        "kind": "inspection.safety",
        "values": {"place": "停车场", "found": "0"},
        "parts": [PartInput(cast.a.principal, "inspector")],
    } | changes


def test_vehicles_and_departments_are_listed(cast: Cast) -> None:
    subjects = [
        ("vehicle", cast.a.vehicles[1]),
        ("vehicle", cast.a.vehicles[0]),
        ("department", cast.a.department),
    ]
    detail = drafted(cast, **inspection(cast, subjects=[*subjects, subjects[0]]))
    assert [(s.type, s.name) for s in detail.subjects] == [
        ("department", "安全部"), ("vehicle", "浙A10001"), ("vehicle", "浙A10002"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("subjects", "problem"),
    [
        ([("vehicle", "b.vehicle")], "车辆中有不属于本企业"),
        ([("department", "b.department")], "部门中有不属于本企业"),
        ([("vehicle", 2**70)], "车辆中有不属于本企业"),
        ([("planet", 3)], "不登记这类对象"),
        ([("driver", "a.driver")], "不登记这类对象"),
    ],
)
def test_wrong_subjects_are_refused(cast: Cast, subjects: list[tuple[str, Any]], problem: str) -> None:
    ids = {"b.vehicle": cast.b.vehicles[0], "b.department": cast.b.department, "a.driver": cast.a.drivers[0]}
    given = [(kind, ids.get(key, key)) for kind, key in subjects]
    assert problem in faults(cast, **inspection(cast, subjects=given))["subjects"]


def test_vehicles_are_in_the_fleet_on_the_day(cast: Cast) -> None:
    with cast.acts("principal"):
        fleet.retire_vehicles(vehicle_ids=[cast.a.vehicles[0]], until=TODAY - 5 * DAY)
    found = faults(cast, **inspection(cast, subjects=[("vehicle", cast.a.vehicles[0])]))
    assert "浙A10001 在 2026-11-19 不在册" in found["subjects"]


def test_a_driver_listed_as_a_subject_becomes_a_part(cast: Cast, every_type: EvidenceKind) -> None:
    driver = cast.a.drivers[0]
    detail = drafted(
        cast,
        kind=every_type.id,
        values={"text": "x"},
        parts=[],
        subjects=[("driver", driver), ("driver", driver)],
    )
    assert [(p.person_id, p.role, p.role_label) for p in detail.parts] == [(driver, "subject", "对象")]
    assert detail.subjects == ()


def test_every_type_of_field_is_kept_and_shown(cast: Cast, every_type: EvidenceKind) -> None:
    detail = drafted(
        cast,
        kind=every_type.id,
        parts=[],
        values={
            "text": "短", "longtext": "长\n长", "date": "2027-01-31", "number": "3.10", "money": "12345.60",
            "hours": "2.0", "choice": "b", "bool": "yes",
        },
    )  # fmt: skip
    assert [f.display for f in detail.fields] == [
        "短", "长\n长", "2027-01-31", "3.1", "12,345.60 元", "2 小时", "乙", "是",
    ]  # fmt: skip
    assert detail.hours == Decimal(2)
    assert detail.valid_until == date(2027, 2, 1)
    assert detail.retention_until == date(2027, 5, 19)


def test_the_forms_hours_and_the_records_hours_are_one(cast: Cast, every_type: EvidenceKind) -> None:
    detail = drafted(cast, kind=every_type.id, parts=[], values={"text": "x"}, hours=Decimal("1.50"))
    assert detail.values["hours"] == "1.5"
    found = faults(cast, kind=every_type.id, parts=[], values={"text": "x", "hours": "25"})
    assert "不超过 24" in found["values.hours"]


def test_only_a_sealed_event_can_be_answered(cast: Cast) -> None:
    notice = {
        "kind": "key-period.declared",
        "title": "春运",
        "values": {"begins": "2026-11-01", "ends": "2026-11-09"},
        "parts": [PartInput(cast.a.clerk, "recorder")],
    }
    with cast.acts("principal"):
        kinds = actions.draft_record(draft=meeting(cast.a))
        kind = lawbook().kinds["key-period.declared"]
        (choice, *_) = next(f for f in kind.fields if f.id == "type").choices
        notice["values"] = {**notice["values"], "type": choice}  # type: ignore[dict-item]
        event = actions.draft_record(draft=meeting(cast.a, **notice))
    assert set(faults(cast, about=kinds)) == {"about"}
    assert set(faults(cast, about=event)) == {"about"}
    with cast.acts("principal"):
        mark_sealed([event])
    detail = drafted(cast, about=event)
    assert detail.about is not None
    assert (detail.about.id, detail.about.number) == (event, "ZD-2026-0001")
    with cast.acts("principal"):
        assert [row.id for row in queries.events()] == [event]
    with cast.acts("other_principal"):
        assert queries.events() == []
        with pytest.raises(InvalidDraft):
            actions.draft_record(draft=meeting(cast.b, about=event))


def test_only_an_attested_duty_can_be_declared(cast: Cast) -> None:
    requirements = lawbook().positions["coach.principal"].requirements
    attested = next(r.id for r in requirements if r.reason)
    other = next(r.id for r in requirements if not r.reason)
    statement: dict[str, Any] = {
        "kind": "attestation",
        "values": {"statement": "已经做到"},
        "parts": [PartInput(cast.a.principal, "signer")],
    }
    assert "不能只作声明" in faults(cast, attests=other, **statement)["attests"]
    assert "没有这一项" in faults(cast, attests="coach.principal", **statement)["attests"]
    assert "没有这一项" in faults(cast, attests="x", **statement)["attests"]
    assert drafted(cast, attests=attested, **statement).attests == attested


def test_a_draft_may_be_incomplete_but_not_sealed(cast: Cast) -> None:
    with cast.acts("principal"):
        first = actions.draft_record(draft=meeting(cast.a, values={"topics": " "}, title="甲会"))
        second = actions.draft_record(draft=meeting(cast.a, values={}, title="乙会"))
        with pytest.raises(InvalidDraft) as refusal:
            mark_sealed([first])
        assert refusal.value.errors == {"values.topics": "封存前请填写“研究的重点、难点问题”。"}
        with pytest.raises(InvalidDraft) as refusal:
            mark_sealed([first, second])
        assert "“甲会”" in str(refusal.value)
        assert "“乙会”" in str(refusal.value)
        assert queries.record(first).status == "draft"


def test_what_was_typed_is_there_again(cast: Cast) -> None:
    detail = drafted(cast, ended_at=NOW - DAY + timedelta(hours=2), hours=Decimal("1.5"), makes_up=STARTED)
    assert detail.title == "安全生产领导小组四季度会议"
    assert detail.values == {"topics": "研究冬季行车安全", "place": "三楼会议室"}
    assert [(p.role_label, p.person_name, p.attendance_label) for p in detail.parts] == [
        ("主持人", "赵甬", "到场"),
        ("记录人", "李甬", "到场"),
        ("参会人", "冯甬", "请假"),
    ]
    assert (detail.hours, detail.makes_up, detail.status_label) == (Decimal("1.5"), STARTED, "草稿")
