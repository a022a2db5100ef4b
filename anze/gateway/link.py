"""One connection: bytes into its session, acknowledgements out, reading paused when it must be.

Rule 1: one bad frame costs itself only; the link is closed for silence, for nobody introducing himself, for
        a peer that does not read, and by the peer.
Rule 2: a link is not read from while too many of its rows wait, while too many of all do, while its peer
        reads no answers, or while its address is over its rate; what memory it holds is bounded by that.
"""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime
from enum import Flag, auto
from typing import Protocol, cast

from anze.gateway.admission import Address
from anze.gateway.settings import Settings
from anze.telemetry.directory import Device
from anze.wire.events import Awaiting, Event
from anze.wire.session import Session

WRITE_BUFFER = 64 * 1024


class Pause(Flag):
    """Why a link is not read from."""

    NONE = 0
    OWN_ROWS = auto()
    ALL_ROWS = auto()
    UNREAD = auto()
    RATE = auto()
    ENDING = auto()


class Owner(Protocol):
    """What a link tells the gateway."""

    settings: Settings

    def opened(self, link: Link) -> bool: ...
    def closed(self, link: Link) -> None: ...
    def receive(self, link: Link, events: list[Event], size: int) -> None: ...
    def paused(self, link: Link, why: Pause) -> None: ...
    def answering(self, link: Link) -> None: ...
    def trace(self, link: Link, data: bytes, *, sent: bool) -> None: ...


class Link(asyncio.Protocol):
    """`devices`: the terminals that speak here, by the number in their headers."""

    __slots__ = (
        "_answers",
        "_owner",
        "_pause",
        "_stuck_since",
        "_transport",
        "address",
        "devices",
        "heard",
        "opened_at",
        "outstanding",
        "peer",
        "received",
        "session",
        "traced",
    )  # fmt: skip

    def __init__(self, owner: Owner) -> None:
        self._owner = owner
        self.session = Session()
        self.devices: dict[str, Device] = {}
        self.address: Address | None = None
        self.peer = ""
        self.traced = False
        self.outstanding = 0
        self.opened_at = self.heard = time.monotonic()
        self.received = time.time()
        self._answers: list[bytes] = []
        self._pause = Pause.NONE
        self._stuck_since: float | None = None
        self._transport: asyncio.Transport | None = None

    @property
    def received_at(self) -> datetime:
        """When the last bytes came."""
        return datetime.fromtimestamp(self.received, UTC)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        name = transport.get_extra_info("peername")
        self.peer = name[0] if isinstance(name, tuple) else ""
        if not self._owner.opened(self):
            self._transport.abort()
            return
        self._transport.set_write_buffer_limits(high=WRITE_BUFFER)

    def connection_lost(self, exc: Exception | None) -> None:
        self._transport = None
        self._owner.closed(self)

    def data_received(self, data: bytes) -> None:
        now = self.heard = time.monotonic()
        self.received = time.time()
        if self.traced:
            self._owner.trace(self, data, sent=False)
        self._owner.receive(self, self.session.receive_bytes(data, now), len(data))
        self.flush()

    def pause_writing(self) -> None:
        self._stuck_since = time.monotonic()
        self.pause(Pause.UNREAD)

    def resume_writing(self) -> None:
        self._stuck_since = None
        self.resume(Pause.UNREAD)

    def pause(self, why: Pause) -> None:
        if not self._pause and self._transport is not None:
            self._transport.pause_reading()
        if why not in self._pause:
            self._owner.paused(self, why)
        self._pause |= why

    def resume(self, why: Pause) -> None:
        was, self._pause = self._pause, self._pause & ~why
        if was and not self._pause and self._transport is not None:
            self._transport.resume_reading()

    def flush(self) -> None:
        """Send what the session has to say."""
        self.send(self.session.bytes_to_send())

    def send(self, data: bytes) -> None:
        if not data or self._transport is None:
            return
        if self.traced:
            self._owner.trace(self, data, sent=True)
        self._transport.write(data)

    def add_outstanding(self, rows: int) -> None:
        self.outstanding += rows
        if self.outstanding >= self._owner.settings.most_outstanding:
            self.pause(Pause.OWN_ROWS)

    def acknowledge(self, event: Awaiting, rows: int) -> None:
        """What the event brought is durable. The answer waits for `answer`: one write for all of a commit."""
        self.outstanding -= rows
        if self._pause and self.outstanding * 2 <= self._owner.settings.most_outstanding:
            self.resume(Pause.OWN_ROWS)
        if not self._answers:
            self._owner.answering(self)
        self._answers.append(self.session.acknowledge(event))

    def answer(self) -> None:
        answers, self._answers = self._answers, []
        self.send(b"".join(answers))

    def overdue(self, now: float) -> str:
        """Why the link has to be closed by now; empty: it need not."""
        settings = self._owner.settings
        if self._stuck_since is not None and now - self._stuck_since > settings.stuck:
            return "unread"
        if not self.devices and now - self.opened_at > settings.introduction:
            return "nobody"
        return "silent" if now - self.heard > settings.silence and not self._pause else ""

    def drain(self) -> None:
        """Read no more; answers still go out."""
        self.pause(Pause.ENDING)

    def close(self) -> None:
        """After what is written has gone out."""
        if self._transport is not None:
            self._transport.close()

    def abort(self) -> None:
        if self._transport is not None:
            self._transport.abort()
