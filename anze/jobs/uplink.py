"""Silence is recorded: a question of an authority's platform that nobody answered goes into the journal."""

from __future__ import annotations

import logging
from datetime import UTC, datetime

from procrastinate.contrib.django import app

from anze.jobs.companies import every_company
from anze.records.acting.context import SYSTEM, acting
from anze.records.uplink import actions, queries

log = logging.getLogger(__name__)


class SilenceNotNoted(RuntimeError):  # noqa: N818 -- a state
    """Of some companies; the others' is noted."""


@app.periodic(cron="*/5 * * * *")
@app.task(name="note_silence", queueing_lock="note_silence")
def note_silence(timestamp: int) -> None:
    note_all(datetime.now(UTC))


def note_all(at: datetime) -> int:
    """Answers how many questions stayed without an answer."""
    noted, failed = 0, []
    with acting(SYSTEM, reads=every_company(), writes=(), at=at):
        silent = queries.silent_companies()
    for company in silent:
        try:
            with acting(SYSTEM, reads=(company,), at=at):
                noted += actions.note_silence(company_id=company)
        except Exception:
            log.exception("silence of company %s was not noted", company)
            failed.append(company)
    if failed:
        raise SilenceNotNoted(f"{len(failed)} 家企业的未应答没有记入日志：{failed[:20]}")
    return noted
