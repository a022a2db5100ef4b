"""Verifying every chain of the journal once a day, and noting the heads of companies with their authorities.

Asked every hour, because an office's machine may be off at any particular one.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import UTC, date, datetime

from procrastinate.contrib.django import app

from anze.jobs.companies import every_company
from anze.records.acting.context import SHANGHAI, SYSTEM, acting
from anze.records.health import actions, queries
from anze.records.health.queries import Published
from anze.records.tenants import queries as tenants

log = logging.getLogger(__name__)


class VerificationError(RuntimeError):
    """Some chains do not hold, or could not be verified; the results of the others are kept."""


@app.periodic(cron="37 * * * *")
@app.task(name="verify_journals", queueing_lock="verify_journals")
def verify_journals(timestamp: int) -> None:
    verify_due(datetime.now(UTC))


def verify_due(at: datetime) -> int:
    """Verify what was not verified today, then publish heads. Answers how many chains were verified."""
    known = {authority: _published(authority, at) for authority in tenants.authority_ids()}
    companies = _companies_due(at)
    wrong = [f"company:{company}" for company in companies if _breaks(company, known, at)]
    authorities = [authority for authority in known if _authority_due(authority, at)]
    wrong += [f"authority:{authority}" for authority in authorities if not _publish(authority, known, at)]
    if wrong:
        raise VerificationError(f"{len(wrong)} 条操作日志链核验不符：{wrong[:20]}")
    return len(companies) + len(authorities)


def _published(authority: int, at: datetime) -> dict[int, Published]:
    with acting(SYSTEM, reads=(), at=at, authority=authority):
        return queries.published(authority)


def _companies_due(at: datetime) -> list[int]:
    with acting(SYSTEM, reads=every_company(), writes=(), at=at):
        return queries.companies_to_verify()


def _authority_due(authority: int, at: datetime) -> bool:
    with acting(SYSTEM, reads=(), at=at, authority=authority):
        return queries.authority_to_verify(authority)


def _breaks(company: int, known: Mapping[int, Mapping[int, Published]], at: datetime) -> bool:
    """True when the chain does not hold; one that fails to be verified stops no other."""
    noted = [heads[company] for heads in known.values() if company in heads]
    published = {head.length: head.digest for head in noted}
    try:
        with acting(SYSTEM, reads=(company,), at=at):
            return bool(actions.verify_chain(company_id=company, published=published))
    except Exception:
        log.exception("chain of company %s could not be verified", company)
        return True


def _publish(authority: int, known: Mapping[int, Mapping[int, Published]], at: datetime) -> bool:
    """Verify the authority's own chain, then note the heads of its companies on it. False: a break."""
    supervised = tenants.companies_of_authority(authority, _day(at))
    try:
        with acting(SYSTEM, reads=supervised, writes=(), at=at, authority=authority):
            breaks = actions.verify_chain(authority_id=authority)
            actions.publish_heads(authority_id=authority, before=known[authority])
    except Exception:
        log.exception("chain of authority %s could not be verified", authority)
        return False
    return not breaks


def _day(at: datetime) -> date:
    return at.astimezone(SHANGHAI).date()
