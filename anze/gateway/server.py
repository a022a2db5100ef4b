"""Listening, TLS, metrics, and the graceful end."""

from __future__ import annotations

import asyncio
import gc
import importlib.util
import logging
import signal
import time
from contextlib import suppress

from anze.gateway.commits import Commits
from anze.gateway.control import Control
from anze.gateway.database import Store
from anze.gateway.deliveries import Deliveries
from anze.gateway.door import Door
from anze.gateway.fleet import Fleet
from anze.gateway.gateway import Gateway
from anze.gateway.link import Link
from anze.gateway.metrics import Metrics
from anze.gateway.settings import Settings

log = logging.getLogger(__name__)

RETRY_SECONDS = 2.0
BACKLOG = 4096
# Rows are in no cycles and go with their batch: at the usual 700 they would be looked through in vain,
# and with them, again and again, all that the links hold.
GARBAGE = (50_000, 20, 50)


class Server:
    """A gateway and its tasks. `start`, then `stop`; `port` is the one that was bound."""

    def __init__(self, settings: Settings, conninfo: str) -> None:
        self.settings, self.metrics = settings, Metrics()
        self._store = Store(conninfo)
        self._fleet, self._deliveries = Fleet(conninfo), Deliveries(conninfo, settings.most_waiting)
        self.gateway = Gateway(
            settings, self.metrics, self._fleet, self._deliveries,
            lambda committed: Commits(self._store, settings, self.metrics, committed),
        )  # fmt: skip
        self._control = Control(self.gateway, conninfo)
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._listening: asyncio.Server | None = None
        self._door: Door | None = None

    @property
    def port(self) -> int:
        if self._door is not None:
            return int(self._door.socket.getsockname()[1])
        assert self._listening is not None
        return int(self._listening.sockets[0].getsockname()[1])

    async def start(self) -> None:
        """Knows its fleet before it listens."""
        await self._load()
        if self.settings.metrics_port:
            self.metrics.serve(self.settings.metrics_port)
        for name, act in {
            "commits": self.gateway.commits.run(),
            "deliveries": self._deliveries.run(),
            "control": self._control.run(),
            "ticks": self._ticks(),
        }.items():
            self._tasks[name] = asyncio.create_task(act, name=name)
        await self._listen()

    async def stop(self) -> None:
        """Read no more; what was received is committed and acknowledged; then all links are closed."""
        self.gateway.draining = True
        self._listen_no_more()
        for link in list(self.gateway.links):
            link.drain()
        self.gateway.commits.stop()
        self._deliveries.stop()
        waiting = [self._tasks[name] for name in ("commits", "deliveries") if name in self._tasks]
        if waiting:
            _, late = await asyncio.wait(waiting, timeout=self.settings.grace)
            if late:
                log.warning("stopped with rows that could not be committed; they were not acknowledged")
        for link in list(self.gateway.links):
            link.close()
        for task in self._tasks.values():
            task.cancel()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)
        for each in (self._store, self._fleet, self._deliveries, self._control):
            await each.close()

    async def _listen(self) -> None:
        settings = self.settings
        if settings.certificate:
            self._door = Door(self.gateway, settings, BACKLOG)
            self._tasks["door"] = asyncio.create_task(self._door.run(), name="door")
            return
        self._listening = await asyncio.get_running_loop().create_server(
            lambda: Link(self.gateway), settings.host, settings.port, reuse_port=True, backlog=BACKLOG
        )

    def _listen_no_more(self) -> None:
        if self._listening is not None:
            self._listening.close()
        if self._door is not None:
            self._tasks["door"].cancel()
            self._door.close()

    async def _load(self) -> None:
        while True:
            try:
                await self._fleet.load()
            except Exception as error:  # no database yet: a gateway without its directory can serve nobody
                log.warning("directory could not be read, trying again: %s", error)
                await asyncio.sleep(RETRY_SECONDS)
            else:
                return

    async def _ticks(self) -> None:
        while True:
            await asyncio.sleep(1)
            self.gateway.tick(time.monotonic())


async def serve(settings: Settings, conninfo: str) -> None:
    """Until SIGTERM or SIGINT."""
    told = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, told.set)
    server = Server(settings, conninfo)
    starting = asyncio.create_task(server.start())
    telling = asyncio.create_task(told.wait())
    await asyncio.wait({starting, telling}, return_when=asyncio.FIRST_COMPLETED)
    if starting.done():
        starting.result()
        log.info("gateway listens on %s:%d", settings.host, server.port)
    await telling
    starting.cancel()
    with suppress(asyncio.CancelledError):
        await starting
    await server.stop()


def run(settings: Settings, conninfo: str) -> None:
    """On uvloop where it is installed."""
    gc.set_threshold(*GARBAGE)
    factory = None
    if importlib.util.find_spec("uvloop") is not None:
        import uvloop

        factory = uvloop.new_event_loop
    with asyncio.Runner(loop_factory=factory) as runner:
        runner.run(serve(settings, conninfo))
