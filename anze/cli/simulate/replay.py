"""A recorded trace, played again: the same way at the same time of day, moved by whole days to before now.

Rule 1: local times of the file are read as Shanghai's; where the speed is missing it follows from the way.
Rule 2: the last position lies before the instant told; what is older than that stays older by as much.
"""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from operator import itemgetter
from pathlib import Path

from anze.cli.simulate.trips import SHANGHAI, Fix, distance, heading

MOST_SPEED = 250.0  # km/h: what is faster is a jump of the receiver, reported as it is, but not as a speed
NEEDED = ("vehicle", "time", "lon", "lat")


class BadTrace(ValueError):  # noqa: N818 -- a refusal
    """The file is no trace; the text names the line."""


@dataclass(frozen=True, slots=True)
class Step:
    """A position of one vehicle of the file."""

    vehicle: str
    at: datetime
    fix: Fix


def read(path: Path, before: datetime) -> list[Step]:
    """By time. Raises BadTrace, OSError."""
    raw = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    rows = csv.DictReader(io.StringIO(raw.decode("utf-8-sig")))
    missing = [name for name in NEEDED if name not in (rows.fieldnames or ())]
    if missing:
        raise BadTrace(f"{path.name} 缺少列：{'、'.join(missing)}。")
    found = [_row(path.name, number, row) for number, row in enumerate(rows, 2)]
    if not found:
        raise BadTrace(f"{path.name} 没有数据。")
    last = max(at for _, at, *_ in found)
    days = timedelta(days=(before - last).days)
    found.sort(key=itemgetter(0, 1))
    steps = [step for _, way in groupby(found, itemgetter(0)) for step in _steps(list(way), days)]
    return sorted(steps, key=lambda step: step.at)


Row = tuple[str, datetime, float, float, float | None, float | None]


def _row(name: str, number: int, row: dict[str, str]) -> Row:
    try:
        at = datetime.fromisoformat(row["time"])
        at = at.replace(tzinfo=SHANGHAI) if at.tzinfo is None else at
        speed, direction = (float(row[each]) if row.get(each) else None for each in ("speed", "direction"))
        return row["vehicle"], at, float(row["lon"]), float(row["lat"]), speed, direction
    except (ValueError, TypeError) as error:
        raise BadTrace(f"{name} 第 {number} 行：{error}") from None


def _steps(way: list[Row], days: timedelta) -> Iterator[Step]:
    mileage, bearing = 0.0, 0.0
    before: Row | None = None
    for row in way:
        vehicle, at, longitude, latitude, speed, direction = row
        metres = distance((before[2], before[3]), (longitude, latitude)) if before else 0.0
        if before and metres > 1:
            bearing = heading((before[2], before[3]), (longitude, latitude))
        seconds = (at - before[1]).total_seconds() if before else 0.0
        derived = metres / seconds * 3.6 if seconds else 0.0
        mileage += metres / 1000
        shown = (derived if derived <= MOST_SPEED else 0.0) if speed is None else speed
        turned = bearing if direction is None else direction
        yield Step(vehicle, at + days, Fix(longitude, latitude, shown, turned, mileage, shown > 0))
        before = row
