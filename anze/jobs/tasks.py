"""What happens because time passed. No task needs to run on the right day: verdicts carry `until`."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import UTC, datetime

from procrastinate import JobContext, exceptions, jobs
from procrastinate.contrib.django import app

from anze.jobs.companies import every_company
from anze.records.acting.context import SYSTEM, acting
from anze.records.duties import deciding, queries
from anze.records.people import submissions

log = logging.getLogger(__name__)

KEEP_HOURS = 24 * 30


class SweepError(RuntimeError):
    """Some companies could not be swept; the others were."""


@app.periodic(cron="* * * * *")
@app.task(name="sweep", queueing_lock="sweep")
def sweep(timestamp: int) -> None:
    sweep_due(datetime.now(UTC))


def sweep_due(at: datetime, companies: Iterable[int] | None = None) -> int:
    """Decide again, company by company, what may have changed by now. Answers how many companies."""
    done, failed = 0, []
    for company in companies_due(at) if companies is None else companies:
        try:
            with acting(SYSTEM, reads=(company,), at=at):
                deciding.sweep(company_id=company)
        except Exception:
            log.exception("sweep of company %s failed", company)
            failed.append(company)
        else:
            done += 1
    if failed:
        raise SweepError(f"{len(failed)} 家企业重新判定失败：{failed[:20]}")
    return done


def companies_due(at: datetime) -> list[int]:
    """Of all companies, those with a verdict that has expired."""
    with acting(SYSTEM, reads=every_company(), writes=(), at=at):
        return queries.companies_due(at)


@app.periodic(cron="* * * * *")
@app.task(name="retry_stalled", queueing_lock="retry_stalled", pass_context=True)
async def retry_stalled(context: JobContext, timestamp: int) -> None:
    """A worker killed by -9 leaves its job `doing` for ever: found by its missing heartbeat, done again."""
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs():
        try:
            await manager.retry_job(job)
        except exceptions.ConnectorException:
            # The same work is queued again already: one is enough.
            await manager.finish_job(job, status=jobs.Status.FAILED, delete_job=False)


@app.periodic(cron="17 3 * * *")
@app.task(name="forget_old_jobs", queueing_lock="forget_old_jobs", pass_context=True)
async def forget_old_jobs(context: JobContext, timestamp: int) -> None:
    await context.app.job_manager.delete_old_jobs(
        KEEP_HOURS, include_failed=True, include_cancelled=True, include_aborted=True
    )


@app.periodic(cron="47 3 * * *")
@app.task(name="forget_submissions", queueing_lock="forget_submissions")
def forget_submissions(timestamp: int) -> None:
    submissions.forget_old(at=datetime.now(UTC))
