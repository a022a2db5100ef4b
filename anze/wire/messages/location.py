"""Positions: reported, asked for, followed, back-filled; and alarms confirmed by hand."""

from __future__ import annotations

from typing import Any

from anze.wire.errors import MalformedError
from anze.wire.fields import BYTE, DWORD, WORD, Seen, Tail
from anze.wire.position import Position, PositionKind, read_position
from anze.wire.tables import Message, column, message


@message(0x0200, "位置信息汇报", "8.18")
class Location(Message):
    position: Position = column(PositionKind(), "位置")


@message(0x8201, "位置信息查询", "8.19")
class LocationQuery(Message):
    pass


@message(0x0201, "位置信息查询应答", "8.20", answers=(0x8201,))
class LocationAnswer(Message):
    serial: int = column(WORD, "应答流水号")
    position: Position = column(PositionKind(), "位置")


@message(0x8202, "临时位置跟踪控制", "8.21")
class Follow(Message):
    interval: int = column(WORD, "时间间隔：0 停止跟踪", "s")
    validity: int | None = column(Tail(DWORD), "位置跟踪有效期", "s", default=None)


@message(0x8203, "人工确认报警消息", "8.22")
class AlarmConfirmation(Message):
    serial: int = column(WORD, "报警消息流水号：0 表示该类全部")
    alarm_bits: int = column(DWORD, "人工确认报警类型")


class Entries:
    """Positions behind their lengths. One that is none stays as bytes and costs only itself.

    They are read to the end whatever their number in front says: terminals miscount (SmallChi/JT808#53).
    """

    __slots__ = ()

    def read(self, data: bytes, at: int, seen: Seen) -> tuple[tuple[Position | bytes, ...], int]:
        entries: list[Position | bytes] = []
        while at < len(data):
            end = at + 2 + int.from_bytes(data[at : at + 2], "big")
            piece = data[at + 2 : end]
            at = min(end, len(data))
            try:
                entries.append(read_position(piece, seen.version))
            except MalformedError:
                entries.append(piece)
        return tuple(entries), at

    def write(self, value: Any, seen: Seen) -> bytes:
        pieces = [each.encode() if isinstance(each, Position) else each for each in value]
        return b"".join(WORD.write(len(piece), seen) + piece for piece in pieces)


@message(0x0704, "定位数据批量上传", "8.49")
class Locations(Message):
    count: int = column(WORD, "数据项个数")
    kind: int = column(BYTE, "位置数据类型：0 正常 1 盲区补报")
    entries: tuple[Position | bytes, ...] = column(Entries(), "位置汇报数据项")

    @property
    def positions(self) -> tuple[Position, ...]:
        return tuple(each for each in self.entries if isinstance(each, Position))

    @property
    def complete(self) -> bool:
        """Every entry is a position, and there are as many as announced."""
        return len(self.positions) == len(self.entries) == self.count
