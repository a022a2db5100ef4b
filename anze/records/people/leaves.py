"""Leave (请假) and suspension (停岗): days on which a person is away and stands in for nobody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q

from anze.records.acting.errors import NotFound, Refused
from anze.records.acting.permissions import require
from anze.records.journal.actions import Row, append, digest_of
from anze.records.people.models import Leave, Person

LEAVE_KINDS = {"leave": "请假", "suspension": "停岗"}


class DeputyAway(Refused):
    """The deputy is on leave on some of the days."""


class AlreadyAway(Refused):
    """The person is away on some of these days."""


@dataclass(frozen=True, slots=True)
class LeaveRow:
    id: int
    person_id: int
    person_name: str
    kind: str
    kind_name: str
    since: date
    until: date | None  # the first day back
    reason: str


def take_leave(*, person_id: int, kind: str, since: date, until: date | None, reason: str) -> int:
    """The leave's id. Posts stay held; covers given to this person rest meanwhile. Raises AlreadyAway."""
    require("manage_people")
    person = Person.objects.select_for_update().filter(pk=person_id).first()
    if person is None:
        raise NotFound("没有这个人员。")
    _check(person, kind, since, until, reason)
    if away := away_during(person_id, since, until):
        raise AlreadyAway(f"{person.name} 已登记{said(away)}，期间重叠。")
    row = Leave(
        company_id=person.company_id,
        person=person,
        kind=kind,
        since=since,
        until=until,
        reason=reason.strip(),
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        raise AlreadyAway(f"{person.name} 在这段时间刚刚已被登记为请假或停岗。") from None
    append(action="people.take_leave", rows=[_row(row, person)], company_id=person.company_id)
    return row.pk


def end_leave(*, leave_id: int, until: date) -> int:
    """`until`: the first day back; on the first day of the leave, the leave never was. The person's id."""
    require("manage_people")
    row = Leave.objects.select_for_update().filter(pk=leave_id).first()
    if row is None:
        raise NotFound("没有这条请假。")
    if until < row.since:
        raise Refused(f"返岗日期不能早于请假开始日期 {row.since}。")
    if row.until is not None and row.until < until:
        raise Refused(f"这次{LEAVE_KINDS[row.kind]}已于 {row.until} 结束；要延长请另登记一次。")
    person = Person.objects.get(pk=row.person_id)
    key = row.pk
    if until == row.since:
        row.delete()
        row.pk = key
    else:
        row.until = until
        row.save()
    row.until = until
    append(action="people.end_leave", rows=[_row(row, person)], company_id=row.company_id)
    return person.pk


def away_during(person_id: int, since: date, until: date | None) -> LeaveRow | None:
    """The first leave that shares a day with the span."""
    rows = Leave.objects.filter(Q(until=None) | Q(until__gt=since), person=person_id)
    if until is not None:
        rows = rows.filter(since__lt=until)
    found = rows.select_related("person").order_by("since").first()
    return None if found is None else _leave_row(found)


def leaves(
    *, person_id: int | None = None, on: date | None = None, company_id: int | None = None
) -> list[LeaveRow]:
    """In scope, newest first; all periods unless a day is named."""
    rows = Leave.objects.select_related("person").order_by("-since", "-pk")
    if company_id is not None:
        rows = rows.filter(company=company_id)
    if person_id is not None:
        rows = rows.filter(person=person_id)
    if on is not None:
        rows = rows.filter(Q(until=None) | Q(until__gt=on), since__lte=on)
    return [_leave_row(row) for row in rows]


def said(away: LeaveRow) -> str:
    """自 2026-11-03 至 2026-11-09 请假; both days included."""
    if away.until is None:
        return f"自 {away.since} 起{away.kind_name}"
    return f"自 {away.since} 至 {away.until - timedelta(days=1)} {away.kind_name}"


def _check(person: Person, kind: str, since: date, until: date | None, reason: str) -> None:
    if kind not in LEAVE_KINDS:
        raise Refused("类型只能是：" + "、".join(LEAVE_KINDS.values()) + "。")
    if until is not None and until <= since:
        raise Refused("返岗日期应晚于开始日期。")
    if not reason.strip() or len(reason.strip()) > 200:
        raise Refused("请写明事由（不超过 200 字）。")
    gone = person.left_on is not None and (since >= person.left_on or until is None or until > person.left_on)
    if since < person.joined_on or gone:
        raise Refused(f"{person.name} 在这段时间不全在职，请核对起止日期。")


def _row(row: Leave, person: Person) -> Row:
    content = [person.salt, row.person_id, row.kind, str(row.since), str(row.until), row.reason]
    return "people.leave", row.pk, digest_of(content)


def _leave_row(row: Leave) -> LeaveRow:
    return LeaveRow(
        id=row.pk,
        person_id=row.person_id,
        person_name=row.person.name,
        kind=row.kind,
        kind_name=LEAVE_KINDS[row.kind],
        since=row.since,
        until=row.until,
        reason=row.reason,
    )
