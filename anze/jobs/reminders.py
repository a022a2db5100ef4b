"""Reminders: decided every five minutes where time or facts have moved, delivered every minute.

Sending happens outside every transaction: the outbox counts an attempt before, and is told the outcome after.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from datetime import UTC, datetime
from typing import TypeVar

from procrastinate.contrib.django import app

from anze.jobs.channels import NotSent, send
from anze.jobs.companies import every_company
from anze.records.acting.context import SYSTEM, acting
from anze.records.reminders import links, outbox, planning
from anze.records.reminders.outbox import Outgoing

log = logging.getLogger(__name__)

AT_ONCE = 100  # companies in one transaction
SENDERS = 16  # threads
IN_A_GROUP = 15  # messages that one thread sends before it notes how they went
MOST_IN_A_RUN = 1500

Outcome = tuple[Outgoing, NotSent | None]
T = TypeVar("T")


class ReminderError(RuntimeError):
    """Some companies could not be planned or delivered; the others were."""


@app.periodic(cron="*/5 * * * *")
@app.task(name="queue_reminders", queueing_lock="queue_reminders")
def queue_reminders(timestamp: int) -> None:
    at = datetime.now(UTC)
    queue_at(at)
    links.forget_old(at=at)


@app.periodic(cron="* * * * *")
@app.task(name="deliver_reminders", queueing_lock="deliver_reminders", lock="deliver_reminders")
def deliver_reminders(timestamp: int) -> None:
    deliver_at(datetime.now(UTC))


def queue_at(at: datetime, companies: Sequence[int] | None = None) -> int:
    """Answers how many messages were queued. A company that fails stops no other."""
    if companies is None:
        with acting(SYSTEM, reads=every_company(), writes=(), at=at):
            companies = planning.companies_to_plan()
    queued, failed = 0, []
    for batch in _batches(companies, AT_ONCE):
        try:
            queued += _queue(batch, at)
        except Exception:
            log.exception("planning %s companies failed, trying them one by one", len(batch))
            for company in batch:
                try:
                    queued += _queue([company], at)
                except Exception:
                    log.exception("planning of company %s failed", company)
                    failed.append(company)
    if failed:
        raise ReminderError(f"{len(failed)} 家企业的提醒未能生成：{failed[:20]}")
    return queued


def _batches(whole: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    for start in range(0, len(whole), size):
        yield whole[start : start + size]


def _queue(companies: Sequence[int], at: datetime) -> int:
    with acting(SYSTEM, reads=tuple(companies), at=at):
        return planning.queue_due(company_ids=companies)


def deliver_at(at: datetime) -> int:
    """Send what waits. Answers how many messages were taken by their channels."""
    with acting(SYSTEM, reads=every_company(), writes=(), at=at):
        companies = outbox.waiting_companies()
    failed: list[int] = []
    groups = _claimed(companies, at, failed)
    with ThreadPoolExecutor(SENDERS) as pool:
        sending = [pool.submit(_attempt, group) for group in groups]
        taken = sum(_note(done.result(), at) for done in as_completed(sending))
    if failed:
        raise ReminderError(f"{len(failed)} 家企业的消息未能投递：{failed[:20]}")
    return taken


def _claimed(companies: Sequence[int], at: datetime, failed: list[int]) -> list[list[Outgoing]]:
    """Messages of one company and channel together: an address that hangs holds one thread, once."""
    groups: list[list[Outgoing]] = []
    count = 0
    for company in companies:
        if count >= MOST_IN_A_RUN:
            break
        try:
            with acting(SYSTEM, reads=(company,), at=at):
                claimed = outbox.claim(company_id=company)
        except Exception:
            log.exception("claiming for company %s failed", company)
            failed.append(company)
            continue
        count += len(claimed)
        by_channel: dict[str, list[Outgoing]] = {}
        for message in claimed:
            by_channel.setdefault(message.channel, []).append(message)
        groups += [
            list(chunk) for messages in by_channel.values() for chunk in _batches(messages, IN_A_GROUP)
        ]
    return groups


def _attempt(group: Sequence[Outgoing]) -> list[Outcome]:
    """After a failure that is not the one message's own, the rest of the group waits for its next attempt."""
    outcomes: list[Outcome] = []
    for message in group:
        problem = _problem_of(message)
        outcomes.append((message, problem))
        if problem is not None and not problem.for_good:
            outcomes += [(other, problem) for other in group[len(outcomes) :]]
            break
    return outcomes


def _problem_of(message: Outgoing) -> NotSent | None:
    try:
        send(message)
    except NotSent as problem:
        return problem
    except Exception:
        log.exception("message %s failed", message.id)
        return NotSent("发送时发生意外错误，详见系统日志")
    return None


def _note(outcomes: Sequence[Outcome], at: datetime) -> int:
    delivered = [message.id for message, problem in outcomes if problem is None]
    with acting(SYSTEM, reads=(outcomes[0][0].company_id,), at=at):
        outbox.note_delivered(message_ids=delivered)
        for message, problem in outcomes:
            if problem is not None:
                outbox.note_failed(message_id=message.id, problem=str(problem), for_good=problem.for_good)
    return len(delivered)
