"""The few kinds of field that JT/T 808 is made of, and the engine that reads a table of them.

Rule 1: one declaration serves both directions: `read` takes a value off the bytes, `write` gives them back.
Rule 2: a field that the version does not have, or whose condition is not met, is None and takes no bytes.
Rule 3: bytes that are no valid text or time never fail: text shows them escaped, a wrong time is None.

JT/T 808-2013 §4.2 table 1: big-endian numbers, BCD, GBK text.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache
from typing import Any, Protocol

from anze.wire.errors import MalformedError, Reason, UnencodableError
from anze.wire.header import Version

OFFSET = timezone(timedelta(hours=8))


@dataclass(slots=True)
class Seen:
    """The version at hand and the fields before this one."""

    version: Version
    values: Mapping[str, Any] = field(default_factory=dict)


class Kind(Protocol):
    """A kind of field. `read` answers the value and where the next begins; it raises MalformedError only."""

    def read(self, data: bytes, at: int, seen: Seen) -> tuple[Any, int]: ...

    def write(self, value: Any, seen: Seen) -> bytes: ...


def take(data: bytes, at: int, size: int | None) -> tuple[bytes, int]:
    """The next `size` bytes, or all that are left."""
    end = len(data) if size is None else at + size
    if end > len(data):
        raise MalformedError(Reason.TRUNCATED, f"{len(data)} < {end}")
    return data[at:end], end


def fit(data: bytes, size: int | None, pad: bytes = b"\0") -> bytes:
    if size is None:
        return data
    if len(data) > size:
        raise UnencodableError(f"{len(data)} 字节，只容 {size} 字节")
    return data.ljust(size, pad)


@dataclass(frozen=True, slots=True)
class Number:
    """A big-endian number of `size` bytes."""

    size: int
    signed: bool = False

    def read(self, data: bytes, at: int, seen: Seen) -> tuple[int, int]:
        piece, end = take(data, at, self.size)
        return int.from_bytes(piece, "big", signed=self.signed), end

    def write(self, value: Any, seen: Seen) -> bytes:
        try:
            piece: bytes = value.to_bytes(self.size, "big", signed=self.signed)
        except OverflowError:
            raise UnencodableError(f"{value} 超出 {self.size} 字节") from None
        return piece


BYTE, WORD, DWORD, QWORD, SIGNED = Number(1), Number(2), Number(4), Number(8), Number(2, signed=True)


@dataclass(frozen=True, slots=True)
class Raw:
    """Bytes as they are: `size` of them, or the rest."""

    size: int | None = None

    def read(self, data: bytes, at: int, seen: Seen) -> tuple[bytes, int]:
        return take(data, at, self.size)

    def write(self, value: Any, seen: Seen) -> bytes:
        if self.size is not None and len(value) != self.size:
            raise UnencodableError(f"{len(value)} 字节，应为 {self.size} 字节")
        return bytes(value)


@dataclass(frozen=True, slots=True)
class Text:
    """GBK text: `size` bytes filled up with zeros, or the rest; bytes that are no GBK show as `\\x81`."""

    size: int | None = None

    def read(self, data: bytes, at: int, seen: Seen) -> tuple[str, int]:
        piece, end = take(data, at, self.size)
        return piece.strip(b"\0").decode("gbk", "backslashreplace"), end

    def write(self, value: Any, seen: Seen) -> bytes:
        try:
            return fit(value.encode("gbk"), self.size)
        except UnicodeEncodeError:
            raise UnencodableError(f"GBK 无法表示：{value}") from None


@dataclass(frozen=True, slots=True)
class Prefixed:
    """A value behind the number of its bytes."""

    count: Number
    kind: Kind

    def read(self, data: bytes, at: int, seen: Seen) -> tuple[Any, int]:
        size, at = self.count.read(data, at, seen)
        piece, end = take(data, at, size)
        value, _ = self.kind.read(piece, 0, seen)
        return value, end

    def write(self, value: Any, seen: Seen) -> bytes:
        piece = self.kind.write(value, seen)
        return self.count.write(len(piece), seen) + piece


@dataclass(frozen=True, slots=True)
class Digits:
    """BCD: two digits a byte, with their leading zeros; nibbles above 9 stay hexadecimal."""

    size: int

    def read(self, data: bytes, at: int, seen: Seen) -> tuple[str, int]:
        piece, end = take(data, at, self.size)
        return piece.hex(), end

    def write(self, value: Any, seen: Seen) -> bytes:
        try:
            piece = bytes.fromhex(value.zfill(self.size * 2))
        except ValueError:
            raise UnencodableError(f"不是数字：{value}") from None
        return Raw(self.size).write(piece, seen)


@dataclass(frozen=True, slots=True)
class Moment:
    """BCD YYMMDDhhmmss of UTC+8 as an aware UTC instant; six zeros, or no time at all, is None."""

    def read(self, data: bytes, at: int, seen: Seen) -> tuple[datetime | None, int]:
        piece, end = take(data, at, 6)
        return instant(piece), end

    def write(self, value: Any, seen: Seen) -> bytes:
        return bcd_time(value)


# The value of a BCD byte; one that is none makes every date impossible.
DIGITS = tuple(
    byte // 16 * 10 + byte % 16 if byte // 16 < 10 and byte % 16 < 10 else -9999 for byte in range(256)
)
EAST = timedelta(hours=8)


@lru_cache(maxsize=4096)  # a fleet reports the same few seconds over and over
def instant(bcd: bytes) -> datetime | None:
    """The instant that six BCD bytes name, or None where they name none."""
    year, month, day, hour, minute, second = bcd
    try:
        return (
            datetime(
                2000 + DIGITS[year], DIGITS[month], DIGITS[day],
                DIGITS[hour], DIGITS[minute], DIGITS[second], tzinfo=UTC,
            )
            - EAST
        )  # fmt: skip
    except ValueError:
        return None


def bcd_time(value: datetime | None) -> bytes:
    if value is None:
        return bytes(6)
    if value.tzinfo is None:
        raise UnencodableError(f"时间没有时区：{value}")
    local = value.astimezone(OFFSET)
    if not 2000 <= local.year <= 2099:
        raise UnencodableError(f"年份不在 2000–2099：{value}")
    return bytes.fromhex(f"{local:%y%m%d%H%M%S}")


@dataclass(frozen=True, slots=True)
class Listed:
    """Values one after another: as many as the number before them says, or to the end."""

    kind: Kind
    count: Number | None = BYTE

    def read(self, data: bytes, at: int, seen: Seen) -> tuple[tuple[Any, ...], int]:
        count, at = (len(data), at) if self.count is None else self.count.read(data, at, seen)
        values: list[Any] = []
        while len(values) < count and (self.count is not None or at < len(data)):
            value, at = self.kind.read(data, at, seen)
            values.append(value)
        return tuple(values), at

    def write(self, value: Any, seen: Seen) -> bytes:
        head = b"" if self.count is None else self.count.write(len(value), seen)
        return head + b"".join(self.kind.write(each, seen) for each in value)


@dataclass(frozen=True, slots=True)
class Tail:
    """A value that the sender may leave out at the end."""

    kind: Kind

    def read(self, data: bytes, at: int, seen: Seen) -> tuple[Any, int]:
        return (None, at) if at >= len(data) else self.kind.read(data, at, seen)

    def write(self, value: Any, seen: Seen) -> bytes:
        return b"" if value is None else self.kind.write(value, seen)


@dataclass(frozen=True, slots=True)
class When:
    """A value that is there only when the fields before it say so."""

    condition: Callable[[Seen], bool]
    kind: Kind

    def read(self, data: bytes, at: int, seen: Seen) -> tuple[Any, int]:
        return self.kind.read(data, at, seen) if self.condition(seen) else (None, at)

    def write(self, value: Any, seen: Seen) -> bytes:
        return self.kind.write(value, seen) if self.condition(seen) else b""


@dataclass(frozen=True, slots=True)
class ByVersion:
    """A value whose kind differs by version; None: that version does not have it."""

    v2011: Kind | None
    v2013: Kind | None
    v2019: Kind | None

    def kind(self, seen: Seen) -> Kind | None:
        return {Version.V2011: self.v2011, Version.V2013: self.v2013, Version.V2019: self.v2019}[seen.version]

    def read(self, data: bytes, at: int, seen: Seen) -> tuple[Any, int]:
        kind = self.kind(seen)
        return (None, at) if kind is None else kind.read(data, at, seen)

    def write(self, value: Any, seen: Seen) -> bytes:
        kind = self.kind(seen)
        return b"" if kind is None else kind.write(value, seen)


def since_2019(kind: Kind) -> ByVersion:
    return ByVersion(None, None, kind)


def since_2013(kind: Kind) -> ByVersion:
    return ByVersion(None, kind, kind)
