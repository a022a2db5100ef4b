"""The company fixes what the text leaves open, and waives a requirement for a time with its reason."""

from __future__ import annotations

from datetime import date

from anze.records.acting.context import current
from anze.records.acting.errors import NotFound, Refused
from anze.records.acting.permissions import require
from anze.records.demands import queries as demands
from anze.records.duties import cases, numbers, verdicts
from anze.records.duties.deciding import own_company, redecide
from anze.records.duties.models import Waiver
from anze.records.duties.words import asked_in_words
from anze.records.journal.actions import append, digest_of
from anze.rules.catalogue.model import Every, Kind, Limit, Requirement
from anze.rules.catalogue.strength import weaker

LARGEST_ID = 2**63 - 1


class WeakerThanLaw(Refused):
    """A commitment below what the law asks at least."""


class NotForCompany(Refused):
    """The requirement leaves nothing to the company's choice."""


def commit_to(
    *,
    requirement: str,
    since: date,
    every: Every | None = None,
    times: int = 1,
    within: Limit | None = None,
    reason: str = "",
) -> int:
    """The company fixes the number or the limit that the text leaves open."""
    require("commit")
    company_id = own_company()
    asked = known_requirement(requirement)
    _check_commitment(asked, since, every, times, within)
    verdicts.lock([company_id])
    term = cases.committed_term(since=since, every=every, times=times, within=within)
    row = numbers.store(company_id, requirement, term, since=since, reason=reason)
    redecide(company_id=company_id, requirements=frozenset({requirement}))
    append(action="duty.commit", rows=[row], reason=reason or None, company_id=company_id)
    return row[1]


def waive(
    *, requirement: str, since: date, until: date | None, reason: str, person_id: int | None = None
) -> int:
    """A requirement is not asked over a span; the reason is on file."""
    require("waive")
    company_id, scope = own_company(), current()
    known_requirement(requirement)
    if not reason.strip():
        raise Refused("请写明豁免理由。")
    if until is not None and until <= since:
        raise Refused("豁免的结束日期应晚于开始日期。")
    verdicts.lock([company_id])
    row = Waiver.objects.create(
        company_id=company_id,
        requirement=requirement,
        person_id=person_id,
        since=since,
        until=until,
        reason=reason.strip(),
        decided_by=scope.actor.name,
        decided_at=scope.at,
    )
    redecide(company_id=company_id, requirements=frozenset({requirement}))
    content = {
        "requirement": requirement,
        "since": since.isoformat(),
        "until": str(until),
        "person": person_id,
    }
    append(
        action="duty.waive",
        rows=[("duties.waiver", row.pk, digest_of(content))],
        reason=reason,
        company_id=company_id,
    )
    return row.pk


def end_waiver(*, waiver_id: int, until: date, reason: str) -> None:
    """The requirement is asked again from a day on, earlier than was decided."""
    require("waive")
    company_id, scope = own_company(), current()
    verdicts.lock([company_id])
    row = Waiver.objects.filter(pk=waiver_id, company_id=company_id).first() if _real(waiver_id) else None
    if row is None:
        raise NotFound("没有这项豁免。")
    _check_end(row, until, reason)
    row.until, row.end_reason = until, reason.strip()
    row.ended_by, row.ended_at = scope.actor.name, scope.at
    row.save()
    redecide(company_id=company_id, requirements=frozenset({row.requirement}))
    content = {"requirement": row.requirement, "since": row.since.isoformat(), "until": str(until)}
    append(
        action="duty.end_waiver",
        rows=[("duties.waiver", row.pk, digest_of(content | {"person": row.person_id}))],
        reason=reason,
        company_id=company_id,
    )


def known_requirement(requirement_id: str) -> Requirement:
    try:
        return demands.requirement(requirement_id)
    except KeyError as unknown:
        raise NotFound("没有这项要求。") from unknown


def _check_commitment(
    asked: Requirement, since: date, every: Every | None, times: int, within: Limit | None
) -> None:
    if asked.kind is not Kind.COMMITTED:
        raise NotForCompany("该项要求已有明确规定，不由企业自定。")
    if asked.asks == "frequency" and (every is None or not 1 <= times <= 366):
        raise Refused("请填写频次：每多久至少几次。")
    if asked.asks == "limit" and (within is None or within.amount < 1):
        raise Refused("请填写办理时限，至少为1。")
    if since < cases.judged_from(own_company()):
        raise Refused("生效日期不能早于企业开始建档的日期。")
    term = cases.committed_term(since=since, every=every, times=times, within=within)
    if asked.floor is not None and weaker(term, asked.floor):
        raise WeakerThanLaw(f"最低要求是{asked_in_words(asked, asked.floor)}，不能低于它。")


def _check_end(row: Waiver, until: date, reason: str) -> None:
    if not reason.strip():
        raise Refused("请写明理由。")
    if row.until is not None and until >= row.until:
        raise Refused("恢复要求的日期应早于原定的日期。")
    if until <= row.since:
        raise Refused("恢复要求的日期应晚于豁免开始的日期。")
    if until < current().today:
        raise Refused("恢复要求的日期不能早于今天。")


def _real(key: int) -> bool:
    return 0 < key <= LARGEST_ID
