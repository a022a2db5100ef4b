"""Days of positions go into files, and after their time away; partitions of the coming days are made.

As the owner, because partitions come and go; a company's journal is told in that company's scope.
"""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.db import connections
from procrastinate.contrib.django import app
from psycopg.errors import LockNotAvailable

from anze.jobs.companies import every_company
from anze.records.acting.context import SYSTEM, acting
from anze.records.fleet import positions
from anze.telemetry import cold, retention
from anze.telemetry.rows import day_of
from anze.telemetry.schema import Connection

log = logging.getLogger(__name__)


@app.periodic(cron="13 * * * *")
@app.task(name="move_positions", queueing_lock="move_positions")
def move_positions(timestamp: int) -> None:
    move_due(datetime.now(UTC))


@app.periodic(cron="43 3 * * *")
@app.task(name="expire_positions", queueing_lock="expire_positions")
def expire_positions(timestamp: int) -> None:
    expire_due(datetime.now(UTC))


def move_due(at: datetime) -> int:
    """Make the coming days, move those that are due. Answers how many were moved."""
    owner, root, today = _owner(), Path(settings.POSITIONS_DIR), day_of(at)
    cold.open_ahead(owner, today)
    moved = 0
    for day in cold.days_due(owner, today):
        try:
            moved += cold.move_day(owner, root, day) is not None
        except LockNotAvailable:
            log.warning("positions of %s are being read; moving them in the next hour", day)
    cold.clean(owner, root)
    return moved


def expire_due(at: datetime) -> int:
    """End what is older than the time kept: marked, told to each company's journal, then deleted."""
    owner = _owner()
    retention.expire(owner, day_of(at), settings.POSITION_MONTHS)
    for company in every_company():
        with acting(SYSTEM, reads=(company,), at=at):
            positions.note_expiry(company_id=company)
    return len(retention.forget(owner, Path(settings.POSITIONS_DIR)))


def _owner() -> Connection:
    connections["owner"].ensure_connection()
    raw: Connection = connections["owner"].connection
    return raw
