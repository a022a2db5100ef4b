"""What each event of a session leads to.

Rule 1: an acknowledgement leaves when what it acknowledges is committed: as a position, as a message, or,
        when it cannot be stored as either, as raw bytes with the reason.
Rule 2: a peer costs what it brings: frames, bytes and bad frames are charged, and then read from later.

Who may speak: introductions.py.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any

from anze.gateway.admission import Address, Admission
from anze.gateway.commits import Commits
from anze.gateway.deliveries import Deliveries, weight
from anze.gateway.fleet import Fleet
from anze.gateway.introductions import Introductions
from anze.gateway.link import Link, Pause
from anze.gateway.metrics import Metrics
from anze.gateway.settings import Settings
from anze.telemetry.directory import Device
from anze.telemetry.messages import Said
from anze.telemetry.rows import RawFrame, Report, Source
from anze.wire import events as wire
from anze.wire.header import Header
from anze.wire.messages import encode
from anze.wire.messages.general import TimeAnswer, TimeQuery
from anze.wire.messages.location import LocationAnswer
from anze.wire.position import Position

BACKFILL = 1  # 0x0704's kind
# Keeping a bad frame costs more than a position; a link that brings many at once is read from as seldom.
FEW_BAD, BAD_A_SECOND = 20, 500.0
FRAME_BYTES = 256  # so many bytes count as a frame of an address' rate, whatever they bring
# What a session reports and nobody waits for: counted, and kept with its bytes.
Bad = wire.Garbled | wire.Undecodable | wire.Unknown | wire.Refused


class Reported:
    """An event whose rows are on their way."""

    __slots__ = ("began", "event", "link", "rows")

    def __init__(self, link: Link, event: wire.Awaiting, rows: int, began: float) -> None:
        self.link, self.event, self.rows, self.began = link, event, rows, began

    def durable(self) -> None:
        self.link.acknowledge(self.event, self.rows)


class Unawaited:
    """Rows for which no terminal waits: the position in the answer to a command."""

    __slots__ = ("began", "rows")

    def __init__(self, rows: int, began: float) -> None:
        self.rows, self.began = rows, began

    def durable(self) -> None:
        """Nobody is told."""


class Gateway:
    """One process's links, terminals and queues. `server.py` runs it."""

    def __init__(
        self, settings: Settings, metrics: Metrics, fleet: Fleet, deliveries: Deliveries,
        make_commits: Callable[[Callable[[], None]], Commits],
    ) -> None:  # fmt: skip
        self.settings, self.metrics, self.fleet, self.deliveries = settings, metrics, fleet, deliveries
        self.commits = make_commits(self._committed)
        self.links: set[Link] = set()
        self.draining = False
        self.took: Callable[[Device], None] = lambda device: None
        self.answered: Callable[[Link, wire.Answered | wire.Unanswered], None] = lambda link, event: None
        self.traced: Callable[[Link, bytes, bool], None] = lambda link, data, sent: None
        self._admission = Admission(settings)
        self._held: set[Link] = set()
        self._kept = 0  # frames that the bytes just read brought, and that have to be kept raw
        self._answering: list[Link] = []
        introductions = Introductions(self)
        self._ways: dict[type, Callable[[Link, Any], None]] = {
            wire.PositionReported: self._position,
            wire.PositionsReported: self._positions,
            wire.Registering: introductions.registering,
            wire.Authenticating: introductions.authenticating,
            wire.MessageReceived: self._message,
            wire.HeartbeatReceived: lambda link, event: None,
            wire.LoggedOut: lambda link, event: self.fleet.drop(link, event.header.terminal),
            wire.Answered: self._answered,
            wire.Unanswered: self._unanswered,
            wire.Unasked: self._unasked,
            wire.PartsMissing: self._parts_missing,
            wire.Garbled: self._bad,
            wire.Undecodable: self._bad,
            wire.Unknown: self._bad,
            wire.Refused: self._bad,
        }

    # What a link tells.

    def admit(self, peer: str) -> Address | None:
        """None: refused. Who is admitted becomes a link, or is dismissed."""
        address = None if self.draining else self._admission.enter(peer, time.monotonic())
        if address is None:
            self.metrics.refused_links.inc()
        return address

    def dismiss(self, address: Address) -> None:
        self._admission.leave(address, time.monotonic())

    def opened(self, link: Link) -> bool:
        if link.address is None:  # with TLS it was asked for at the door
            link.address = self.admit(link.peer)
        if link.address is None:
            return False
        self.links.add(link)
        self.metrics.links.set(len(self.links))
        return True

    def closed(self, link: Link) -> None:
        if link.address is not None:
            self.dismiss(link.address)
        self.links.discard(link)
        self._held.discard(link)
        self.fleet.drop(link)
        self.metrics.links.set(len(self.links))
        self.metrics.terminals.set(self.fleet.terminals)

    def receive(self, link: Link, events: list[wire.Event], size: int = 0) -> None:
        """`size`: of the bytes that brought them; bytes that bring nothing count as well."""
        self._kept = 0
        for event in events:
            self._ways[type(event)](link, event)
        if link.address is not None:
            debt = link.address.frames.take(max(len(events), size // FRAME_BYTES), link.heard)
            if self._kept > FEW_BAD:  # the peer's own doing: others at its address do not wait for it
                debt = max(debt, self._kept / BAD_A_SECOND)
            if debt > 0:
                link.pause(Pause.RATE)
                asyncio.get_running_loop().call_later(debt, link.resume, Pause.RATE)
        if self.commits.crowded or self.deliveries.crowded:
            self._held.add(link)
            link.pause(Pause.ALL_ROWS)

    def paused(self, link: Link, why: Pause) -> None:
        self.metrics.paused.labels((why.name or "").lower()).inc()

    def answering(self, link: Link) -> None:
        self._answering.append(link)

    def trace(self, link: Link, data: bytes, *, sent: bool) -> None:
        self.traced(link, data, sent)

    def tick(self, now: float) -> None:
        """Once a second: timers of sessions, and links that have to be closed."""
        for link in list(self.links):
            due = link.session.timer()
            if due is not None and due <= now:
                overdue = link.session.handle_timer(now)
                if overdue:
                    self.receive(link, overdue)
                link.flush()
            reason = link.overdue(now)
            if reason:
                self.metrics.closed.labels(reason).inc()
                link.abort()
        self._admission.forget(now)

    # Positions.

    def _position(self, link: Link, event: wire.PositionReported) -> None:
        device = link.devices.get(event.header.terminal)
        if device is None:  # displaced while these bytes were read
            return
        link.add_outstanding(1)
        row = Report(device.terminal_id, link.received, event.body, Source.LIVE, device.items)
        self.commits.offer(Reported(link, event, 1, link.heard), (row,))

    def _positions(self, link: Link, event: wire.PositionsReported) -> None:
        device = link.devices.get(event.header.terminal)
        if device is None:
            return
        source = Source.BACKFILL if event.message.kind == BACKFILL else Source.BATCH
        rows = []
        for entry in event.message.entries:
            if isinstance(entry, Position):
                rows.append(_row(device, entry, link, source))
            else:
                self.keep(link, entry, "batch-entry", event.header)
        link.add_outstanding(len(rows))
        self.commits.offer(Reported(link, event, len(rows), link.heard), rows)

    # Everything else.

    def _message(self, link: Link, event: wire.MessageReceived) -> None:
        if isinstance(event.message, TimeQuery):
            link.send(link.session.reply(event, TimeAnswer(time=link.received_at)))
            return
        device = link.devices.get(event.header.terminal)
        if device is None:
            return
        version = link.session.version(event.header.terminal) or event.header.version
        body = encode(event.message, version) + event.trailing
        said = Said(link.received_at, device.terminal_id, event.header.message_id, int(version), body)
        rows = weight(said)
        link.add_outstanding(rows)
        self.deliveries.offer(said, lambda: self._delivered(link, event, rows))

    def _delivered(self, link: Link, event: wire.Awaiting, rows: int) -> None:
        link.acknowledge(event, rows)
        self._committed()

    def _answered(self, link: Link, event: wire.Answered) -> None:
        device = link.devices.get(event.header.terminal)
        if device is not None and isinstance(event.message, LocationAnswer):
            row = _row(device, event.message.position, link, Source.LIVE)
            self.commits.offer(Unawaited(1, link.heard), (row,))
        self.answered(link, event)

    def _unanswered(self, link: Link, event: wire.Unanswered) -> None:
        self.answered(link, event)

    def _unasked(self, link: Link, event: wire.Unasked) -> None:
        self.metrics.bad.labels("unasked").inc()

    def _parts_missing(self, link: Link, event: wire.PartsMissing) -> None:
        self.metrics.bad.labels("parts-missing").inc()

    def _bad(self, link: Link, event: Bad) -> None:
        if isinstance(event, wire.Garbled):
            self.keep(link, event.raw, event.reason.name.lower(), None)
            return
        self.keep(link, event.body, _word(event), event.header)

    def keep(self, link: Link, raw: bytes, reason: str, header: Header | None) -> None:
        self._kept += 1
        self.metrics.bad.labels(reason).inc()
        phone = header.terminal if header is not None else ""
        device = link.devices.get(phone)
        if header is None and len(link.devices) == 1:
            (device,) = link.devices.values()
        self.commits.keep(
            RawFrame(
                link.received_at,
                raw,
                reason,
                terminal_id=device.terminal_id if device is not None else None,
                phone=phone,
                peer=link.peer,
            )
        )

    def _committed(self) -> None:
        self._answer()
        if self._held and not (self.commits.crowded or self.deliveries.crowded):
            held, self._held = self._held, set()
            for link in held:
                link.resume(Pause.ALL_ROWS)

    def _answer(self) -> None:
        answering, self._answering = self._answering, []
        for link in answering:
            link.answer()


def _row(device: Device, position: Position, link: Link, source: Source) -> Report:
    """`body` is the position's own bytes: what identifies it must not depend on how it was wrapped."""
    return Report(device.terminal_id, link.received, position.encode(), source, device.items)


def _word(event: wire.Undecodable | wire.Unknown | wire.Refused) -> str:
    """A short fixed word for counting."""
    match event:
        case wire.Unknown():
            return f"unknown-{event.header.message_id:04x}"
        case wire.Undecodable():
            return f"body-{event.reason.name.lower()}"
    return event.refusal.name.lower()
