"""Planning an assessment: standard, period, target, team; who answers what; which ledgers are kept here."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from anze.records.acting.context import current
from anze.records.acting.errors import NotFound, Refused
from anze.records.acting.permissions import require
from anze.records.assessments.access import (
    STATUS,
    known_item,
    locked,
    note,
    require_lead,
    scheme,
    text,
)
from anze.records.assessments.books import kinds_asked
from anze.records.assessments.models import Assessment, Keeping, Member, Share
from anze.records.assessments.words import KINDS
from anze.records.journal.actions import append, digest_of
from anze.records.lawbook import lawbook
from anze.records.people.models import Person
from anze.records.tenants.queries import company
from anze.rules.catalogue.editions import GRADES
from anze.rules.catalogue.schemes import Grade, Scheme, regime_on
from anze.rules.periods import ONE_DAY

LONGEST = 3 * 366  # days
MOST_MEMBERS = 30


@dataclass(frozen=True, slots=True)
class Plan:
    """`last` is inside. `members`: people who answer, the lead among them or not."""

    title: str
    scheme: str
    target: str
    since: date
    last: date
    lead: int
    reviewer: int
    members: Sequence[int] = ()
    kind: str = "self"
    body: str = ""


class SelfReview(Refused):
    """Nobody reviews what they answered themselves."""


def schemes_for(trade: str) -> list[Scheme]:
    """Standards by which a company of this trade is assessed."""
    return [found for found in lawbook().schemes.values() if found.trade == trade]


def plan(*, company_id: int, plan: Plan) -> int:
    require("conduct_assessment")
    chosen = _scheme(company_id, plan.scheme)
    _check(plan)
    team = dict.fromkeys([plan.lead, *plan.members])
    _check_team(company_id, plan, team)
    row = Assessment.objects.create(
        company_id=company_id,
        kind=plan.kind,
        body=text(plan.body, "考评机构名称", 60) if plan.kind == "other" else "",
        title=text(plan.title, "考评名称", 60),
        scheme=chosen.id,
        edition=chosen.edition,
        regime=lawbook().editions[GRADES],
        target=Grade(plan.target).value,
        since=plan.since,
        until=plan.last + ONE_DAY,
        lead_id=plan.lead,
        reviewer_id=plan.reviewer,
        planned_at=current().at,
        salt=secrets.token_hex(16),
    )
    Member.objects.bulk_create(Member(company_id=company_id, assessment=row, person_id=p) for p in team)
    terms = [row.scheme, row.edition, row.regime, row.target, row.since.isoformat(), row.until.isoformat()]
    note("plan", row, [*terms, sorted(team), row.reviewer_id])
    return row.pk


def share_out(*, assessment_id: int, shares: Mapping[str, int]) -> None:
    """Item -> the member who answers it; an item that is not named keeps whoever it was given to."""
    row = locked(assessment_id, STATUS.PLANNED, STATUS.RUNNING)
    require_lead(row)
    team = set(Member.objects.filter(assessment=row).values_list("person", flat=True))
    if not set(shares.values()) <= team:
        raise NotFound("所选人员不在考评组中。")
    standard = scheme(row)
    for item in shares:
        known_item(standard, item)
    Share.objects.filter(assessment=row, item__in=list(shares)).delete()
    Share.objects.bulk_create(
        Share(company_id=row.company_id, assessment=row, item=item, person_id=person)
        for item, person in shares.items()
    )
    note("share", row, sorted(shares.items()))


def retarget(*, assessment_id: int, target: str) -> None:
    """Another grade to aim at: the score stays, what is in its way is said anew."""
    row = locked(assessment_id, STATUS.PLANNED, STATUS.RUNNING)
    require_lead(row)
    if target not in set(Grade):
        raise Refused("请选择目标等级。")
    row.target = Grade(target).value
    row.save(update_fields=["target"])
    note("retarget", row, row.target)


def cancel(*, assessment_id: int, reason: str) -> None:
    """It stays readable, with the reason."""
    row = locked(assessment_id, *(s for s in STATUS if s not in CLOSED), verb="conduct_assessment")
    row.cancel_reason = text(reason, "取消的原因", 200)
    row.status = STATUS.CANCELLED
    row.save(update_fields=["cancel_reason", "status"])
    note("cancel", row, row.status, row.cancel_reason)


CLOSED = (STATUS.CONCLUDED, STATUS.CANCELLED)


def declare_kept(*, company_id: int, since: Mapping[str, date | None]) -> None:
    """Kind -> from which day every record of it is kept here; None: no longer said."""
    require("conduct_assessment")
    known = {kind for found in lawbook().schemes.values() for kind in kinds_asked(found)}
    if not set(since) <= known:
        raise NotFound("没有这类台账。")
    if any(day is not None and day > current().today for day in since.values()):
        raise Refused("起始日期不能晚于今天。")
    Keeping.objects.filter(company=company_id, kind__in=list(since)).delete()
    rows = [
        Keeping(
            company_id=company_id,
            kind=kind,
            since=day,
            declared_at=current().at,
            declared_by=current().actor.name,
        )
        for kind, day in since.items()
        if day is not None
    ]
    Keeping.objects.bulk_create(rows)
    told = sorted((kind, day.isoformat() if day else "") for kind, day in since.items())
    noted = [("tenants.company", company_id, digest_of(told))]
    append(action="assessments.declare_kept", rows=noted, company_id=company_id)


def _scheme(company_id: int, scheme_id: str) -> Scheme:
    found = next((s for s in schemes_for(company(company_id).trade) if s.id == scheme_id), None)
    if found is None:
        raise NotFound("没有适用于本企业业务类型的这项考评标准。")
    return found


def _check(plan: Plan) -> None:
    if plan.kind not in KINDS:
        raise Refused("请选择考评类别。")
    if plan.target not in set(Grade):
        raise Refused("请选择目标等级。")
    if not 0 <= (plan.last - plan.since).days < LONGEST:
        raise Refused("考评期的结束日期应不早于开始日期，且不超过三年。")
    if plan.since > current().today:
        raise Refused("考评期还没有开始。")
    if regime_on(lawbook().regimes, plan.since) is None:
        raise Refused("考评期早于等级办法的施行日期，没有可用的等级。")


def _check_team(company_id: int, plan: Plan, team: Iterable[int]) -> None:
    wanted = {*team, plan.reviewer}
    if plan.reviewer in set(team):
        raise SelfReview("复核人不能同时是考评组成员：自己判定的不能自己复核。")
    if len(wanted) > MOST_MEMBERS:
        raise Refused(f"考评组最多 {MOST_MEMBERS} 人。")
    today = current().today
    employed = Person.objects.filter(company=company_id, pk__in=wanted, joined_on__lte=today)
    if employed.filter(left_on=None).count() + employed.filter(left_on__gt=today).count() != len(wanted):
        raise NotFound("所选人员不是本企业在职人员。")
