"""How the installation is: jobs, calendar, chains, schema, editions, disk. Each reader sees their part.

Company people see what their verdicts rest on; only the administrator sees machine and schema.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.conf import settings
from django.db import connection

from anze.records.acting.context import current
from anze.records.acting.errors import NotPermitted
from anze.records.acting.permissions import may, require
from anze.records.health.models import Check, Job
from anze.records.journal import queries as journal
from anze.records.lawbook import lawbook

PUBLISH = "journal.publish"
JOB_GRACE = timedelta(minutes=5)
VERIFIED_EVERY = timedelta(hours=20)
VERIFIED_STALE = timedelta(hours=36)
WARN_FROM_MONTH = 12
LITTLE_SPACE, NO_SPACE = 0.10, 0.05  # of the disk


class Published(NamedTuple):
    """How far a company's chain reached when its head was last noted elsewhere."""

    length: int
    digest: str


@dataclass(frozen=True, slots=True)
class JobRow:
    """`state`: fresh, stale (not run in time), failed (the last run), waiting (not yet due)."""

    name: str
    state: str
    period: timedelta
    succeeded_at: datetime | None
    failed_at: datetime | None
    seconds: float | None
    problem: str


@dataclass(frozen=True, slots=True)
class ChainRow:
    """`state`: sound, broken, stale (not verified lately), waiting (new, not verified yet)."""

    state: str
    company_id: int | None
    verified_at: datetime | None
    length: int
    breaks: int
    first_break: str
    published_length: int | None


@dataclass(frozen=True, slots=True)
class Chains:
    """Of an authority's companies: how many, and those that are not sound."""

    total: int
    unsound: tuple[ChainRow, ...]


@dataclass(frozen=True, slots=True)
class CalendarState:
    """`state`: fresh, soon (next year's is missing in December), missing (this year's)."""

    state: str
    years: tuple[int, ...]
    missing: int | None


@dataclass(frozen=True, slots=True)
class Disk:
    """Bytes, of the disk that holds the data directory. `state`: fresh, little, full."""

    state: str
    free: int
    total: int


@dataclass(frozen=True, slots=True)
class MigrationRow:
    app: str
    name: str
    applied_at: datetime


def jobs() -> list[JobRow]:
    """Empty when no worker has ever run."""
    require("see_health")
    at = current().at
    return [
        JobRow(
            name=job.name,
            state=_job_state(job, at),
            period=timedelta(seconds=job.period_seconds),
            succeeded_at=job.succeeded_at,
            failed_at=job.failed_at,
            seconds=job.seconds,
            problem=job.problem,
        )
        for job in Job.objects.order_by("period_seconds", "name")
    ]


def calendar_state(on: date | None = None) -> CalendarState:
    """Years whose workdays are loaded, and which one is missing."""
    require("see_health")
    day = current().today if on is None else on
    years = tuple(sorted(lawbook().calendar))
    if day.year not in years:
        return CalendarState("missing", years, day.year)
    if day.month >= WARN_FROM_MONTH and day.year + 1 not in years:
        return CalendarState("soon", years, day.year + 1)
    return CalendarState("fresh", years, None)


def chain(*, company_id: int | None = None, authority_id: int | None = None) -> ChainRow:
    """How the newest verification of a chain in scope ended."""
    require("see_health")
    check = Check.objects.filter(company=company_id, authority=authority_id).order_by("-at").first()
    return _chain_row(company_id, check)


def chains() -> Chains:
    """Of all companies in scope."""
    require("see_health")
    companies = current().reads
    newest = Check.objects.filter(company__in=companies).order_by("company_id", "-at").distinct("company_id")
    known = {check.company_id: check for check in newest}
    rows = [_chain_row(company, known.get(company)) for company in companies]
    return Chains(len(rows), tuple(row for row in rows if row.state != "sound"))


def disk() -> Disk:
    """Only for the administrator, like `migrations`."""
    _require_administrator()
    space = shutil.disk_usage(settings.HOME.path)
    share = space.free / space.total
    state = "full" if share < NO_SPACE else "little" if share < LITTLE_SPACE else "fresh"
    return Disk(state, space.free, space.total)


def migrations() -> list[MigrationRow]:
    """The newest migration of each part of the product."""
    _require_administrator()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT ON (app) app, name, applied FROM django_migrations "
            "WHERE app = ANY(%s) ORDER BY app, name DESC",
            [
                [
                    name.rsplit(".", 1)[-1]
                    for name in settings.INSTALLED_APPS
                    if name.startswith("anze.records.")
                ]
            ],
        )
        return [MigrationRow(*row) for row in cursor.fetchall()]


def editions(trade: str | None = None) -> list[tuple[str, str]]:
    """(position, edition) of the duty lists that are in use; of one trade or of all."""
    require("see_health")
    found = sorted(lawbook().positions.values(), key=lambda p: (p.trade, p.number))
    return [(p.name, p.edition) for p in found if trade in (None, p.trade)]


def companies_to_verify() -> list[int]:
    """In scope, those not verified in the last hours."""
    require("verify_journal")
    lately = Check.objects.filter(at__gt=current().at - VERIFIED_EVERY, company__in=current().reads)
    done = set(lately.values_list("company_id", flat=True))
    return [company for company in current().reads if company not in done]


def authority_to_verify(authority_id: int) -> bool:
    require("verify_journal")
    lately = current().at - VERIFIED_EVERY
    return not Check.objects.filter(authority=authority_id, at__gt=lately).exists()


def published(authority_id: int) -> dict[int, Published]:
    """Company id -> its chain as the authority's chain last noted it."""
    require("verify_journal")
    rows = journal.newest_rows(authority_id=authority_id, action=PUBLISH)
    return {int(label.partition(":")[2]): Published(length, digest) for label, length, digest in rows}


def _job_state(job: Job, at: datetime) -> str:
    last = max((moment for moment in (job.succeeded_at, job.failed_at) if moment), default=None)
    if at - (last or job.known_since) > 2 * timedelta(seconds=job.period_seconds) + JOB_GRACE:
        return "stale"
    if job.problem:
        return "failed"
    return "waiting" if last is None else "fresh"


def _chain_row(company_id: int | None, check: Check | None) -> ChainRow:
    if check is None:
        return ChainRow("waiting", company_id, None, 0, 0, "", None)
    stale = current().at - check.at > VERIFIED_STALE
    return ChainRow(
        state="broken" if check.breaks else "stale" if stale else "sound",
        company_id=company_id,
        verified_at=check.at,
        length=check.length,
        breaks=check.breaks,
        first_break=check.first_break,
        published_length=check.published_length,
    )


def _require_administrator() -> None:
    require("see_health")
    if not may(current().actor, "register"):
        raise NotPermitted("只有系统管理员可以查看。")
