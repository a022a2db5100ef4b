"""What else a terminal said: driver cards, pictures, passed-on bytes. Kept before it is acknowledged."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, LiteralString, NamedTuple

import psycopg

from anze.telemetry.rows import day_of

OPEN_DAY: LiteralString = "SELECT telemetry.open_day('message', %s)"
KEEP: LiteralString = """
INSERT INTO telemetry.message (received_at, terminal_id, company_id, vehicle_id, message_id, protocol, body)
SELECT %(received_at)s, %(terminal_id)s, i.company_id, i.vehicle_id, %(message_id)s, %(protocol)s, %(body)s
FROM (SELECT 1) one LEFT JOIN telemetry.installation i ON i.terminal_id = %(terminal_id)s
    AND i.since <= %(received_at)s AND (i.until IS NULL OR %(received_at)s < i.until)
"""


class Said(NamedTuple):
    """One message as received, and the layout it is in."""

    received_at: datetime
    terminal_id: int
    message_id: int
    protocol: int  # 2011, 2013, 2019
    body: bytes


async def keep(connection: psycopg.AsyncConnection[Any], messages: Sequence[Said]) -> None:
    """All or none; durable when it returns. The vehicle and company are those of the moment of receipt."""
    async with connection.transaction(), connection.cursor() as cursor:
        await cursor.execute("SET LOCAL synchronous_commit = on")
        for day in sorted({day_of(said.received_at) for said in messages}):
            await cursor.execute(OPEN_DAY, [day])
        await cursor.executemany(KEEP, [said._asdict() for said in messages])
