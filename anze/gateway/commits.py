"""Rows waiting for the next group commit; an acknowledgement leaves only after it.

While one batch is committed the next gathers: a busy gateway makes large batches, an idle one answers
at once. While the terminals of a large batch are told, the database has the next.

Rule 1: a batch that fails as a whole (no database, full disk) is tried again until it succeeds; nothing of
        it is acknowledged before, and sending rows again is safe.
Rule 2: at most `most_waiting` rows wait; when they do, `crowded` tells the links to read no further.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Protocol

from anze.gateway.metrics import Metrics
from anze.gateway.settings import Settings
from anze.telemetry.boundary import PositionStore
from anze.telemetry.rows import RawFrame, Report

log = logging.getLogger(__name__)

FIRST_PAUSE, LONGEST_PAUSE = 0.1, 5.0
MOST_RAW = 5_000
MANY = 1_000  # rows that make a batch worth sending before the terminals of the one before are told
AT_ONCE = 200  # tickets told before the next batch's conversation with the database gets its turn


class Ticket(Protocol):
    """Whoever brought rows: told when all of them are durable."""

    rows: int
    began: float

    def durable(self) -> None: ...


class Commits:
    """One writer's queue, with `run` its only consumer. `committed` is called after the tickets were told."""

    def __init__(
        self, store: PositionStore, settings: Settings, metrics: Metrics, committed: Callable[[], None]
    ) -> None:
        self._store, self._settings, self._metrics, self._committed = store, settings, metrics, committed
        self._rows: list[Report] = []
        self._tickets: list[Ticket] = []
        self._raw: list[RawFrame] = []
        self._committing = 0
        self._telling: asyncio.Task[None] | None = None
        self._wake = asyncio.Event()
        self._stopping = False

    @property
    def waiting(self) -> int:
        return len(self._rows) + self._committing

    @property
    def crowded(self) -> bool:
        return len(self._rows) + self._committing >= self._settings.most_waiting

    def offer(self, ticket: Ticket, rows: Sequence[Report]) -> None:
        self._rows.extend(rows)
        self._tickets.append(ticket)
        if not self._wake.is_set():
            self._wake.set()

    def keep(self, frame: RawFrame) -> None:
        """Bytes for whoever looks into it; those of a flood are only counted."""
        if len(self._raw) >= MOST_RAW:
            self._metrics.unkept.inc()
            return
        self._raw.append(frame)
        self._wake.set()

    def stop(self) -> None:
        """`run` returns when nothing waits any more."""
        self._stopping = True
        self._wake.set()

    async def run(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            while self._rows or self._tickets:
                if len(self._rows) < MANY:
                    await self._told()
                await self._commit()
            if self._raw:
                await self._keep()
            if self._stopping and not self._rows and not self._raw:
                await self._told()
                return

    async def _commit(self) -> None:
        rows, tickets = self._take()
        self._committing = len(rows)
        began = time.monotonic()
        await self._insist(rows)
        ended = time.monotonic()
        self._committing = 0
        self._metrics.commits.observe(ended - began)
        self._metrics.waiting.set(len(self._rows))
        self._metrics.acknowledged.observe(ended - tickets[0].began)
        await self._told()
        self._telling = asyncio.create_task(self._tell(tickets))

    async def _tell(self, tickets: Sequence[Ticket]) -> None:
        """A part at a time: thousands of answers in one go would keep the next batch from its commit."""
        for at in range(0, len(tickets), AT_ONCE):
            for ticket in tickets[at : at + AT_ONCE]:
                ticket.durable()
            self._committed()
            await asyncio.sleep(0)

    async def _told(self) -> None:
        """The batch before has been answered, in its order."""
        if self._telling is not None:
            await self._telling
            self._telling = None

    def _take(self) -> tuple[list[Report], list[Ticket]]:
        """Whole tickets up to the batch's size, at least one."""
        size = self._settings.batch
        if len(self._rows) <= size:
            rows, tickets = self._rows, self._tickets
            self._rows, self._tickets = [], []
            return rows, tickets
        count = taken = 0
        for ticket in self._tickets:
            if taken and count + ticket.rows > size:
                break
            count += ticket.rows
            taken += 1
        rows, tickets = self._rows[:count], self._tickets[:taken]
        del self._rows[:count], self._tickets[:taken]
        return rows, tickets

    async def _insist(self, rows: Sequence[Report]) -> None:
        pause = FIRST_PAUSE
        while rows:
            try:
                results = await self._store.store(rows)
            except (
                Exception
            ) as error:  # whatever it is: these rows are not durable, and somebody waits for them
                log.warning("group commit of %d positions failed, trying again: %s", len(rows), error)
                self._metrics.failed_commits.inc()
                await asyncio.sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE)
                continue
            for outcome, count in Counter(result.outcome for result in results).items():
                self._metrics.positions.labels(outcome).inc(count)
            return

    async def _keep(self) -> None:
        frames, self._raw = self._raw, []
        try:
            await self._store.keep(frames)
        except (
            Exception
        ) as error:  # nobody waits for these, and they are counted: not worth holding up positions
            log.warning("%d raw frames were not kept: %s", len(frames), error)
            self._metrics.unkept.inc(len(frames))
