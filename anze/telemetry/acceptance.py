"""Which positions can be stored: a believable time, and numbers that the message's fields can hold.

A coordinate without a fix, at zero, or a speed that no vehicle drives are stored: what they mean is for the
rules to say. A device clock may be ahead by a day; a position older than half a year comes too late to be
told apart from one that has expired.
"""

from __future__ import annotations

from datetime import timedelta

from anze.telemetry.rows import Position

OLDEST = timedelta(days=184)
AHEAD = timedelta(days=1)
# Beyond this a clock is wrong: stored, counted, and never taken for the latest position.
TRUSTED_AHEAD = timedelta(minutes=10)

WORD, DWORD = 0xFFFF, 0xFFFF_FFFF


def why_not(row: Position) -> str:
    """The reason to refuse; empty: none."""
    return _wrong_time(row) or _wrong_number(row)


def _wrong_time(row: Position) -> str:
    if row.device_time is None or row.device_time.tzinfo is None:
        return "no-device-time"
    if row.device_time > row.received_at + AHEAD:
        return "clock-ahead"
    return "too-old" if row.device_time < row.received_at - OLDEST else ""


def _wrong_number(row: Position) -> str:
    fits = (
        abs(row.longitude) <= 180_000_000
        and abs(row.latitude) <= 90_000_000
        and abs(row.altitude) <= WORD
        and max(row.speed, row.direction, row.recorder_speed or 0) <= WORD
        and max(row.alarm, row.status, row.mileage or 0) <= DWORD
        and min(row.speed, row.direction, row.recorder_speed or 0) >= 0
        and min(row.alarm, row.status, row.mileage or 0) >= 0
    )
    return "" if fits else "out-of-range"
