"""Kinds of field that only JT/T 809 has; the others are those of anze/wire/fields.py.

Bytes that are no time, or a name in another form than the standard's, never fail.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from struct import Struct
from typing import Any

from anze.wire.errors import UnencodableError
from anze.wire.fields import DWORD, OFFSET, QWORD, Kind, Prefixed, Seen, Text, take
from anze.wire.tables import Nested

# The year 9999; beyond it no instant.
LAST = 253_402_214_400
CIVIL = Struct(">BBHBBB")
PLATFORM_SIZE = 11


def instant_of(seconds: int) -> datetime | None:
    """Seconds since 1970 as an aware instant; 0, or more than a year holds, is None."""
    return datetime.fromtimestamp(seconds, UTC) if 0 < seconds <= LAST else None


def seconds_of(value: datetime | None) -> int:
    if value is None:
        return 0
    if value.tzinfo is None:
        raise UnencodableError(f"时间没有时区：{value}")
    seconds = int(value.timestamp())
    if seconds < 0:
        raise UnencodableError(f"时间早于 1970 年：{value}")
    return seconds


@dataclass(frozen=True, slots=True)
class UtcTime:
    """Eight bytes of seconds since 1970."""

    def read(self, data: bytes, at: int, seen: Seen) -> tuple[datetime | None, int]:
        seconds, end = QWORD.read(data, at, seen)
        return instant_of(seconds), end

    def write(self, value: Any, seen: Seen) -> bytes:
        return QWORD.write(seconds_of(value), seen)


@dataclass(frozen=True, slots=True)
class CivilTime:
    """Day, month, year (two bytes), hour, minute, second of UTC+8, as plain numbers."""

    def read(self, data: bytes, at: int, seen: Seen) -> tuple[datetime | None, int]:
        piece, end = take(data, at, CIVIL.size)
        day, month, year, hour, minute, second = CIVIL.unpack(piece)
        try:
            return datetime(year, month, day, hour, minute, second, tzinfo=OFFSET).astimezone(UTC), end
        except (ValueError, OverflowError):
            return None, end

    def write(self, value: Any, seen: Seen) -> bytes:
        if value is None:
            return bytes(CIVIL.size)
        if value.tzinfo is None:
            raise UnencodableError(f"时间没有时区：{value}")
        local = value.astimezone(OFFSET)
        return CIVIL.pack(local.day, local.month, local.year, local.hour, local.minute, local.second)


@dataclass(frozen=True, slots=True)
class PlatformId:
    """Eleven bytes of text; some peers send it as one big number instead, which leads with a zero byte."""

    def read(self, data: bytes, at: int, seen: Seen) -> tuple[str, int]:
        piece, end = take(data, at, PLATFORM_SIZE)
        if piece[0] == 0 and any(piece):
            return str(int.from_bytes(piece, "big")), end
        return Text(PLATFORM_SIZE).read(piece, 0, seen)[0], end

    def write(self, value: Any, seen: Seen) -> bytes:
        return Text(PLATFORM_SIZE).write(value, seen)


CONTENT = Prefixed(DWORD, Text())


def block(table: Any) -> Kind:
    """A table behind the number of its bytes."""
    return Prefixed(DWORD, Nested(table))
