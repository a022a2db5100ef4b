"""Noting how jobs went; verifying chains; publishing the heads of companies to their authorities.

Rule 1: a chain is held against its own digests and against its head as last published elsewhere.
Rule 2: what is published last covers all before it; of a broken chain the last sound head is repeated.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from anze.records.acting.context import current
from anze.records.acting.permissions import require
from anze.records.health.models import Check, Job
from anze.records.health.queries import PUBLISH, Published
from anze.records.journal import queries as journal
from anze.records.journal.actions import append, lock_chain

KEEP = timedelta(days=400)
LONGEST_PROBLEM = 200


def expect_jobs(*, periods: Mapping[str, int], at: datetime) -> None:
    """The worker tells which tasks it runs, and after how many seconds each is due again."""
    Job.objects.exclude(name__in=periods).delete()
    for name, seconds in periods.items():
        Job.objects.update_or_create(
            name=name,
            defaults={"period_seconds": seconds},
            create_defaults={"period_seconds": seconds, "known_since": at},
        )


def note_run(*, name: str, at: datetime, seconds: float, problem: str = "") -> None:
    """How a run ended at `at`; no `problem`: it went well."""
    when = "failed_at" if problem else "succeeded_at"
    ended = {when: at, "seconds": seconds, "problem": problem[:LONGEST_PROBLEM]}
    Job.objects.filter(name=name).update(**ended)


def verify_chain(
    *,
    company_id: int | None = None,
    authority_id: int | None = None,
    published: Mapping[int, str] | None = None,
) -> int:
    """Verify a chain in scope and keep the result. Answers how many breaks there are."""
    require("verify_journal")
    owner = {"company_id": company_id, "authority_id": authority_id}
    known = published or {}
    breaks = journal.verify(**owner, published=known)
    if breaks:
        # An act between reading the head and reading the entries looks like a break: look again, alone.
        lock_chain(**owner)
        breaks = journal.verify(**owner, published=known)
    at, head = current().at, journal.head(**owner)
    Check.objects.filter(**owner, at__lt=at - KEEP).delete()
    Check.objects.create(
        **owner,
        at=at,
        length=head.length,
        head=head.digest,
        breaks=len(breaks),
        first_break=str(breaks[0]) if breaks else "",
        published_length=max(known, default=None),
    )
    return len(breaks)


def publish_heads(*, authority_id: int, before: Mapping[int, Published]) -> int:
    """Note on the authority's chain how far each company's chain reaches: (chain, length, digest).

    `before`: what was published last. Answers how many heads were noted.
    """
    require("verify_journal")
    broken = _broken(current().reads)
    rows = [
        (head.chain, *before[head.company_id])
        if head.company_id in broken and head.company_id in before
        else (head.chain, head.length, head.digest)
        for head in journal.heads()
        if head.company_id is not None
        and head.length
        and (head.company_id not in broken or head.company_id in before)
    ]
    if rows:
        append(action=PUBLISH, rows=rows, authority_id=authority_id)
    return len(rows)


def _broken(company_ids: tuple[int, ...]) -> set[int]:
    """Companies whose newest verification found breaks."""
    newest = (
        Check.objects.filter(company__in=company_ids).order_by("company_id", "-at").distinct("company_id")
    )
    return {check.company_id for check in newest if check.breaks and check.company_id is not None}
