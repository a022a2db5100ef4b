"""A company adds a demand of its own to a post, and ends it. `records/duties` decides afterwards."""

from __future__ import annotations

from datetime import date

from anze.records.acting.context import current
from anze.records.acting.errors import NotFound, Refused
from anze.records.acting.permissions import require
from anze.records.demands.models import OwnDemand
from anze.records.demands.queries import demand_of
from anze.records.journal.actions import append, digest_of
from anze.records.lawbook import lawbook
from anze.records.tenants.queries import company
from anze.rules.catalogue.model import EvidenceKind, Role
from anze.rules.duties import own
from anze.rules.duties.own import Asking

MOST_TIMES = 366
LONGEST = 200
LARGEST_ID = 2**63 - 1
PERSONS = {"driver": "驾驶员", "employee": "从业人员"}
THINGS = {"vehicle": "车辆", "department": "部门"}


class NotProvable(Refused):
    """Records of this kind cannot say what is asked."""


def add(*, company_id: int, demand: Asking, reason: str) -> own.OwnDemand:
    """Raises Refused, NotProvable."""
    require("commit")
    scope = current()
    _check(company_id, demand, reason)
    row = OwnDemand.objects.create(
        company_id=company_id,
        position=demand.position,
        text=demand.text.strip(),
        every=demand.every.value,
        times=demand.times,
        record_kind=demand.record_kind,
        role=demand.role.value if demand.role else None,
        subject=demand.subject,
        since=demand.since,
        ends=demand.ends,
        reason=reason.strip(),
        decided_by=scope.actor.name,
        decided_at=scope.at,
    )
    scope.memo.clear()
    _note("demand.add", row, reason)
    return demand_of(row)


def end(*, demand_id: int, ends: date, reason: str) -> own.OwnDemand:
    """From a day on it is asked no more. Raises NotFound, Refused."""
    require("commit")
    scope = current()
    real = 0 < demand_id <= LARGEST_ID
    row = OwnDemand.objects.select_for_update().filter(pk=demand_id).first() if real else None
    if row is None:
        raise NotFound("没有这项企业自定要求。")
    if not reason.strip():
        raise Refused("请写明理由。")
    if row.ends is not None and row.ends <= ends:
        raise Refused("这项要求在那一天之前已经结束。")
    if ends < scope.today:
        raise Refused("结束日期不能早于今天。")
    if ends <= row.since:
        raise Refused("结束日期应晚于起始日期。")
    row.ends, row.end_reason = ends, reason.strip()
    row.ended_by, row.ended_at = scope.actor.name, scope.at
    row.save()
    scope.memo.clear()
    _note("demand.end", row, reason)
    return demand_of(row)


def _check(company_id: int, demand: Asking, reason: str) -> None:
    known = lawbook().positions.get(demand.position)
    if known is None or known.trade != company(company_id).trade:
        raise NotFound("没有这个岗位。")
    kind = lawbook().kinds.get(demand.record_kind)
    if kind is None:
        raise NotFound("没有这类记录。")
    _check_words(demand.text, reason, demand.times)
    _check_days(demand.since, demand.ends)
    _check_proof(kind, demand.role, demand.subject)


def _check_words(text: str, reason: str, times: int) -> None:
    if not text.strip():
        raise Refused("请写明要求的内容。")
    if not reason.strip():
        raise Refused("请写明依据，例如制度名称和文号。")
    if len(text.strip()) > LONGEST or len(reason.strip()) > LONGEST:
        raise Refused("内容和依据各不超过200字。")
    if not 1 <= times <= MOST_TIMES:
        raise Refused("请填写频次：每多久至少几次。")


def _check_days(since: date, ends: date | None) -> None:
    if since < current().today:
        raise Refused("起始日期不能早于今天：已经过去的日子不能事后要求。")
    if ends is not None and ends <= since:
        raise Refused("结束日期应晚于起始日期。")


def _check_proof(kind: EvidenceKind, role: Role | None, subject: str | None) -> None:
    if role is not None and role not in kind.roles:
        offered = "、".join(kind.roles.values()) or "无"
        raise NotProvable(f"“{kind.name}”中没有这种身份，可选：{offered}。")
    if subject in THINGS and subject not in kind.subjects:
        raise NotProvable(f"“{kind.name}”不逐一列明{THINGS[subject]}，不能用来逐一证明。")
    if subject in PERSONS and not {Role.PARTICIPANT, Role.SUBJECT}.intersection(kind.roles):
        raise NotProvable(f"“{kind.name}”不记参加的人和当事人，不能用来逐一证明{PERSONS[subject]}。")
    if subject is not None and subject not in {*PERSONS, *THINGS}:
        raise NotFound("没有这种对象。")


def _note(action: str, row: OwnDemand, reason: str) -> None:
    content = {
        "position": row.position, "text": row.text, "every": row.every, "times": row.times,
        "kind": row.record_kind, "role": row.role, "subject": row.subject,
        "since": row.since.isoformat(), "ends": str(row.ends),
    }  # fmt: skip
    append(
        action=action,
        rows=[("demands.own", row.pk, digest_of(content))],
        reason=reason,
        company_id=row.company_id,
    )
