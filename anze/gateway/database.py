"""The gateway's connections to the database: opened when needed, opened again when lost."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import psycopg

from anze.telemetry.rows import Position, RawFrame, Report, Result
from anze.telemetry.writer import AsyncWriter

Connection = psycopg.AsyncConnection[Any]
CONNECT_SECONDS = 5


async def connect(conninfo: str) -> Connection:
    return await psycopg.AsyncConnection.connect(conninfo, autocommit=True, connect_timeout=CONNECT_SECONDS)


class Reconnecting:
    """One connection for one kind of work; tasks that want it at once wait for each other."""

    def __init__(self, conninfo: str) -> None:
        self._conninfo = conninfo
        self._turn = asyncio.Lock()
        self._connection: Connection | None = None

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[Connection]:
        """After any failure the connection is thrown away: what state it is in is nobody's guess."""
        async with self._turn:
            if self._connection is None or self._connection.closed:
                self._connection = await connect(self._conninfo)
            try:
                yield self._connection
            except BaseException:
                await self.close()
                raise

    async def close(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            await connection.close()


class Store:
    """PostgreSQL's PositionStore over a connection that may be lost between two batches."""

    def __init__(self, conninfo: str) -> None:
        self._database = Reconnecting(conninfo)
        self._writer: tuple[Connection, AsyncWriter] | None = None

    async def store(self, rows: Sequence[Position] | Sequence[Report]) -> list[Result]:
        async with self._database.connection() as connection:
            return await self._writer_on(connection).store(rows)

    async def keep(self, frames: Sequence[RawFrame]) -> None:
        async with self._database.connection() as connection:
            await self._writer_on(connection).keep(frames)

    async def close(self) -> None:
        await self._database.close()

    def _writer_on(self, connection: Connection) -> AsyncWriter:
        if self._writer is None or self._writer[0] is not connection:
            self._writer = (connection, AsyncWriter(connection))
        return self._writer[1]
