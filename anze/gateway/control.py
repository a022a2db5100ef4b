"""What the application and other gateways tell this one, through the database.

Told at once by NOTIFY, and looked up every few seconds all the same: a notice lost with a connection costs
delay only. Commands go to terminals that speak here; traces are switched on and end by themselves.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
import time
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime
from typing import Any

from anze.gateway.database import Connection, Reconnecting, connect
from anze.gateway.gateway import Gateway
from anze.gateway.link import Link
from anze.gateway.orders import BadOrder, order
from anze.telemetry import commands
from anze.telemetry.commands import CHANNEL, Asked, Piece, Traced
from anze.telemetry.directory import Device
from anze.wire.errors import NotHereError, TooManyCommandsError, UnencodableError
from anze.wire.events import Answered, Unanswered
from anze.wire.header import Version
from anze.wire.messages import encode
from anze.wire.messages.general import TerminalAck

log = logging.getLogger(__name__)

LOOK_SECONDS, RETRY_SECONDS = 5.0, 2.0
ANSWER_SECONDS = 60.0
MOST_PIECES = 5_000
TELL_SECONDS = 0.05
PHONES_A_NOTICE = 150  # of at most 36 characters each: a notice holds 8,000 bytes


class Control:
    def __init__(self, gateway: Gateway, conninfo: str) -> None:
        self._gateway, self._conninfo = gateway, conninfo
        self._database = Reconnecting(conninfo)
        self._name = secrets.token_hex(6)
        self._sent: dict[tuple[Link, int], int] = {}  # link and serial -> command
        self._traced: dict[int, Traced] = {}
        self._pieces: list[Piece] = []
        self._taken: list[str] = []
        self._tasks: set[asyncio.Task[None]] = set()
        gateway.took, gateway.answered, gateway.traced = self._took, self._answered, self._trace

    async def run(self) -> None:
        """Until cancelled; a lost connection is opened again."""
        while True:
            try:
                listening = await connect(self._conninfo)
                async with listening:
                    await self._listen(listening)
            except Exception as error:  # no database: commands wait there, nothing is lost
                log.warning("control connection lost, opening it again: %s", error)
                await asyncio.sleep(RETRY_SECONDS)

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await self._database.close()

    async def _listen(self, listening: Connection) -> None:
        await listening.execute(f"LISTEN {CHANNEL}".encode())
        while True:
            await self._look()
            async for notice in listening.notifies(timeout=LOOK_SECONDS):
                what, _, rest = notice.payload.partition(" ")
                if what != "took":
                    break
                self._taken_elsewhere(rest)

    async def _look(self) -> None:
        now = datetime.now(UTC)
        async with self._database.connection() as connection:
            await commands.expire(connection, now)
            for asked in await commands.waiting(connection, now):
                if self._gateway.fleet.link_of(asked.terminal_id) is not None:
                    await self._send(connection, asked, now)
            self._switch({each.terminal_id: each for each in await commands.traced(connection, now)})
            pieces, self._pieces = self._pieces, []
            if pieces:
                await commands.keep_trace(connection, pieces)

    # Commands.

    async def _send(self, connection: Connection, asked: Asked, now: datetime) -> None:
        if not await commands.claim(connection, asked.id, now):
            return
        problem = await self._command(asked)
        if problem:
            self._gateway.metrics.commands.labels("impossible").inc()
            await commands.end(connection, asked.id, now, "impossible", detail=problem)

    async def _command(self, asked: Asked) -> str:
        """Why it cannot be sent; empty: it is on its way."""
        found = self._gateway.fleet.link_of(asked.terminal_id)
        if found is None:
            return "终端刚刚断开"
        link, terminal = found
        device = await self._gateway.fleet.find(terminal, fresh=True)
        if device is None or device.company_id != asked.company_id:
            return "终端不在本企业的车辆上"
        try:
            message = order(asked.name, asked.arguments)
            serial = link.session.command(terminal, message, time.monotonic(), wait=ANSWER_SECONDS)
        except (BadOrder, UnencodableError) as error:
            return str(error)
        except NotHereError:
            return "终端刚刚断开"
        except TooManyCommandsError:
            return "该终端还有太多未应答的指令"
        self._sent[link, serial] = asked.id
        link.flush()
        return ""

    def _answered(self, link: Link, event: Answered | Unanswered) -> None:
        command = self._sent.pop((link, event.serial), None)
        if command is None:
            return
        if isinstance(event, Unanswered):
            self._end(command, "unanswered")
            return
        if event.result:
            self._end(command, "refused", detail=f"终端应答结果 {event.result}")
            return
        if isinstance(event.message, TerminalAck):
            self._end(command, "done")
            return
        version = link.session.version(event.header.terminal) or Version.V2013
        self._end(command, "done", answer_id=event.message.ID, answer=encode(event.message, version))

    def _end(self, command: int, outcome: str, **more: Any) -> None:
        self._gateway.metrics.commands.labels(outcome).inc()

        async def note(connection: Connection) -> None:
            await commands.end(connection, command, datetime.now(UTC), outcome, **more)

        self._later(note)

    # Who took which terminal.

    def _took(self, device: Device) -> None:
        """Told in bundles: a fleet that comes back after an outage comes all at once."""
        if not self._taken:
            asyncio.get_running_loop().call_later(TELL_SECONDS, self._later, self._tell_taken)
        self._taken.append(f"{device.phone}@{time.time():.3f}")
        self._mark(device.terminal_id)

    async def _tell_taken(self, connection: Connection) -> None:
        taken, self._taken = self._taken, []
        for at in range(0, len(taken), PHONES_A_NOTICE):
            words = f"took {self._name} {','.join(taken[at : at + PHONES_A_NOTICE])}"
            await connection.execute("SELECT pg_notify(%s, %s)", [CHANNEL, words])

    def _taken_elsewhere(self, words: str) -> None:
        name, _, taken = words.partition(" ")
        if name != self._name:
            for each in taken.split(","):
                phone, _, at = each.partition("@")
                self._gateway.fleet.displaced(phone, float(at))

    # Traces.

    def _switch(self, wanted: dict[int, Traced]) -> None:
        ended, self._traced = self._traced.keys() - wanted.keys(), wanted
        for terminal_id in (*ended, *wanted):
            self._mark(terminal_id)

    def _mark(self, terminal_id: int) -> None:
        found = self._gateway.fleet.link_of(terminal_id)
        if found is not None:
            found[0].traced = any(d.terminal_id in self._traced for d in found[0].devices.values())

    def _trace(self, link: Link, data: bytes, sent: bool) -> None:
        """Of a link that several terminals share, everything is kept for each that is traced."""
        for device in link.devices.values():
            wanted = self._traced.get(device.terminal_id)
            if (
                wanted is not None
                and device.company_id == wanted.company_id
                and len(self._pieces) < MOST_PIECES
            ):
                now = datetime.now(UTC)
                self._pieces.append(Piece(now, device.terminal_id, wanted.company_id, sent, data))

    def _later(self, act: Callable[[Connection], Coroutine[Any, Any, None]]) -> None:
        task = asyncio.get_running_loop().create_task(self._do(act))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _do(self, act: Callable[[Connection], Coroutine[Any, Any, None]]) -> None:
        try:
            async with self._database.connection() as connection:
                await act(connection)
        except Exception as error:  # the database is away; `expire` ends what this did not
            log.warning("a note about a terminal was not written: %s", error)
