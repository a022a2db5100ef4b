"""From what the wire says to what telemetry keeps."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from anze.telemetry.rows import Position as Row
from anze.telemetry.rows import Source
from anze.wire.position import Position

MILEAGE, RECORDER_SPEED = 0x01, 0x03


def row_of(
    terminal_id: int,
    position: Position,
    body: bytes,
    received_at: datetime,
    source: Source = Source.LIVE,
    dialect: Mapping[str, Any] | None = None,
) -> Row:
    """`dialect`: the ids that the terminal's model means otherwise; those are not read as the standard's."""
    mileage, recorder_speed = _usual_items(position.tail)
    if dialect:
        mileage = None if f"0x{MILEAGE:02x}" in dialect else mileage
        recorder_speed = None if f"0x{RECORDER_SPEED:02x}" in dialect else recorder_speed
    return Row(
        terminal_id,
        position.time,
        received_at,
        position.longitude,
        position.latitude,
        position.altitude,
        position.speed,
        position.direction,
        position.alarm_bits,
        position.status_bits,
        body,
        position.tail,
        mileage,
        recorder_speed,
        source,
    )


def _usual_items(tail: bytes) -> tuple[int | None, int | None]:
    """Mileage and recorder speed, found without decoding the others; they stand in front as a rule."""
    mileage = recorder_speed = None
    at, end = 0, len(tail)
    while at + 2 <= end:
        size = tail[at + 1]
        if tail[at] == MILEAGE and size == 4:
            mileage = int.from_bytes(tail[at + 2 : at + 6], "big")
        elif tail[at] == RECORDER_SPEED and size == 2:
            recorder_speed = int.from_bytes(tail[at + 2 : at + 4], "big")
        at += 2 + size
    return mileage, recorder_speed
