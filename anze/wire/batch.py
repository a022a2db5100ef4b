"""Many positions at once, as columns: for group commits, for replay, for whoever has many bodies together.

Rule: a row says exactly what `read_position` and `read_items` say of the same body; tests hold them together.
Bodies shorter than the 28 bytes that each begins with are for the caller to sort out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from anze.wire.position import SIZE, SOUTH, WEST

ROW = np.dtype(
    [
        ("alarm_bits", ">u4"),
        ("status_bits", ">u4"),
        ("raw_latitude", ">u4"),
        ("raw_longitude", ">u4"),
        ("altitude", ">u2"),
        ("speed", ">u2"),
        ("direction", ">u2"),
        ("bcd", "u1", (6,)),
    ]
)
COLUMNS = np.dtype(
    [
        ("alarm_bits", "u4"),
        ("status_bits", "u4"),
        ("latitude", "i8"),
        ("longitude", "i8"),
        ("altitude", "u2"),
        ("speed", "u2"),
        ("direction", "u2"),
        ("time", "M8[s]"),
    ]
)
# The value of a BCD byte; 255 for one that is none.
DIGITS = np.full(256, 255, np.uint8)
for _tens in range(10):
    DIGITS[_tens * 16 : _tens * 16 + 10] = np.arange(_tens * 10, _tens * 10 + 10)
# Days from 1970 to each month of the years 2000 to 2099, and the days that the month has.
_MONTHS = np.arange("2000-01", "2100-02", dtype="M8[M]").astype("M8[D]").astype(np.int64)
FIRST_DAYS, MONTH_DAYS = _MONTHS[:-1], np.diff(_MONTHS)
NONE = -1
HOUR = 3600
EAST = 8 * HOUR


def read_bodies(bodies: Sequence[bytes]) -> NDArray[np.void]:
    """One row of COLUMNS for each body; each has at least 28 bytes."""
    if len({len(body) for body in bodies}) == 1:
        data = np.frombuffer(b"".join(bodies), np.uint8).reshape(len(bodies), -1)
    else:
        data = np.frombuffer(b"".join([body[:SIZE] for body in bodies]), np.uint8).reshape(-1, SIZE)
    return read_array(data)


def read_array(data: NDArray[np.uint8]) -> NDArray[np.void]:
    """One row of COLUMNS for each row of bytes, which is a body with at least 28 of them."""
    raw = np.ascontiguousarray(data[:, :SIZE]).view(ROW)[:, 0]
    columns = np.empty(len(raw), COLUMNS)
    status = raw["status_bits"].astype(np.uint32)
    columns["status_bits"] = status
    for name in ("alarm_bits", "altitude", "speed", "direction"):
        columns[name] = raw[name]
    columns["latitude"] = _signed(raw["raw_latitude"], status & np.uint32(SOUTH))
    columns["longitude"] = _signed(raw["raw_longitude"], status & np.uint32(WEST))
    columns["time"] = _times(raw["bcd"])
    return columns


def read_numbers(tails: Sequence[bytes], wanted: Mapping[int, int]) -> dict[int, NDArray[np.int64]]:
    """The additional items that are numbers: of each id with its length, the value in every tail; -1: none.

    All tails are walked at once, an item of each at a step; of two items of one id the last counts.
    """
    data = np.frombuffer(b"".join([*tails, bytes(1)]), np.uint8)
    ends = np.cumsum([len(tail) for tail in tails], dtype=np.int64)
    at = ends - [len(tail) for tail in tails]
    found = {number: np.full(len(tails), NONE, np.int64) for number in wanted}
    live = np.flatnonzero(at + 2 <= ends)
    while live.size:
        begin = at[live]
        kind, size = data[begin], data[begin + 1]
        after = begin + 2 + size
        for number, width in wanted.items():
            hits = (kind == number) & (size == width) & (after <= ends[live])
            found[number][live[hits]] = _numbers(data, begin[hits] + 2, width)
        at[live] = after
        live = live[after + 2 <= ends[live]]
    return found


def _numbers(data: NDArray[np.uint8], at: NDArray[np.int64], width: int) -> NDArray[np.int64]:
    value = np.zeros(len(at), np.int64)
    for offset in range(width):
        value = value << 8 | data[at + offset]
    return value


def _signed(raw: NDArray[np.uint32], negative: NDArray[np.uint32]) -> NDArray[np.int64]:
    value = raw.astype(np.int64)
    return np.where(negative != 0, -value, value)


def _times(bcd: NDArray[np.uint8]) -> NDArray[np.datetime64]:
    """UTC instants; NaT where the digits name none."""
    year, month, day, hour, minute, second = DIGITS[bcd].astype(np.int64).T
    known = (year < 100) & (month >= 1) & (month <= 12)
    at = np.where(known, year * 12 + month - 1, 0)
    known &= (day >= 1) & (day <= MONTH_DAYS[at]) & (hour < 24) & (minute < 60) & (second < 60)
    seconds = (FIRST_DAYS[at] + day - 1) * 24 * HOUR + hour * HOUR + minute * 60 + second - EAST
    times: NDArray[np.datetime64] = seconds.astype("M8[s]")
    times[~known] = np.datetime64("NaT")
    return times
