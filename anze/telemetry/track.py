"""The way of one vehicle, whether its days lie in tables or in files; only what the companies asked for own.

The locks come first: while a reader holds them, no day moves and no file goes; each position is found once.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from operator import itemgetter
from pathlib import Path
from typing import Any, LiteralString, NamedTuple

from anze.telemetry.files import FileLost, open_duckdb
from anze.telemetry.schema import Connection

MOST = 200_000  # a month at ten seconds

LOCKS: LiteralString = "LOCK TABLE telemetry.position, telemetry.manifest IN ACCESS SHARE MODE"
HOT: LiteralString = """
SELECT device_time, received_at, vehicle_id, company_id, terminal_id, longitude, latitude, altitude, speed,
    direction, alarm, status, mileage, recorder_speed, source, items
FROM telemetry.position
WHERE vehicle_id = %(vehicle)s AND company_id = ANY(%(companies)s)
    AND device_time >= %(since)s AND device_time < %(until)s
ORDER BY device_time, digest LIMIT %(most)s
"""
# Files that hold positions of the companies; of those alone that row-level security shows.
LIVE: LiteralString = """
SELECT array_agg(DISTINCT m.name), array_agg(DISTINCT s.company_id)
FROM telemetry.manifest m JOIN telemetry.share s ON s.manifest_id = m.id
WHERE s.company_id = ANY(%(companies)s) AND m.expired_at IS NULL
    AND m.last_device_time >= %(since)s AND m.first_device_time < %(until)s
"""
COLD = """
SELECT device_time, received_at, vehicle_id, company_id, terminal_id, longitude, latitude, altitude, speed,
    direction, alarm, status, mileage, recorder_speed, source, items
FROM read_parquet($files)
WHERE vehicle_id = $vehicle AND list_contains($companies, company_id)
    AND device_time >= $since AND device_time < $until
ORDER BY device_time, digest LIMIT $most
"""


class TrackTooLong(ValueError):  # noqa: N818 -- a refusal
    """More positions than one answer may hold: ask for a shorter time."""


class TrackPoint(NamedTuple):
    """A stored position; units as in `rows.Position`."""

    device_time: datetime
    received_at: datetime
    vehicle_id: int
    company_id: int
    terminal_id: int
    longitude: int
    latitude: int
    altitude: int
    speed: int
    direction: int
    alarm: int
    status: int
    mileage: int | None
    recorder_speed: int | None
    source: int
    items: bytes

    @property
    def located(self) -> bool:
        return bool(self.status & 2)


def track(
    connection: Connection,
    root: Path,
    *,
    vehicle_id: int,
    company_ids: Sequence[int],
    since: datetime,
    until: datetime,
    most: int = MOST,
) -> list[TrackPoint]:
    """By device time, half-open. Raises TrackTooLong, FileLost.

    The companies are asked for here and, as the application, by row-level security too.
    """
    asked = {
        "vehicle": vehicle_id,
        "companies": list(company_ids),
        "since": since,
        "until": until,
        "most": most + 1,
    }
    with connection.transaction():
        connection.execute(LOCKS)
        points = [TrackPoint(*row) for row in connection.execute(HOT, asked)]
        names, companies = connection.execute(LIVE, asked).fetchone() or (None, None)
        if names:
            points += _from_files(root, names, {**asked, "companies": companies})
    if len(points) > most:
        raise TrackTooLong(f"这段时间的定位超过 {most} 条，请缩短时间。")
    return sorted(points, key=itemgetter(0, 1))


def _from_files(root: Path, names: list[str], asked: dict[str, Any]) -> list[TrackPoint]:
    import duckdb

    files = [str(root / name) for name in names]
    naive = {name: asked[name].astimezone(UTC).replace(tzinfo=None) for name in ("since", "until")}
    with open_duckdb(root) as duck:
        try:
            rows = duck.execute(COLD, {**asked, **naive, "files": files}).fetchall()
        except (duckdb.IOException, duckdb.InvalidInputException) as error:
            raise FileLost(f"历史定位文件缺失或已损坏：{error}") from error
    return [
        TrackPoint(device_time.replace(tzinfo=UTC), received_at.replace(tzinfo=UTC), *values)
        for device_time, received_at, *values in rows
    ]
