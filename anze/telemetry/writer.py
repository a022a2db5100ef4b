"""Positions into PostgreSQL: one group commit for a batch, and an answer for every row.

A batch is one transaction with synchronous commit. Where the database refuses it, it is tried again in
halves: the rest is stored, the bad row kept raw. A lost connection, a full disk or a stopped server raises,
and nothing is answered for; sending the same rows again is always safe.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any, LiteralString

import psycopg
from psycopg import errors
from psycopg.pq import TransactionStatus

from anze.telemetry import statements
from anze.telemetry.batch import Batch
from anze.telemetry.rows import Position, RawFrame, Report, Result, day_of

LARGEST_FRAME = 64 * 1024
RAW_BYTES_A_DAY = 1024**3  # beyond, frames are counted and not kept: a flood must not fill the disk
TRIES = 4
# The batch's own fault, or a partition that is missing; anything else is raised.
ROW_ERRORS = (psycopg.DataError, psycopg.IntegrityError)
PASSING = (errors.DeadlockDetected, errors.SerializationFailure, errors.LockNotAvailable)

OPEN_DAY: LiteralString = "SELECT telemetry.open_day(%s, %s)"
# Reasons that the store itself gives; all others come from whoever read the frame.
REFUSALS = frozenset({"no-device-time", "clock-ahead", "too-old", "out-of-range", "unreadable", "no-vehicle"})


class NotIdle(RuntimeError):  # noqa: N818 -- a state
    """The connection is inside a transaction: a commit here would not be durable."""


class _Days:
    """Partitions known to exist; asked for once by each writer."""

    def __init__(self) -> None:
        self._open: set[tuple[str, date]] = set()

    def missing(self, needed: Iterable[tuple[str, date]]) -> list[tuple[str, date]]:
        return sorted(set(needed) - self._open)

    def opened(self, days: Iterable[tuple[str, date]]) -> None:
        self._open.update(days)

    def forget(self) -> None:
        self._open.clear()


def _require_idle(connection: psycopg.Connection[Any] | psycopg.AsyncConnection[Any]) -> None:
    if connection.info.transaction_status is not TransactionStatus.IDLE:
        raise NotIdle("a batch needs a connection that is in no transaction")


class SyncWriter:
    """For tools and tests. The connection stays the caller's."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self._connection = connection
        self._days = _Days()
        self._staged = False

    def store(self, rows: Sequence[Position] | Sequence[Report]) -> list[Result]:
        _require_idle(self._connection)
        batch = Batch(rows)
        while chunk := batch.chunk():
            try:
                batch.settle(self._try(batch, chunk))
            except ROW_ERRORS as error:
                batch.split(chunk, _word(error))
        self.keep(batch.refused())
        return batch.results()

    def keep(self, frames: Sequence[RawFrame]) -> None:
        _require_idle(self._connection)
        if not frames:
            return
        self._open({("raw_frame", day_of(frame.received_at)) for frame in frames})
        with self._connection.transaction(), self._connection.cursor() as cursor:
            for columns in _kept(frames):
                cursor.execute(statements.KEEP, columns)
                cursor.execute(statements.COUNT_KEPT, columns)

    def _try(self, batch: Batch, chunk: list[int]) -> list[tuple[int, bool]]:
        data = batch.data(chunk)
        for left in reversed(range(TRIES)):
            self._open(batch.days())
            try:
                return self._commit(data)
            except (*PASSING, errors.CheckViolation) as error:
                _try_again(error, self._days, left)
        raise AssertionError("the last try raises")

    def _commit(self, data: bytes) -> list[tuple[int, bool]]:
        with self._connection.transaction(), self._connection.cursor() as cursor:
            with cursor.copy(statements.COPY) as copy:
                copy.write(data)
            cursor.execute(statements.COMMIT)
            while cursor.nextset():
                pass
            return cursor.fetchall()

    def _open(self, needed: set[tuple[str, date]]) -> None:
        missing = self._days.missing(needed)
        for table, day in missing:
            self._connection.execute(OPEN_DAY, [table, day])
        if not self._staged:
            self._connection.execute(statements.STAGE)
        if not self._connection.autocommit:
            self._connection.commit()
        self._days.opened(missing)
        self._staged = True


class AsyncWriter:
    """For the gateway: one connection, one batch at a time."""

    def __init__(self, connection: psycopg.AsyncConnection[Any]) -> None:
        self._connection = connection
        self._days = _Days()
        self._staged = False

    async def store(self, rows: Sequence[Position] | Sequence[Report]) -> list[Result]:
        _require_idle(self._connection)
        batch = Batch(rows)
        while chunk := batch.chunk():
            try:
                batch.settle(await self._try(batch, chunk))
            except ROW_ERRORS as error:
                batch.split(chunk, _word(error))
        await self.keep(batch.refused())
        return batch.results()

    async def keep(self, frames: Sequence[RawFrame]) -> None:
        _require_idle(self._connection)
        if not frames:
            return
        await self._open({("raw_frame", day_of(frame.received_at)) for frame in frames})
        async with self._connection.transaction(), self._connection.cursor() as cursor:
            for columns in _kept(frames):
                await cursor.execute(statements.KEEP, columns)
                await cursor.execute(statements.COUNT_KEPT, columns)

    async def _try(self, batch: Batch, chunk: list[int]) -> list[tuple[int, bool]]:
        data = batch.data(chunk)
        for left in reversed(range(TRIES)):
            await self._open(batch.days())
            try:
                return await self._commit(data)
            except (*PASSING, errors.CheckViolation) as error:
                _try_again(error, self._days, left)
        raise AssertionError("the last try raises")

    async def _commit(self, data: bytes) -> list[tuple[int, bool]]:
        async with self._connection.transaction(), self._connection.cursor() as cursor:
            async with cursor.copy(statements.COPY) as copy:
                await copy.write(data)
            await cursor.execute(statements.COMMIT)
            while cursor.nextset():
                pass
            return await cursor.fetchall()

    async def _open(self, needed: set[tuple[str, date]]) -> None:
        missing = self._days.missing(needed)
        for table, day in missing:
            await self._connection.execute(OPEN_DAY, [table, day])
        if not self._staged:
            await self._connection.execute(statements.STAGE)
        if not self._connection.autocommit:
            await self._connection.commit()
        self._days.opened(missing)
        self._staged = True


def _try_again(error: psycopg.Error, days: _Days, left: int) -> None:
    """Returns when it is worth another try: a passing trouble, or a day that was moved away meanwhile."""
    if left == 0 or (isinstance(error, errors.CheckViolation) and left < TRIES - 1):
        raise error
    days.forget()


def _word(error: psycopg.Error) -> str:
    return f"sql-{error.sqlstate or 'unknown'}"


def _kept(frames: Sequence[RawFrame]) -> Iterator[dict[str, Any]]:
    """Day by day, as columns: a flood of bad frames must not hold the positions up with a statement each."""
    days: dict[date, list[RawFrame]] = {}
    for frame in frames:
        days.setdefault(day_of(frame.received_at), []).append(frame)
    for day, found in sorted(days.items()):
        yield {
            "day": day,
            "part": f"telemetry.raw_frame_{day:%Y%m%d}",
            "most": RAW_BYTES_A_DAY,
            "received_at": [frame.received_at for frame in found],
            "terminal_id": [frame.terminal_id for frame in found],
            "phone": [frame.phone.replace("\0", "") for frame in found],
            "peer": [frame.peer.replace("\0", "") for frame in found],
            "reason": [frame.reason for frame in found],
            "detail": [frame.detail.replace("\0", "")[:500] for frame in found],
            "frame": [frame.frame[:LARGEST_FRAME] for frame in found],
            "refused": [_is_refusal(frame.reason) for frame in found],
        }


def _is_refusal(reason: str) -> bool:
    return reason in REFUSALS or reason.startswith("sql-")
