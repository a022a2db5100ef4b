"""What the application wants said to a terminal, and what an operator wants traced: a gateway does it.

Rule 1: a command is sent once, by the gateway at which the terminal speaks, before it expires.
Rule 2: it ends exactly once: done, refused by the terminal, unanswered, expired, or impossible.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, LiteralString, NamedTuple

import psycopg
from psycopg.types.json import Jsonb

AsyncConnection = psycopg.AsyncConnection[Any]
CHANNEL = "anze_gateway"


class Asked(NamedTuple):
    """A command that waits to be sent."""

    id: int
    company_id: int
    terminal_id: int
    name: str
    arguments: dict[str, Any]


class Traced(NamedTuple):
    terminal_id: int
    company_id: int
    until: datetime


class Piece(NamedTuple):
    """Bytes of a traced terminal, as they went over the wire."""

    at: datetime
    terminal_id: int
    company_id: int
    sent: bool
    data: bytes


ASK: LiteralString = """
INSERT INTO telemetry.command (company_id, terminal_id, name, arguments, asked_by, expires_at)
VALUES (%s, %s, %s, %s, %s, %s) RETURNING id
"""
WAITING: LiteralString = """
SELECT id, company_id, terminal_id, name, arguments FROM telemetry.command
WHERE sent_at IS NULL AND ended_at IS NULL AND expires_at > %s ORDER BY id LIMIT 1000
"""
CLAIM: LiteralString = """
UPDATE telemetry.command SET sent_at = %s
WHERE id = %s AND sent_at IS NULL AND ended_at IS NULL AND expires_at > %s
"""
END: LiteralString = """
UPDATE telemetry.command SET ended_at = %s, outcome = %s, detail = %s, answer_id = %s, answer = %s
WHERE id = %s AND ended_at IS NULL
"""
EXPIRE: LiteralString = """
UPDATE telemetry.command SET ended_at = %(at)s,
    outcome = CASE WHEN sent_at IS NULL THEN 'expired' ELSE 'unanswered' END
WHERE ended_at IS NULL AND expires_at
    <= %(at)s - CASE WHEN sent_at IS NULL THEN INTERVAL '0' ELSE INTERVAL '2 minutes' END
"""
TRACED: LiteralString = "SELECT terminal_id, company_id, until FROM telemetry.tracing WHERE until > %s"
TRACE: LiteralString = (
    "INSERT INTO telemetry.trace (at, terminal_id, company_id, sent, data) VALUES (%s, %s, %s, %s, %s)"
)


def ask(
    connection: psycopg.Connection[Any],
    *,
    company_id: int,
    terminal_id: int,
    name: str,
    arguments: dict[str, Any],
    asked_by: str,
    expires_at: datetime,
) -> int:
    """The command's id; the gateways are told when the caller's transaction commits."""
    values = [company_id, terminal_id, name, Jsonb(arguments), asked_by, expires_at]
    row = connection.execute(ASK, values).fetchone()
    assert row is not None
    return int(row[0])


async def waiting(connection: AsyncConnection, at: datetime) -> list[Asked]:
    cursor = await connection.execute(WAITING, [at])
    return [Asked(*row) for row in await cursor.fetchall()]


async def claim(connection: AsyncConnection, command_id: int, at: datetime) -> bool:
    """False: another gateway has it, or it has expired."""
    cursor = await connection.execute(CLAIM, [at, command_id, at])
    return cursor.rowcount == 1


async def end(
    connection: AsyncConnection,
    command_id: int,
    at: datetime,
    outcome: str,
    *,
    detail: str = "",
    answer_id: int | None = None,
    answer: bytes | None = None,
) -> None:
    await connection.execute(END, [at, outcome, detail, answer_id, answer, command_id])


async def expire(connection: AsyncConnection, at: datetime) -> None:
    """End what nobody could send in time, and what a gateway sent and did not live to see answered."""
    await connection.execute(EXPIRE, {"at": at})


async def traced(connection: AsyncConnection, at: datetime) -> list[Traced]:
    cursor = await connection.execute(TRACED, [at])
    return [Traced(*row) for row in await cursor.fetchall()]


async def keep_trace(connection: AsyncConnection, pieces: Sequence[Piece]) -> None:
    async with connection.cursor() as cursor:
        await cursor.executemany(TRACE, list(pieces))
