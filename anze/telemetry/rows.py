"""What comes in and what is answered: plain rows. Instants are aware; a day is Asia/Shanghai's."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta, timezone
from enum import IntEnum, StrEnum
from hashlib import blake2b
from typing import Any, NamedTuple

DIGEST_SIZE = 8
SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")


class Source(IntEnum):
    """How a position came."""

    LIVE = 0  # 0x0200, 0x0201
    BATCH = 1  # 0x0704, ordinary
    BACKFILL = 2  # 0x0704, kept by the terminal while it had no network


class Position(NamedTuple):
    """One position as received; the numbers are those of the message."""

    terminal_id: int  # from the directory
    device_time: datetime | None  # None: the terminal's six bytes are no time
    received_at: datetime
    longitude: int  # 1e-6 degrees, west negative
    latitude: int  # 1e-6 degrees, south negative
    altitude: int  # m
    speed: int  # 0.1 km/h
    direction: int  # degrees
    alarm: int
    status: int
    body: bytes  # of 0x0200, or one item of 0x0704: identifies the position with terminal and time
    items: bytes = b""  # additional items as sent
    mileage: int | None = None  # 0.1 km
    recorder_speed: int | None = None  # 0.1 km/h
    source: Source = Source.LIVE


class Report(NamedTuple):
    """One position as the bytes of its message: decoded with its batch, all rows together."""

    terminal_id: int  # from the directory
    received: float  # seconds since 1970
    body: bytes  # of 0x0200, or one item of 0x0704: 28 bytes at least
    source: Source = Source.LIVE
    dialect: Mapping[str, Any] = {}  # the ids of items that the terminal's model means otherwise

    @property
    def received_at(self) -> datetime:
        return datetime.fromtimestamp(self.received, UTC)


class RawFrame(NamedTuple):
    """Bytes that could not become what they should have; `reason` is a short fixed word for counting."""

    received_at: datetime
    frame: bytes
    reason: str
    detail: str = ""
    terminal_id: int | None = None  # None: from nobody known
    phone: str = ""
    peer: str = ""


class Outcome(StrEnum):
    STORED = "stored"
    DUPLICATE = "duplicate"  # stored before, or twice in this batch
    REFUSED = "refused"  # kept raw, with the reason


class Result(NamedTuple):
    outcome: Outcome
    reason: str = ""


STORED, DUPLICATE = Result(Outcome.STORED), Result(Outcome.DUPLICATE)


def digest_of(body: bytes) -> int:
    """What tells two bodies of one terminal and second apart; fits a signed bigint."""
    return int.from_bytes(blake2b(body, digest_size=DIGEST_SIZE).digest(), "big", signed=True)


def day_of(instant: datetime) -> date:
    return instant.astimezone(SHANGHAI).date()


def start_of(day: date) -> datetime:
    return datetime.combine(day, time(), SHANGHAI).astimezone(UTC)
