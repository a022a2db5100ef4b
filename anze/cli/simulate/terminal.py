"""One terminal as real ones behave: it registers, reports, and forgets nothing that is not acknowledged.

Rule 1: a position is kept until the platform acknowledges it: sent again after a time-out, and as
        0x0704 after an outage.
Rule 2: a connection on which nothing is acknowledged any more is given up and opened again.
"""

from __future__ import annotations

import asyncio
import random
from collections import deque
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from ssl import SSLContext
from struct import Struct
from typing import cast

from anze.cli.simulate.tally import Tally
from anze.wire.errors import MalformedError
from anze.wire.frame import FrameReader
from anze.wire.header import Header, Version, encode, parse
from anze.wire.messages import decode
from anze.wire.messages import encode as body_of
from anze.wire.messages.general import Heartbeat, TerminalAck
from anze.wire.messages.registration import Authentication, Registration, RegistrationAnswer
from anze.wire.tables import Message

LOCATION, LOCATIONS, AUTHENTICATION = 0x0200, 0x0704, 0x0102
PLATFORM_ACK, REGISTRATION_ANSWER = 0x8001, 0x8100
ACK = Struct(">HHB")
ANSWER_SECONDS, MOST_TRIES = 15.0, 3
HEARTBEAT_SECONDS = 60.0
FIRST_PAUSE, LONGEST_PAUSE = 0.3, 10.0
BUNDLE = 15  # positions of one 0x0704: stays below one frame
MOST_KEPT = 20_000  # positions; beyond, the oldest are overwritten, as in a terminal's memory


@dataclass(frozen=True, slots=True)
class Identity:
    """What a terminal says of itself when it registers."""

    phone: str
    plate: str
    colour: int = 2
    version: Version = Version.V2013
    maker: str = "ANZE0"
    model: str = "SIM-1"

    @property
    def device(self) -> str:
        return f"S{self.phone[-6:]:0>6}"


@dataclass(slots=True)
class Sent:
    """Bodies under one serial, waiting for its acknowledgement."""

    bodies: tuple[bytes, ...]
    at: float
    tries: int = 1


@dataclass(frozen=True, slots=True)
class Platform:
    host: str
    port: int
    tls: SSLContext | None = None


class Terminal(asyncio.Protocol):
    """`start`, `report` now and then, `stop`."""

    __slots__ = (
        "_backlog", "_code", "_frames", "_heard", "_identity", "_loop", "_pause", "_platform", "_sent",
        "_serial", "_stopped", "_tally", "_timer", "_transport", "working",
    )  # fmt: skip

    def __init__(self, identity: Identity, platform: Platform, tally: Tally) -> None:
        self._identity, self._platform, self._tally = identity, platform, tally
        self._loop = asyncio.get_running_loop()
        self._transport: asyncio.Transport | None = None
        self._frames = FrameReader()
        self._sent: dict[int, Sent] = {}
        self._backlog: deque[bytes] = deque()
        self._code, self._serial = "", 0
        self._pause = FIRST_PAUSE
        self._heard = 0.0
        self._stopped = False
        self._timer: asyncio.TimerHandle | None = None
        self.working = False

    async def start(self) -> None:
        """Connect; where that fails, try again later."""
        self._tally.connects += 1
        try:
            await self._loop.create_connection(
                lambda: self, self._platform.host, self._platform.port, ssl=self._platform.tls
            )
        except OSError:
            self._again()

    def stop(self) -> None:
        self._stopped = True
        if self._timer is not None:
            self._timer.cancel()
        if self._transport is not None:
            self._transport.close()

    def report(self, body: bytes) -> None:
        """A position: now if there is a connection, else when there is one again."""
        self._tally.made += 1
        if self.working:
            self._send_bodies((body,))
            return
        self._backlog.append(body)
        if len(self._backlog) > MOST_KEPT:
            self._backlog.popleft()
            self._tally.overwritten += 1

    # The connection.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._frames = FrameReader()
        if self._stopped:
            self._transport.close()
            return
        self._heard = self._loop.time()
        self._timer = self._loop.call_later(ANSWER_SECONDS, self._look)
        self._introduce()

    def connection_lost(self, exc: Exception | None) -> None:
        self._transport = None
        self._tally.working -= self.working
        self.working = False
        if self._timer is not None:
            self._timer.cancel()
        if self._stopped:
            return
        self._tally.losses += 1
        for sent in self._sent.values():
            self._backlog.extend(sent.bodies)
        self._sent.clear()
        self._again()

    def _again(self) -> None:
        if self._stopped:
            return
        wait = self._pause * random.uniform(0.5, 1.5)  # noqa: S311 -- so that a fleet comes back spread
        self._pause = min(self._pause * 2, LONGEST_PAUSE)
        self._timer = self._loop.call_later(wait, lambda: asyncio.ensure_future(self.start()))

    def _introduce(self) -> None:
        said = self._identity
        if self._code:
            self._send(Authentication(code=self._code, imei="0" * 15, software="1.0"))
            return
        self._send(
            Registration(
                province=33,
                city=200,
                maker=said.maker,
                model=said.model,
                device=said.device,
                colour=said.colour,
                plate=said.plate,
            )
        )

    def _look(self) -> None:
        """What was not acknowledged in time is sent again; a silent platform is left."""
        now = self._loop.time()
        self._timer = self._loop.call_later(ANSWER_SECONDS / 3, self._look)
        late = {serial: sent for serial, sent in self._sent.items() if now - sent.at > ANSWER_SECONDS}
        if any(sent.tries >= MOST_TRIES for sent in late.values()) or (
            not self.working and now - self._heard > ANSWER_SECONDS
        ):
            if self._transport is not None:
                self._transport.abort()
            return
        for serial, sent in late.items():
            sent.at, sent.tries = now, sent.tries + 1
            self._tally.resent += len(sent.bodies)
            self._write(serial, sent.bodies)
        if self.working and now - self._heard > HEARTBEAT_SECONDS:
            self._send(Heartbeat())

    # What the platform says.

    def data_received(self, data: bytes) -> None:
        self._heard = self._loop.time()
        for frame in self._frames.feed(data):
            if isinstance(frame, bytes):
                with suppress(MalformedError):
                    self._hear(*parse(frame))

    def _hear(self, header: Header, body: bytes) -> None:
        if header.message_id == PLATFORM_ACK:
            self._acknowledged(*ACK.unpack_from(body))
        elif header.message_id == REGISTRATION_ANSWER:
            self._registered(header, body)
        elif header.message_id >= 0x8000:  # a command: shown, or done, as far as anybody can tell
            self._send(TerminalAck(serial=header.serial, message_id=header.message_id, result=0))

    def _registered(self, header: Header, body: bytes) -> None:
        found = decode(header.message_id, body, self._identity.version)
        answer = found[0] if found is not None else None
        if isinstance(answer, RegistrationAnswer) and not answer.result:
            self._code = answer.code
            self._introduce()
        elif self._transport is not None:
            self._pause = LONGEST_PAUSE
            self._transport.close()

    def _acknowledged(self, serial: int, message_id: int, result: int) -> None:
        if message_id == AUTHENTICATION:
            self._authenticated(result)
            return
        sent = self._sent.pop(serial, None) if message_id in (LOCATION, LOCATIONS) else None
        if sent is None:
            return
        if result:
            self._tally.refused += len(sent.bodies)
            return
        self._tally.acked += len(sent.bodies)
        for body in sent.bodies:
            self._tally.acknowledged(self._identity.phone, body)
        if self._backlog:
            self._send_backlog()

    def _authenticated(self, result: int) -> None:
        if result:  # the platform has forgotten us
            self._code = ""
            self._introduce()
            return
        self._pause = FIRST_PAUSE
        self._tally.working += not self.working
        self.working = True
        self._send_backlog()

    # What the terminal says.

    def _send_backlog(self) -> None:
        """A bundle at a time, the next with the acknowledgement of this."""
        count = min(len(self._backlog), BUNDLE)
        if count:
            bodies = tuple(self._backlog.popleft() for _ in range(count))
            self._tally.resent += count
            self._send_bodies(bodies, bundled=True)

    def _send_bodies(self, bodies: tuple[bytes, ...], *, bundled: bool = False) -> None:
        serial = self._next_serial()
        self._sent[serial] = Sent(bodies, self._loop.time())
        self._tally.sent += len(bodies)
        self._write(serial, bodies, bundled=bundled)

    def _write(self, serial: int, bodies: tuple[bytes, ...], *, bundled: bool = False) -> None:
        if len(bodies) == 1 and not bundled:
            self._frame(LOCATION, serial, bodies[0])
            return
        entries = b"".join(len(body).to_bytes(2, "big") + body for body in bodies)
        self._frame(LOCATIONS, serial, len(bodies).to_bytes(2, "big") + b"\x01" + entries)

    def _send(self, message: Message) -> None:
        self._frame(message.ID, self._next_serial(), body_of(message, self._identity.version))

    def _frame(self, message_id: int, serial: int, body: bytes) -> None:
        if self._transport is not None:
            header = Header(message_id, self._identity.phone, serial, self._identity.version)
            self._transport.write(b"".join(encode(header, body)))

    def _next_serial(self) -> int:
        self._serial = (self._serial + 1) & 0xFFFF
        return self._serial


def identities(count: int, first: int) -> Iterator[Identity]:
    """Consecutive numbers; every third speaks 2019."""
    for number in range(count):
        version = Version.V2019 if number % 3 == 2 else Version.V2013
        yield Identity(str(first + number), f"浙B{number % 100_000:05d}", version=version)
