"""One account at an authority's platform: the session, its two connections, its timers, what events lead to.

Rule 1: positions go over the main link alone, answers also over the slave link while that is all there is.
Rule 2: what was sent and not confirmed when the main link broke is sent again after the next log-in.

Questions and answers: conversation.py.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import deque
from contextlib import suppress
from datetime import UTC, datetime

from anze.gateway.database import Reconnecting
from anze.gateway.uplink.conversation import Conversation
from anze.gateway.uplink.positions import BATCH, grouped, message_of, registration_of
from anze.gateway.uplink.sockets import Sockets, code_shown
from anze.telemetry import uplinks
from anze.telemetry.questions import NewQuestion
from anze.telemetry.uplinks import Account, Waiting
from anze.wire.errors import UnencodableError
from anze.wire.header import Version
from anze.wire.jt809 import account as agreed
from anze.wire.jt809.account import Timing
from anze.wire.jt809.cipher import Cipher
from anze.wire.jt809.events import (
    Connect,
    Disconnect,
    Event,
    KeptAlive,
    Link,
    LoggedIn,
    LoginRefused,
    Lost,
    RollCallAsked,
    SupervisionAsked,
)
from anze.wire.jt809.session import Session
from anze.wire.jt809.states import State

log = logging.getLogger(__name__)

TICK_SECONDS, LOOK_SECONDS, PAUSE_SECONDS = 0.5, 1.0, 2.0
# How often the vehicles are looked through for new ones.
FLEET_SECONDS = 30.0
LEAVE_SECONDS = 3.0
DRAIN_EVERY = 100


class Uplink:
    """`run` until it is cancelled; then `close`."""

    def __init__(
        self, account: Account, conninfo: str, bind: str, timing: Timing, unstored: deque[NewQuestion]
    ) -> None:
        self.account, self._bind = account, bind
        self._version = Version(account.version)
        self._agreed = agreed_with(account, timing)
        self._session = Session(self._agreed)
        self._sockets = Sockets(self._opened, self._received, self._lost)
        self._database = Reconnecting(conninfo)
        self._patience = timing.silence
        self.since: datetime | None = None  # logged in on the main link
        self._introduced: set[int] = set()  # installations, on this log-in
        self._looked = 0.0
        self._echo = asyncio.Condition()
        self._echoed = 0
        self._conversation = Conversation(account, self._session, self._database, unstored, self)
        self._changed = asyncio.Event()
        self._condition = ("down", "")
        self._note = ""

    def wake(self) -> None:
        """Something was answered."""
        self._conversation.wake()

    async def run(self) -> None:
        """Where the port for the slave link cannot be had, the main link carries all."""
        try:
            await self._sockets.listen(self._bind, self.account.slave_port, self._admits)
        except OSError as error:
            log.warning("uplink %d: no slave link: %s", self.account.id, error)
            self._note = f"从链路端口 {self.account.slave_port} 不能监听，只有主链路"
        self._session.start(time.time())
        talk = self._conversation
        async with asyncio.TaskGroup() as tasks:
            for act in (self._ticks, talk.store, talk.answers, self._positions, self._tells):
                tasks.create_task(act())

    async def close(self) -> None:
        """Log out, if anybody listens; then both links are closed."""
        await self._handle(self._session.leave(time.time()))
        self.flush()
        end = time.monotonic() + LEAVE_SECONDS
        while self._session.state(Link.MAIN) is State.LEAVING and time.monotonic() < end:
            await asyncio.sleep(0.02)
        await self._sockets.stop()
        with suppress(Exception):  # the database may be what is gone
            async with self._database.connection() as connection:
                await self._conversation.write_down(connection)
                await uplinks.tell(connection, self.account.id, "down", "已停止", datetime.now(UTC))
        await self._database.close()

    # The links.

    async def _ticks(self) -> None:
        while True:
            now = time.time()
            await self._handle(self._session.handle_timer(now))
            self.flush()
            due = self._session.timer()
            await asyncio.sleep(TICK_SECONDS if due is None else max(0.01, min(TICK_SECONDS, due - now)))

    def _admits(self, first: bytes) -> bool:
        """The right code always; a wrong one only where the session can say that it is wrong."""
        code = code_shown(first, self._version, self._agreed.cipher)
        if code is None:
            return False
        return self._session.knows(code) or self._session.state(Link.SLAVE) is not State.WORKING

    async def _opened(self, link: Link) -> None:
        await self._handle(self._session.opened(link, time.time()))
        self.flush()

    async def _received(self, link: Link, data: bytes) -> None:
        await self._handle(self._session.receive_bytes(link, data, time.time()))
        self.flush()

    async def _lost(self, link: Link) -> None:
        await self._handle(self._session.lost(link, time.time()))
        self.flush()

    def flush(self) -> None:
        for link in Link:
            self._sockets.write(link, self._session.bytes_to_send(link))

    async def _handle(self, events: list[Event]) -> None:
        for event in events:
            match event:
                case Connect():
                    self._sockets.connect(self.account.host, self.account.port)
                case Disconnect(link=link, cause=cause):
                    self.flush()
                    self._sockets.close(link)
                    log.info("uplink %d: %s closed: %s", self.account.id, link.value, cause.value)
                case LoggedIn():
                    await self._at_work()
                case LoginRefused(text=text):
                    self._tell("refused", f"上级平台拒绝登录：{text}")
                case Lost(link=Link.MAIN):
                    await self._out_of_work()
                case KeptAlive(number=number):
                    await self._heard(number)
                case _:
                    self._note_event(event)

    def _note_event(self, event: Event) -> None:
        if isinstance(event, RollCallAsked | SupervisionAsked):
            self._conversation.ask(event)
        else:
            log.info("uplink %d: %s", self.account.id, type(event).__name__)

    async def _at_work(self) -> None:
        self.since = datetime.now(UTC)
        self._introduced.clear()
        self._looked = 0.0
        self._tell("up", self._note)
        await self._heard(0)
        self._conversation.begin()

    async def _out_of_work(self) -> None:
        if self._condition[0] != "refused":
            self._tell("down", "主链路断开，正在重新连接")
        self.since = None
        await self._heard(0)

    async def _heard(self, number: int) -> None:
        async with self._echo:
            self._echoed = number
            self._echo.notify_all()

    async def read(self, since: datetime) -> bool:
        """Whether the platform has read all that was sent in this log-in. False: the link broke.

        Nothing is awaited between the check and the probe: both are of one log-in, or it is False.
        """
        if self.since is not since:
            return False
        probe = self._session.probe(time.time())
        self.flush()
        await self._sockets.drain(Link.MAIN)
        async with self._echo:
            over = self._echo.wait_for(lambda: self.since is not since or self._echoed >= probe)
            await asyncio.wait_for(over, self._patience + 1)
        return self.since is since

    # Positions.

    async def _positions(self) -> None:
        while True:
            try:
                moved = self.since is not None and await self._pass_on()
            except Exception as error:  # nothing has left the table
                log.warning("uplink %d: positions wait: %s", self.account.id, error)
                await asyncio.sleep(PAUSE_SECONDS)
                continue
            if not moved:
                await asyncio.sleep(LOOK_SECONDS / 2)

    async def _pass_on(self) -> bool:
        """One batch, as far as the platform has read it. False: nothing waits, or the link broke."""
        async with self._database.connection() as connection:
            await self._introduce(connection)
            rows = await uplinks.waiting(connection, self.account.id, 0, BATCH)
        since = self.since
        if not rows or since is None:
            return False
        dropped = await self._send(rows, since)
        if not await self.read(since):
            return False
        async with self._database.connection() as connection:
            await uplinks.arrived(connection, self.account.id, [row.id for row in rows])
            if dropped:
                await uplinks.count_unsendable(connection, self.account.id, dropped)
        return len(rows) == BATCH

    async def _send(self, rows: list[Waiting], since: datetime) -> int:
        """How many could not be: their values do not fit the message, today or ever."""
        dropped = 0
        for number, (live, group) in enumerate(grouped(rows, since), 1):
            if not self._put(live, group):
                one_by_one = len(group) > 1
                dropped += sum(not (one_by_one and self._put(live, [row])) for row in group)
            if number % DRAIN_EVERY == 0:
                self.flush()
                await self._sockets.drain(Link.MAIN)
        return dropped

    def _put(self, live: bool, group: list[Waiting]) -> bool:
        try:
            vehicle, message = message_of(live, group, self.account.platform_id, self._version)
            self._session.send(message, time.time(), vehicle)
        except UnencodableError as error:
            log.warning("uplink %d: positions do not fit: %s", self.account.id, error)
            return False
        return True

    async def _introduce(self, connection: uplinks.AsyncConnection) -> None:
        """Vehicles that this log-in has not named, before their positions."""
        if self._looked and time.monotonic() - self._looked < FLEET_SECONDS:
            return
        fleet = await uplinks.mounted(connection, self.account.company_id, datetime.now(UTC))
        self._looked = time.monotonic()
        self._introduced &= {mounted.installation_id for mounted in fleet}
        for mounted in fleet:
            if mounted.installation_id in self._introduced or self.since is None:
                continue
            vehicle, message = registration_of(mounted, self.account.platform_id, self._version)
            try:
                self._session.send(message, time.time(), vehicle)
            except UnencodableError as error:
                log.warning("uplink %d: a vehicle cannot be registered: %s", self.account.id, error)
            self._introduced.add(mounted.installation_id)
            if len(self._introduced) % DRAIN_EVERY == 0:
                self.flush()
                await self._sockets.drain(Link.MAIN)
        self.flush()

    # What pages show.

    def _tell(self, state: str, detail: str) -> None:
        self._condition = (state, detail)
        self._changed.set()

    async def _tells(self) -> None:
        while True:
            await self._changed.wait()
            self._changed.clear()
            try:
                async with self._database.connection() as connection:
                    await uplinks.tell(connection, self.account.id, *self._condition, datetime.now(UTC))
            except Exception as error:  # told again
                log.warning("uplink %d: its state was not written: %s", self.account.id, error)
                await asyncio.sleep(PAUSE_SECONDS)
                self._changed.set()


def agreed_with(account: Account, timing: Timing) -> agreed.Account:
    """Raises UnencodableError."""
    return agreed.Account(
        platform=account.platform,
        user=account.account,
        password=account.password,
        address=account.slave_address,
        port=account.slave_port,
        version=Version(account.version),
        timing=timing,
        cipher=Cipher(*account.cipher) if account.cipher else None,
    )
