"""Messages that are no positions, on their way into the database; acknowledged once they are there.

Few beside the positions, and some large: pictures come whole, up to what a session puts together.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from anze.gateway.database import Reconnecting
from anze.telemetry import messages
from anze.telemetry.messages import Said

log = logging.getLogger(__name__)

BATCH, PAUSE = 200, 1.0
ROW_BYTES = 2_000  # so many bytes wait at the price of one position


class Deliveries:
    def __init__(self, conninfo: str, most_waiting: int) -> None:
        self._database, self._most_waiting = Reconnecting(conninfo), most_waiting
        self._weight = 0
        self._waiting: list[tuple[Said, Callable[[], None]]] = []
        self._wake = asyncio.Event()
        self._stopping = False

    @property
    def crowded(self) -> bool:
        """Too much waits, as with positions: no link is read from."""
        return self._weight >= self._most_waiting

    def offer(self, said: Said, durable: Callable[[], None]) -> None:
        self._waiting.append((said, durable))
        self._weight += weight(said)
        self._wake.set()

    def stop(self) -> None:
        self._stopping = True
        self._wake.set()

    async def run(self) -> None:
        while not (self._stopping and not self._waiting):
            await self._wake.wait()
            self._wake.clear()
            while self._waiting:
                await self._deliver()

    async def close(self) -> None:
        await self._database.close()

    async def _deliver(self) -> None:
        batch = self._waiting[:BATCH]
        try:
            async with self._database.connection() as connection:
                await messages.keep(connection, [said for said, _ in batch])
        except Exception as error:  # whatever it is: these are not durable, and somebody waits for them
            log.warning("%d messages were not kept, trying again: %s", len(batch), error)
            await asyncio.sleep(PAUSE)
            return
        del self._waiting[: len(batch)]
        self._weight -= sum(weight(said) for said, _ in batch)
        for _, durable in batch:
            durable()


def weight(said: Said) -> int:
    """What it counts for beside positions."""
    return 1 + len(said.body) // ROW_BYTES
