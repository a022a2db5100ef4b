"""A day of positions from its partition into a file: at every instant one of the two is live, not both.

The file is complete and on disk before one transaction names it in the manifest and drops the partition.
Killed before that commit, the partition is live and the file an orphan; after it, the file is live. Readers
take their locks before they look (`track.py`), so none sees the moment between.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from time import time
from typing import Any, LiteralString

from psycopg import sql

from anze.telemetry.files import DRAFT, NAME, new_name, open_duckdb, settle, sha256_of
from anze.telemetry.schema import Connection

HOT_DAYS = 3  # today, yesterday, and what a gateway cut off at midnight still delivers
OPEN_AHEAD = 3
ORPHAN_SECONDS = 24 * 3600
MOVER = 0x616E7A65  # the advisory lock of whoever moves or cleans
PATIENCE: LiteralString = "SET LOCAL lock_timeout = '5s'"

# As text for DuckDB. A day is sorted by vehicle and device time, so that a track reads little of it.
EXPORT: LiteralString = """
COPY (SELECT received_at AT TIME ZONE 'UTC', device_time AT TIME ZONE 'UTC', terminal_id, vehicle_id,
    company_id, digest, longitude, latitude, altitude, speed, direction, alarm, status, mileage,
    recorder_speed, source, encode(items, 'hex')
FROM {}) TO STDOUT (FORMAT csv, NULL '\\N')
"""
COLUMNS = {
    "received_at": "TIMESTAMP",
    "device_time": "TIMESTAMP",
    "terminal_id": "BIGINT",
    "vehicle_id": "BIGINT",
    "company_id": "BIGINT",
    "digest": "BIGINT",
    "longitude": "INTEGER",
    "latitude": "INTEGER",
    "altitude": "INTEGER",
    "speed": "INTEGER",
    "direction": "INTEGER",
    "alarm": "BIGINT",
    "status": "BIGINT",
    "mileage": "BIGINT",
    "recorder_speed": "INTEGER",
    "source": "TINYINT",
    "items": "VARCHAR",
}
CONVERT = """
COPY (SELECT * REPLACE (unhex(items) AS items)
    FROM read_csv($text, columns = {columns}, header = false, auto_detect = false, delim = ',', quote = '"',
        escape = '"', nullstr = '\\N')
    ORDER BY vehicle_id, device_time, digest)
TO '{draft}' (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 65536)
"""
SUMMARY: LiteralString = "SELECT count(*), sum(digest::numeric), min(device_time), max(device_time) FROM {}"
SHARES: LiteralString = "SELECT company_id, count(*) FROM {} GROUP BY 1 ORDER BY 1"
NAMED: LiteralString = """
INSERT INTO telemetry.manifest (name, day, rows, bytes, sha256, first_device_time, last_device_time)
VALUES (%s, %s, %s, %s, %s, %s, %s) RETURNING id
"""
PARTITIONS: LiteralString = """
SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
WHERE i.inhparent = to_regclass(%s) ORDER BY 1
"""


class MoveFailed(RuntimeError):  # noqa: N818 -- a state
    """The file does not hold what the partition holds; the partition stays."""


@dataclass(frozen=True, slots=True)
class Moved:
    name: str
    day: date
    rows: int
    bytes: int


def partition_days(connection: Connection, parent: str) -> list[date]:
    names = connection.execute(PARTITIONS, [f"telemetry.{parent}"]).fetchall()
    return [datetime.strptime(name[-8:], "%Y%m%d").date() for (name,) in names]  # noqa: DTZ007 -- a day


def partition(parent: str, day: date) -> sql.Identifier:
    return sql.Identifier("telemetry", f"{parent}_{day:%Y%m%d}")


def open_ahead(connection: Connection, today: date) -> None:
    """The partitions of the coming days, so that no batch waits for one at midnight."""
    for day in (today + timedelta(days=n) for n in range(OPEN_AHEAD + 1)):
        for parent in ("identity", "position", "raw_frame", "message"):
            connection.execute("SELECT telemetry.open_day(%s, %s)", [parent, day])


def days_due(connection: Connection, today: date) -> list[date]:
    return [day for day in partition_days(connection, "position") if day <= today - timedelta(days=HOT_DAYS)]


def move_day(connection: Connection, root: Path, day: date) -> Moved | None:
    """None: the day has no positions. As the owner, on a connection that is in no transaction.

    Raises psycopg.errors.LockNotAvailable when readers leave no moment for the drop: try again later.
    """
    part = partition("position", day)
    with connection.transaction():
        connection.execute(PATIENCE)
        lock_mover(connection)
        if day not in partition_days(connection, "position"):
            return None
        # Writers to this one day wait; all others, and the readers, go on.
        connection.execute(sql.SQL("LOCK TABLE {} IN SHARE MODE").format(part))
        moved = _write_file(connection, root, day, part)
        connection.execute(sql.SQL("DROP TABLE {}").format(part))
    return moved


def lock_mover(connection: Connection) -> None:
    """Until the transaction ends, nobody else moves, expires or cleans."""
    connection.execute("SELECT pg_advisory_xact_lock(%s)", [MOVER])


def _write_file(connection: Connection, root: Path, day: date, part: sql.Identifier) -> Moved | None:
    rows, total, first, last = connection.execute(sql.SQL(SUMMARY).format(part)).fetchone() or (
        0,
        0,
        None,
        None,
    )
    if not rows:
        return None
    place = root / new_name(day)
    draft = place.with_suffix(DRAFT)
    _convert(connection, part, draft, (rows, int(total)))
    settle(draft, place)
    size = place.stat().st_size
    values = [place.name, day, rows, size, sha256_of(place), first, last]
    (file_id,) = connection.execute(NAMED, values).fetchone() or (0,)
    for company, share in connection.execute(sql.SQL(SHARES).format(part)).fetchall():
        connection.execute("INSERT INTO telemetry.share VALUES (%s, %s, %s)", [file_id, company, share])
    return Moved(place.name, day, rows, size)


def _convert(connection: Connection, part: sql.Identifier, draft: Path, expected: tuple[int, int]) -> None:
    """Write the draft, read it back, and hold it against the partition."""
    text = draft.with_suffix(f".csv{DRAFT}")
    with text.open("wb") as stream, connection.cursor() as cursor:
        text.chmod(0o600)
        with cursor.copy(sql.SQL(EXPORT).format(part)) as copy:
            for chunk in copy:
                stream.write(chunk)
    with open_duckdb(draft.parent) as duck:
        duck.execute(
            CONVERT.format(columns=COLUMNS, draft=str(draft).replace("'", "''")), {"text": str(text)}
        )
        found = duck.execute(
            "SELECT count(*), sum(digest::HUGEINT) FROM read_parquet($file)", {"file": str(draft)}
        ).fetchone()
    text.unlink()
    if found != expected:
        raise MoveFailed(f"{draft.name}: {found} instead of {expected}")


def clean(connection: Connection, root: Path) -> list[str]:
    """Delete what a killed move left behind: drafts at once, files that nothing names after a day."""
    with connection.transaction():
        lock_mover(connection)
        named = {name for (name,) in connection.execute("SELECT name FROM telemetry.manifest")}
        gone = [path for path in root.iterdir() if _left_behind(path, named)]
        for path in gone:
            shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
    return sorted(path.name for path in gone)


def _left_behind(path: Path, named: set[Any]) -> bool:
    if path.name.endswith(DRAFT) and path.is_file():
        return True
    orphan = NAME.fullmatch(path.name) is not None and path.name not in named
    left = orphan or path.name.endswith(DRAFT)  # a directory: a reader may be using it
    return left and path.stat().st_mtime < time() - ORPHAN_SECONDS


def drop_days(connection: Connection, parent: str, before: date) -> list[date]:
    """Drop the partitions of days before this one."""
    gone = [day for day in partition_days(connection, parent) if day < before]
    for day in gone:
        with connection.transaction():
            connection.execute(PATIENCE)
            connection.execute(sql.SQL("DROP TABLE IF EXISTS {}").format(partition(parent, day)))
    return gone
