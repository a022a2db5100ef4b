"""The codec alone, on one core: positions one by one and in batches, and a connection's session."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime

from anze.cli.bench.figures import Figure, Outcome
from anze.wire.batch import read_bodies
from anze.wire.events import Authenticating, PositionReported
from anze.wire.frame import FrameReader
from anze.wire.header import Header, Version, encode, parse
from anze.wire.items import ItemReader, write_items
from anze.wire.messages import encode as encode_body
from anze.wire.messages.registration import Authentication
from anze.wire.position import Position, make_position, read_position
from anze.wire.session import Session

PHONE, VERSION = "13912345678", Version.V2013
ITEMS = {0x01: 123_456, 0x02: 800, 0x03: 605, 0x25: 0, 0x2A: 0, 0x30: 31, 0x31: 16}
ONE_BY_ONE, IN_BATCHES = 250_000, 1_500_000
BATCH = 10_000


def run(*, seconds: float) -> Outcome:
    bodies = [position(n).encode() for n in range(BATCH)]
    frames = [
        b"".join(encode(Header(0x0200, PHONE, n & 0xFFFF, VERSION), body)) for n, body in enumerate(bodies)
    ]
    return Outcome(
        "wire",
        "JT/T 808 codec",
        f"{BATCH:,} different 0x0200 of {len(bodies[0])} bytes with {len(ITEMS)} additional items, one core, "
        "by the processor's time.",
        (
            _rate("bodies with all items, one by one", _one_by_one(bodies), seconds, ONE_BY_ONE),
            _rate("bodies in batches", lambda: read_bodies(bodies), seconds, IN_BATCHES),
            _rate("frames cut, checked and read", _framed(frames), seconds),
            _rate("frames through a session, acknowledged", _in_session(frames), seconds),
        ),
    )


def position(n: int) -> Position:
    """The n-th of a trip: every one different, some with bytes to be escaped."""
    return make_position(
        time=datetime(2026, 11, 28, n // 3600 % 24, n // 60 % 60, n % 60, tzinfo=UTC),
        latitude=31_234_567 + 37 * n,
        longitude=121_234_567 + 53 * n,
        speed=n % 1000,
        direction=n % 360,
        tail=write_items({**ITEMS, 0x01: 123_456 + n}),
    )


def _one_by_one(bodies: list[bytes]) -> Callable[[], object]:
    reader = ItemReader()

    def act() -> None:
        for body in bodies:
            reader.values(read_position(body, VERSION).tail)

    return act


def _framed(frames: list[bytes]) -> Callable[[], object]:
    reader = FrameReader()

    def act() -> None:
        for frame in frames:
            for each in reader.feed(frame):
                if isinstance(each, bytes):
                    read_position(parse(each)[1], VERSION)

    return act


def _in_session(frames: list[bytes]) -> Callable[[], object]:
    session = Session()
    hello = encode(Header(0x0102, PHONE, 0, VERSION), encode_body(Authentication(code="a"), VERSION))
    for event in session.receive_bytes(b"".join(hello), 0.0):
        if isinstance(event, Authenticating):
            session.acknowledge(event)

    def act() -> None:
        for frame in frames:
            for event in session.receive_bytes(frame, 0.0):
                if isinstance(event, PositionReported):
                    session.acknowledge(event)

    return act


def _rate(what: str, act: Callable[[], object], seconds: float, least: float | None = None) -> Figure:
    """How many of BATCH a second of the processor's time does, at its best: other programs only take away."""
    act()
    best, until = 0.0, time.monotonic() + seconds
    while not best or time.monotonic() < until:
        started = time.process_time()
        act()
        best = max(best, BATCH / (time.process_time() - started))
    return Figure(what, best, "/s", least=least)
