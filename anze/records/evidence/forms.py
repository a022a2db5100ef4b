"""Is a draft sound? Everything that is wrong with it is found at once.

Rule 1: a draft may be incomplete, never wrong: types, choices, roles, people and dates are checked when it is
written; whatever its kind requires is asked when it is sealed.
Rule 2: nothing has happened in the future; two minutes are allowed to a phone's clock.
Rule 3: people and vehicles are the company's own, on the day it happened.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TypeVar

from django.db.models import Model, QuerySet

from anze.records.acting.context import SHANGHAI, current
from anze.records.evidence.drafts import Draft, InvalidDraft, PartInput
from anze.records.evidence.item_checks import Staff, known_rows, staff_of
from anze.records.evidence.models import Record
from anze.records.evidence.tables import TABLES, unexplained
from anze.records.evidence.values import WrongValue, canonical_value, clean_text, plain
from anze.records.fleet.models import Vehicle
from anze.records.lawbook import lawbook
from anze.records.people.models import Person
from anze.records.tenants.models import Unit
from anze.rules.catalogue.model import FOLLOW_UP, EvidenceKind, Kind, Role
from anze.rules.evidence import PERSON_SUBJECTS, Attendance
from anze.rules.results import HIGHEST, WORDS

CLOCK_SLACK = timedelta(minutes=2)
EARLIEST_YEAR = 1990
MOST_HOURS = 24
MOST_PARTS = 5000
LARGEST_ID = 2**63 - 1
M = TypeVar("M", bound=Model)
NOT_OURS = "所选{what}中有不属于本企业的，请刷新后重选。"


@dataclass(frozen=True, slots=True)
class Sound:
    """A draft that passed."""

    title: str
    hours: Decimal | None
    values: dict[str, str]
    parts: tuple[PartInput, ...]
    subjects: tuple[tuple[str, int], ...]
    valid_until: date | None


@dataclass(frozen=True, slots=True)
class Roll:
    """The company's own rows that drafts name, asked for once however many drafts there are."""

    people: Mapping[int, Person]
    vehicles: Mapping[int, Vehicle]
    units: frozenset[int]
    events: frozenset[int]  # sealed
    staff: Staff | None = None  # of drafts with lists of what somebody must do; one draft asks by itself


def roll_of(drafts: Sequence[Draft]) -> Roll:
    """At most five queries; none for what no draft names."""
    people = {part.person_id for draft in drafts for part in draft.parts}
    subjects: dict[str, set[int]] = defaultdict(set)
    for draft in drafts:
        for subject_type, subject in draft.subjects:
            subjects["person" if subject_type in PERSON_SUBJECTS else subject_type].add(subject)
    return Roll(
        _named(Person.objects.all(), people | subjects["person"]),
        _named(Vehicle.objects.all(), subjects["vehicle"]),
        frozenset(_named(Unit.objects.all(), subjects["department"])),
        _events({draft.about for draft in drafts if draft.about is not None}),
        staff_of(drafts),
    )


def sound(draft: Draft, record_id: int | None = None, *, roll: Roll | None = None) -> Sound:
    """`roll`: that of all drafts which are checked together. Raises InvalidDraft with all errors."""
    roll = roll_of([draft]) if roll is None else roll
    kind = lawbook().kinds.get(draft.kind)
    if kind is None:
        raise InvalidDraft({"kind": "没有这种记录，请重新选择。"})
    errors: dict[str, str] = {}
    title = _title(draft, errors)
    _times(draft, errors)
    values = _values(draft, kind, errors)
    hours = _hours(draft, kind, values, errors)
    day = draft.happened_at.astimezone(SHANGHAI).date()
    values = _tables(values, kind, day, roll.staff, errors)
    parts = _with_person_subjects(draft, kind, errors)
    _parts(parts, kind, day, roll, errors)
    subjects = tuple(dict.fromkeys(s for s in draft.subjects if s[0] not in PERSON_SUBJECTS))
    _subjects(subjects, kind, day, roll, errors)
    _links(draft, record_id, roll, errors)
    if errors:
        raise InvalidDraft(errors)
    return Sound(title, hours, values, parts, subjects, _valid_until(kind, values))


def missing(kind: EvidenceKind, values: dict[str, str], attachments: int) -> dict[str, str]:
    """What the kind requires and the record lacks, by the keys of InvalidDraft."""
    gaps = {
        f"values.{spec.id}": f"封存前请填写“{spec.name}”。"
        for spec in kind.fields
        if spec.required and not values.get(spec.id)
    }
    if rows := unexplained(values.get(FOLLOW_UP.id, "")):
        names = "、".join(f"“{row.what[:20]}”" for row in rows)
        gaps[f"values.{FOLLOW_UP.id}"] = f"{names}未完成的请写明措施，取消的请写明原因。"
    if kind.attachment_required and not attachments:
        gaps["attachments"] = f"“{kind.name}”须附扫描件或照片，封存前请上传。"
    return gaps


def _title(draft: Draft, errors: dict[str, str]) -> str:
    title = " ".join(clean_text(draft.title).split())
    if not title:
        errors["title"] = "请填写标题。"
    elif len(title) > 120:
        errors["title"] = f"标题最多 120 字，现有 {len(title)} 字。"
    return title


def _times(draft: Draft, errors: dict[str, str]) -> None:
    latest = current().at + CLOCK_SLACK
    if _naive(draft.happened_at) or (draft.ended_at is not None and _naive(draft.ended_at)):
        raise ValueError("a draft needs aware instants")
    if draft.happened_at > latest:
        errors["happened_at"] = "发生时间在将来：只能记录已经发生的事。"
    elif draft.happened_at.year < EARLIEST_YEAR:
        errors["happened_at"] = "发生时间的年份不合理，请检查。"
    if draft.ended_at is not None:
        if draft.ended_at < draft.happened_at:
            errors["ended_at"] = "结束时间早于发生时间。"
        elif draft.ended_at > latest:
            errors["ended_at"] = "结束时间在将来：请在结束之后再记录。"
    if draft.makes_up is not None and draft.makes_up > current().today:
        errors["makes_up"] = "补做的期间还没有开始。"


def _naive(instant: datetime) -> bool:
    return instant.tzinfo is None


def _wrong_hours(hours: Decimal) -> str | None:
    if not hours.is_finite() or not 0 < hours <= MOST_HOURS:
        return f"时长应大于 0，不超过 {MOST_HOURS} 小时。"
    return "时长最多保留两位小数。" if hours != round(hours, 2) else None


def _values(draft: Draft, kind: EvidenceKind, errors: dict[str, str]) -> dict[str, str]:
    specs = {spec.id: spec for spec in kind.fields}
    values = {}
    for name, typed in draft.values.items():
        if name not in specs:
            errors[f"values.{name}"] = f"“{kind.name}”没有这一项。"
            continue
        try:
            if value := canonical_value(specs[name], typed):
                values[name] = value
        except WrongValue as problem:
            errors[f"values.{name}"] = f"{specs[name].name}：{problem}"
    return values


def _tables(
    values: dict[str, str], kind: EvidenceKind, day: date, among: Staff | None, errors: dict[str, str]
) -> dict[str, str]:
    """People and items are looked up: whom a row names, and what it says something of."""
    for spec in kind.fields:
        if spec.type not in TABLES or spec.id not in values:
            continue
        try:
            values[spec.id] = known_rows(spec, kind, values[spec.id], day, among)
        except WrongValue as problem:
            errors[f"values.{spec.id}"] = f"{spec.name}：{problem}"
    return values


def _hours(
    draft: Draft, kind: EvidenceKind, values: dict[str, str], errors: dict[str, str]
) -> Decimal | None:
    """A kind that prints its own field "hours" and the record's hours are one number."""
    printed = any(spec.id == "hours" for spec in kind.fields)
    hours = Decimal(values["hours"]) if "hours" in values else draft.hours
    if hours is None:
        return None
    if problem := _wrong_hours(hours):
        errors["values.hours" if printed else "hours"] = problem
    elif printed:
        values["hours"] = plain(hours)
    return hours


def _with_person_subjects(draft: Draft, kind: EvidenceKind, errors: dict[str, str]) -> tuple[PartInput, ...]:
    """A driver or employee whom the record covers is a part of it, with the role of its subject."""
    parts = list(draft.parts)
    for subject_type, person in dict.fromkeys(draft.subjects):
        if subject_type in PERSON_SUBJECTS:
            if subject_type not in kind.subjects:
                errors["subjects"] = f"“{kind.name}”不登记这类对象。"
            elif not any(p.person_id == person and p.role == Role.SUBJECT for p in parts):
                parts.append(PartInput(person, Role.SUBJECT.value))
    return tuple(parts)


def _parts(
    parts: Sequence[PartInput], kind: EvidenceKind, day: date, roll: Roll, errors: dict[str, str]
) -> None:
    if not parts:
        return
    found = _first_wrong_part(parts, kind) or _strangers([p.person_id for p in parts], day, roll)
    if found:
        errors["parts"] = found


def _first_wrong_part(parts: Sequence[PartInput], kind: EvidenceKind) -> str | None:
    if len(parts) > MOST_PARTS:
        return f"一份记录最多登记 {MOST_PARTS} 人次。"
    roles = {str(role) for role in kind.roles}
    if PERSON_SUBJECTS & set(kind.subjects):
        roles.add(Role.SUBJECT.value)
    if {p.role for p in parts} - roles:
        return f"“{kind.name}”没有所选的身份，可选：{'、'.join(kind.roles.values())}。"
    if {p.attendance for p in parts} - {str(a) for a in Attendance}:
        return "到场情况只能是到场、请假或缺席。"
    if wrong := _undeclared(parts, kind):
        return wrong
    if max(Counter((p.person_id, p.role) for p in parts).values()) > 1:
        return "同一人以同一身份登记了两次。"
    wrong_hours = (wrong for p in parts if p.hours is not None and (wrong := _wrong_hours(p.hours)))
    return next((wrong for p in parts if (wrong := _wrong_result(p))), None) or next(wrong_hours, None)


def _undeclared(parts: Sequence[PartInput], kind: EvidenceKind) -> str | None:
    if not kind.attendance and any(p.attendance != Attendance.ATTENDED for p in parts):
        return f"“{kind.name}”不登记到场情况。"
    if not kind.results and any(p.score is not None or p.result for p in parts):
        return f"“{kind.name}”不登记每人的成绩。"
    return None


def _wrong_result(part: PartInput) -> str | None:
    if part.result not in ("", *WORDS):
        return "考核结果只能是合格或不合格。"
    score = part.score
    if score is None or (score.is_finite() and 0 <= score <= HIGHEST and score == round(score, 1)):
        return None
    return f"成绩应为 0 至 {HIGHEST}，最多一位小数。"


def _strangers(ids: Sequence[int], day: date, roll: Roll) -> str | None:
    wanted = set(ids)
    if wanted - roll.people.keys():
        return NOT_OURS.format(what="人员")
    away = [p.name for p in (roll.people[key] for key in wanted) if not _employed(p, day)]
    return f"{'、'.join(sorted(away)[:10])} 在 {day} 不在职，请核对人员或发生时间。" if away else None


def _employed(person: Person, day: date) -> bool:
    return person.joined_on <= day and (person.left_on is None or day < person.left_on)


def _subjects(
    subjects: Sequence[tuple[str, int]], kind: EvidenceKind, day: date, roll: Roll, errors: dict[str, str]
) -> None:
    by_type: dict[str, set[int]] = {}
    for subject_type, subject in subjects:
        by_type.setdefault(subject_type, set()).add(subject)
    for subject_type, ids in by_type.items():
        if subject_type not in kind.subjects or subject_type not in {"vehicle", "department"}:
            errors["subjects"] = f"“{kind.name}”不登记这类对象。"
        elif problem := _foreign_subject(subject_type, ids, day, roll):
            errors["subjects"] = problem


def _foreign_subject(subject_type: str, ids: set[int], day: date, roll: Roll) -> str | None:
    if subject_type == "vehicle":
        if ids - roll.vehicles.keys():
            return NOT_OURS.format(what="车辆")
        vehicles = [roll.vehicles[key] for key in ids]
        away = [v.plate for v in vehicles if day < v.since or (v.until is not None and day >= v.until)]
        return f"{'、'.join(sorted(away)[:10])} 在 {day} 不在册，请核对车辆或发生时间。" if away else None
    return NOT_OURS.format(what="部门") if ids - roll.units else None


def _links(draft: Draft, record_id: int | None, roll: Roll, errors: dict[str, str]) -> None:
    if draft.about is not None and (draft.about == record_id or draft.about not in roll.events):
        errors["about"] = "所针对的事件不存在或尚未封存。"
    if draft.attests is not None:
        try:
            requirement = lawbook().requirement(draft.attests)
        except (KeyError, ValueError):
            errors["attests"] = "没有这一项责任。"
        else:
            if requirement.kind is not Kind.ATTESTED:
                errors["attests"] = "这一项责任要由记录证明，不能只作声明。"


def _named(rows: QuerySet[M], ids: set[int]) -> dict[int, M]:
    return {row.pk: row for row in rows.filter(pk__in=_possible(ids))} if ids else {}


def _events(ids: set[int]) -> frozenset[int]:
    if not ids:
        return frozenset()
    kinds = [k.id for k in lawbook().kinds.values() if k.event]
    rows = Record.objects.filter(pk__in=_possible(ids), kind__in=kinds, status=Record.Status.SEALED)
    return frozenset(rows.values_list("pk", flat=True))


def _possible(ids: set[int]) -> list[int]:
    """What cannot be a key would fail in the database instead of finding nothing."""
    return [i for i in ids if 0 < i <= LARGEST_ID]


def _valid_until(kind: EvidenceKind, values: dict[str, str]) -> date | None:
    """The printed last day is still valid, so the proof ends the day after."""
    if kind.expires_field is None or kind.expires_field not in values:
        return None
    return date.fromisoformat(values[kind.expires_field]) + timedelta(days=1)
