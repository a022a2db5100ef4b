"""A batch as columns: reports decoded together, or rows taken over as they are.

Rule: whatever bytes a report has, it becomes a row; only what somebody made by hand can be unreadable.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from operator import index
from typing import Any, NamedTuple, TypeGuard

import numpy as np
from numpy.typing import NDArray

from anze.telemetry.rows import Position, Report
from anze.wire.batch import NONE, read_bodies, read_numbers
from anze.wire.position import SIZE

NAMES = (
    "terminal_id", "device_time", "received_at", "longitude", "latitude", "altitude", "speed", "direction",
    "alarm", "status", "mileage", "recorder_speed", "source",
)  # fmt: skip
# As wide as any comes in, for acceptance to judge. Instants are µs since 1970; a mileage may be NONE.
TABLE = np.dtype([(name, "i8") for name in NAMES])
NO_TIME = np.iinfo(np.int64).min
BAD_OPTIONAL = NONE - 1
EPOCH, MICROSECOND = datetime(1970, 1, 1, tzinfo=UTC), timedelta(microseconds=1)
MILEAGE, RECORDER_SPEED = 0x01, 0x03
SAME = ("altitude", "speed", "direction", "longitude", "latitude")
UNREADABLE = (TypeError, ValueError, AttributeError)


class Columns(NamedTuple):
    """`refused`: why a row could not even become columns."""

    table: NDArray[np.void]
    bodies: Sequence[bytes]
    items: Sequence[bytes]
    refused: dict[int, str]


def columns_of(rows: Sequence[Position] | Sequence[Report]) -> Columns:
    return _decoded(rows) if _are_reports(rows) else _taken_over(rows)  # type: ignore[arg-type]  # the other kind


def _are_reports(rows: Sequence[Any]) -> TypeGuard[Sequence[Report]]:
    return bool(rows) and isinstance(rows[0], Report)


def _decoded(reports: Sequence[Report]) -> Columns:
    terminals, received, bodies, sources, dialects = zip(*reports, strict=True)
    read = read_bodies(bodies)
    items = [body[SIZE:] for body in bodies]
    table = np.empty(len(reports), TABLE)
    table["terminal_id"], table["source"] = terminals, sources
    table["received_at"] = np.rint(np.array(received) * 1e6)
    table["device_time"] = read["time"].astype("M8[us]").view(np.int64)
    table["alarm"], table["status"] = read["alarm_bits"], read["status_bits"]
    for name in SAME:
        table[name] = read[name]
    numbers = read_numbers(items, {MILEAGE: 4, RECORDER_SPEED: 2})
    for seq, dialect in enumerate(dialects):
        if dialect:  # what the terminal's model means otherwise is not read as the standard's
            for number in numbers:
                if f"0x{number:02x}" in dialect:
                    numbers[number][seq] = NONE
    table["mileage"], table["recorder_speed"] = numbers[MILEAGE], numbers[RECORDER_SPEED]
    return Columns(table, bodies, items, {})


def _taken_over(rows: Sequence[Position]) -> Columns:
    table = np.zeros(len(rows), TABLE)
    refused: dict[int, str] = {}
    for seq, row in enumerate(rows):
        try:
            table[seq] = _values(row)
        except OverflowError:
            refused[seq] = "out-of-range"
        except UNREADABLE:
            refused[seq] = "unreadable"
    items = [b"" if seq in refused else row.items for seq, row in enumerate(rows)]
    return Columns(table, [row.body for row in rows], items, refused)


def _values(row: Position) -> tuple[int, ...]:
    """Whole numbers only, and bytes that are bytes."""
    _ = b"" + row.body + row.items
    there = row.device_time is not None and row.device_time.tzinfo is not None
    return (
        index(row.terminal_id),
        _instant(row.device_time) if there else NO_TIME,  # type: ignore[arg-type]  # it is there
        _instant(row.received_at),
        *map(index, row[3:10]),
        _optional(row.mileage),
        _optional(row.recorder_speed),
        index(row.source),
    )


def _instant(at: datetime) -> int:
    return (at - EPOCH) // MICROSECOND


def _optional(value: int | None) -> int:
    if value is None:
        return NONE
    return index(value) if value >= 0 else BAD_OPTIONAL
