"""The position that a terminal reports: 28 bytes that are always there, and additional items behind them.

Rule 1: 28 bytes suffice; nothing that follows can cost the position.
Rule 2: values stay as sent (1e-6°, m, 0.1 km/h, °); what is doubtful is said by flags, never refused.
Rule 3: bit 2 of the status makes the latitude southern, bit 3 the longitude western.

JT/T 808-2013 §8.18 and the same table of 2019, which prints the time at offset 21;
direction takes 20 and 21, so that it lies at 22, where every terminal sends it.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import IntFlag
from struct import Struct
from typing import Any, NamedTuple

from anze.wire.errors import MalformedError, Reason
from anze.wire.fields import Seen, bcd_time, instant, take
from anze.wire.header import Version
from anze.wire.items import STANDARD, Dialect, Extra, item_values, read_items

HEAD = Struct(">IIIIHHH6s")
SIZE = HEAD.size
SOUTH, WEST = 1 << 2, 1 << 3
FIXED, SHIFTED = 1 << 1, 1 << 5


class Quality(IntFlag):
    """What is doubtful about a position."""

    NO_FIX = 1 << 0  # status bit 1 says so: the coordinates are the last known ones, or none
    NOWHERE = 1 << 1  # 0/0
    OUT_OF_RANGE = 1 << 2  # beyond 90° or 180°
    NO_TIME = 1 << 3  # the digits name no instant
    CLOCK_AHEAD = 1 << 4
    CLOCK_BEHIND = 1 << 5
    SHIFTED = 1 << 6  # status bit 5: longitude and latitude encrypted by a map plug-in
    ITEMS_BROKEN = 1 << 7  # the additional items do not add up


# A clock may go this wrong; what lies further back than a back-fill reaches is a wrong clock.
AHEAD, BEHIND = timedelta(minutes=10), timedelta(days=180)


class Position(NamedTuple):
    """One position; `tail` are its additional items, decoded only when asked for."""

    alarm_bits: int
    status_bits: int
    raw_latitude: int
    raw_longitude: int
    altitude: int
    speed: int
    direction: int
    bcd: bytes
    tail: bytes = b""
    version: Version = Version.V2013

    @property
    def time(self) -> datetime | None:
        """The terminal's own time; None where its digits name no instant."""
        return instant(self.bcd)

    @property
    def latitude(self) -> int:
        """1e-6°, south negative."""
        return -self.raw_latitude if self.status_bits & SOUTH else self.raw_latitude

    @property
    def longitude(self) -> int:
        """1e-6°, west negative."""
        return -self.raw_longitude if self.status_bits & WEST else self.raw_longitude

    def items(self, dialect: Dialect = STANDARD) -> tuple[Extra, ...]:
        """The additional items in their order, as the terminal's model means them."""
        return read_items(self.tail, dialect)

    def values(self, dialect: Dialect = STANDARD) -> dict[str, Any]:
        """The additional items that are known and fit, by name."""
        return item_values(self.tail, dialect)

    def encode(self) -> bytes:
        return HEAD.pack(*self[:8]) + self.tail


def read_position(body: bytes, version: Version) -> Position:
    """The position that the body is; raises MalformedError when it has less than 28 bytes."""
    if len(body) < SIZE:
        raise MalformedError(Reason.TRUNCATED, f"{len(body)} < {SIZE}")
    return Position._make((*HEAD.unpack_from(body), body[SIZE:], version))


def make_position(
    *,
    time: datetime,
    latitude: int,
    longitude: int,
    altitude: int = 0,
    speed: int = 0,
    direction: int = 0,
    alarm_bits: int = 0,
    status_bits: int = FIXED,
    tail: bytes = b"",
    version: Version = Version.V2013,
) -> Position:
    """A position from signed 1e-6°; the hemispheres go into the status."""
    status = status_bits & ~(SOUTH | WEST) | (latitude < 0) * SOUTH | (longitude < 0) * WEST
    place = (abs(latitude), abs(longitude), altitude, speed, direction)
    return Position(alarm_bits, status, *place, bcd_time(time), tail, version)


def quality(position: Position, received: datetime) -> Quality:
    """What is doubtful about a position that arrived at the instant."""
    found = Quality(0)
    if not position.status_bits & FIXED:
        found |= Quality.NO_FIX
    if position.status_bits & SHIFTED:
        found |= Quality.SHIFTED
    if not position.raw_latitude and not position.raw_longitude:
        found |= Quality.NOWHERE
    if position.raw_latitude > 90_000_000 or position.raw_longitude > 180_000_000:
        found |= Quality.OUT_OF_RANGE
    if any(extra.broken for extra in read_items(position.tail, {})):
        found |= Quality.ITEMS_BROKEN
    return found | _clock(position.time, received)


def _clock(time: datetime | None, received: datetime) -> Quality:
    if time is None:
        return Quality.NO_TIME
    if time > received + AHEAD:
        return Quality.CLOCK_AHEAD
    return Quality.CLOCK_BEHIND if time < received - BEHIND else Quality(0)


class PositionKind:
    """A position as a field: 28 bytes inside other messages, or the rest of the body with its items."""

    __slots__ = ("size",)

    def __init__(self, size: int | None = None) -> None:
        self.size = size

    def read(self, data: bytes, at: int, seen: Seen) -> tuple[Position, int]:
        piece, end = take(data, at, self.size)
        return read_position(piece, seen.version), end

    def write(self, value: Any, seen: Seen) -> bytes:
        piece: bytes = value.encode()
        return piece if self.size is None else piece[: self.size]
