"""Where the vehicles are and were: rows of telemetry for the companies in scope, and when they expire."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import connection

from anze.records.acting.context import current
from anze.records.acting.errors import Refused
from anze.records.acting.permissions import require
from anze.records.fleet.queries import VehicleRow, vehicles
from anze.records.journal.actions import Row, append, digest_of
from anze.telemetry import queries
from anze.telemetry.files import FileLost
from anze.telemetry.queries import Gap, Installed, Latest
from anze.telemetry.rows import start_of
from anze.telemetry.schema import Connection
from anze.telemetry.track import TrackPoint, TrackTooLong, track

# Ten reports at the usual thirty seconds: a vehicle that has missed them is shown as not on line.
ONLINE = timedelta(minutes=5)

EXPIRED = """
DELETE FROM telemetry.share s USING telemetry.manifest m
WHERE m.id = s.manifest_id AND m.expired_at IS NOT NULL AND s.company_id = %s
RETURNING m.id, m.name, m.day, m.sha256, s.rows
"""


class TrackUnavailable(Refused):
    """The positions cannot be shown; the text says why."""


@dataclass(frozen=True, slots=True)
class VehiclePosition:
    vehicle: VehicleRow
    terminal: Installed | None  # None: no terminal is in it
    latest: Latest | None  # None: has never sent a position
    online: bool


def raw_connection() -> Connection:
    """Psycopg's connection beneath Django's, in the scope's transaction: telemetry speaks SQL."""
    current()
    connection.ensure_connection()
    raw: Connection = connection.connection
    return raw


def fleet_positions(company_id: int) -> list[VehiclePosition]:
    """Vehicles in the fleet today, those on line first, then by plate."""
    require("see_positions")
    raw, at = raw_connection(), current().at
    last = {row.vehicle_id: row for row in queries.latest(raw, [company_id])}
    terminals = {row.vehicle_id: row for row in queries.installed(raw, [company_id], at) if row.since <= at}
    rows = [
        _position(vehicle, terminals.get(vehicle.id), last.get(vehicle.id), at)
        for vehicle in vehicles(company_id=company_id)
    ]
    return sorted(rows, key=lambda row: (not row.online, row.latest is None, row.vehicle.plate))


def position_of(vehicle: VehicleRow) -> VehiclePosition:
    require("see_positions")
    return next(
        (row for row in fleet_positions(vehicle.company_id) if row.vehicle.id == vehicle.id),
        VehiclePosition(vehicle, None, None, False),
    )


def track_of(vehicle: VehicleRow, days: Sequence[date]) -> list[TrackPoint]:
    """The whole days from the first to the last. Raises TrackUnavailable."""
    require("see_positions")
    since, until = start_of(min(days)), start_of(max(days) + timedelta(days=1))
    try:
        return track(
            raw_connection(),
            Path(settings.POSITIONS_DIR),
            vehicle_id=vehicle.id,
            company_ids=[vehicle.company_id],
            since=since,
            until=until,
        )
    except TrackTooLong as refusal:
        raise TrackUnavailable(str(refusal)) from None
    except FileLost:
        raise TrackUnavailable("历史定位文件缺失或已损坏，请告知系统管理员从备份恢复。") from None


def gaps_of(vehicle: VehicleRow, days: Sequence[date]) -> list[Gap]:
    require("see_positions")
    since, until = start_of(min(days)), start_of(max(days) + timedelta(days=1))
    return queries.gaps(raw_connection(), vehicle.id, [vehicle.company_id], since, until)


def note_expiry(*, company_id: int) -> int:
    """Journal each file of positions that has expired with a share of the company's. Answers how many."""
    require("expire_positions")
    found = raw_connection().execute(EXPIRED.encode(), [company_id]).fetchall()
    rows: list[Row] = [
        ("telemetry.file", file_id, digest_of([name, str(day), sha256, rows]))
        for file_id, name, day, sha256, rows in sorted(found)
    ]
    if rows:
        append(action="fleet.positions_expire", rows=rows, company_id=company_id, reason="保存期限届满")
    return len(rows)


def _position(
    vehicle: VehicleRow, terminal: Installed | None, last: Latest | None, at: datetime
) -> VehiclePosition:
    return VehiclePosition(vehicle, terminal, last, last is not None and last.received_at > at - ONLINE)
