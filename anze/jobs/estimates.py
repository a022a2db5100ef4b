"""Once a day what records alone say to the standards: company by company, each in its own transaction.

Asked every hour, because an office's machine may be off at any particular one. A run that was cut off goes on
where it stopped: who has an estimate of the day is passed over.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from procrastinate.contrib.django import app

from anze.jobs.companies import every_company
from anze.records.acting.context import SYSTEM, acting
from anze.records.assessments import estimating

log = logging.getLogger(__name__)


class EstimateError(RuntimeError):
    """Some companies could not be estimated; the others were."""


@dataclass(frozen=True, slots=True)
class Run:
    """`failed`: ids of the companies that could not be estimated."""

    done: int
    failed: tuple[int, ...]


@app.periodic(cron="20 * * * *")
@app.task(name="estimate", queueing_lock="estimate")
def estimate(timestamp: int) -> None:
    found = estimate_all(datetime.now(UTC))
    if found.failed:
        raise EstimateError(f"{len(found.failed)} 家企业测算失败：{list(found.failed[:20])}")


def estimate_all(
    at: datetime, companies: Iterable[int] | None = None, *, again: bool = False,
    told: Callable[[int, int], None] = lambda done, of: None,
) -> Run:  # fmt: skip
    """`companies`: none but these. `again`: those too who have one of the day. `told`: how far it is."""
    among = every_company() if companies is None else tuple(companies)
    with acting(SYSTEM, reads=among, writes=(), at=at):
        waiting = estimating.waiting(again=again)
    failed = []
    for done, company in enumerate(waiting, start=1):
        try:
            with acting(SYSTEM, reads=(company,), at=at):
                estimating.estimate(company_id=company)
        except Exception:
            log.exception("estimate of company %s failed", company)
            failed.append(company)
        told(done, len(waiting))
    return Run(len(waiting) - len(failed), tuple(failed))
