"""All accounts that are entered and enabled: each held by one process at a time, until the graceful end.

The connection that holds an account's lock also listens; when it breaks another process may have the account,
so the links are given up at once.
"""

from __future__ import annotations

import asyncio
import logging
import signal
from collections import deque
from contextlib import suppress

from anze.gateway.database import Connection, Reconnecting, connect
from anze.gateway.uplink.uplink import Uplink
from anze.telemetry import uplinks
from anze.telemetry.questions import NewQuestion
from anze.telemetry.uplinks import CHANNEL, Account
from anze.wire.errors import UnencodableError
from anze.wire.jt809.account import Timing

log = logging.getLogger(__name__)

LOOK_SECONDS, RETRY_SECONDS = 3.0, 3.0
MOST_UNSTORED = 1_000


class Uplinks:
    """`run` until it is cancelled."""

    def __init__(self, conninfo: str, bind: str, timing: Timing | None = None) -> None:
        self._conninfo, self._bind, self._timing = conninfo, bind, timing or Timing()
        self._database = Reconnecting(conninfo)
        self._keeping: dict[Account, asyncio.Task[None]] = {}
        self._unstored: dict[int, deque[NewQuestion]] = {}

    async def run(self) -> None:
        try:
            while True:
                try:
                    async with self._database.connection() as connection:
                        wanted = await uplinks.accounts(connection)
                except Exception as error:  # no database: what runs notices by itself
                    log.warning("accounts could not be read: %s", error)
                else:
                    await self._settle(wanted)
                await asyncio.sleep(LOOK_SECONDS)
        finally:
            await self._settle([])
            await self._database.close()

    async def _settle(self, wanted: list[Account]) -> None:
        """What is no longer wanted, or otherwise, ends before what is new begins."""
        gone = [task for account, task in self._keeping.items() if account not in wanted]
        for task in gone:
            task.cancel()
        await asyncio.gather(*gone, return_exceptions=True)
        self._keeping = {
            account: self._keeping.get(account) or asyncio.create_task(self._keep(account))
            for account in wanted
        }

    async def _keep(self, account: Account) -> None:
        while True:
            try:
                async with await connect(self._conninfo) as connection:
                    if await uplinks.hold(connection, account.id):
                        await self._held(account, connection)
                    else:
                        log.info("uplink %d is held by another process", account.id)
            except UnencodableError as error:
                log.error("uplink %d: %s", account.id, error)
            except Exception as error:  # the database, or the port for the slave link
                log.warning("uplink %d: %s", account.id, error)
            await asyncio.sleep(RETRY_SECONDS)

    async def _held(self, account: Account, connection: Connection) -> None:
        """As long as the connection lives."""
        unstored = self._unstored.setdefault(account.id, deque(maxlen=MOST_UNSTORED))
        uplink = Uplink(account, self._conninfo, self._bind, self._timing, unstored)
        await connection.execute(f"LISTEN {CHANNEL}".encode())
        running = asyncio.create_task(uplink.run())
        watching = asyncio.create_task(_watch(connection, uplink))
        try:
            await asyncio.wait({running, watching}, return_when=asyncio.FIRST_COMPLETED)
            for task in (running, watching):
                if task.done():
                    task.result()
        finally:
            for task in (running, watching):
                task.cancel()
            await asyncio.gather(running, watching, return_exceptions=True)
            await uplink.close()


async def _watch(connection: Connection, uplink: Uplink) -> None:
    """Raises when the connection is gone, and the lock with it."""
    while True:
        async for _ in connection.notifies(timeout=LOOK_SECONDS):
            uplink.wake()
        await connection.execute("SELECT 1")


async def serve(conninfo: str, bind: str, timing: Timing | None = None) -> None:
    """Until SIGTERM or SIGINT."""
    told = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, told.set)
    running = asyncio.create_task(Uplinks(conninfo, bind, timing).run())
    telling = asyncio.create_task(told.wait())
    await asyncio.wait({running, telling}, return_when=asyncio.FIRST_COMPLETED)
    running.cancel()
    telling.cancel()
    with suppress(asyncio.CancelledError):
        await running
