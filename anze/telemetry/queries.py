"""What pages ask: where a company's vehicles are, when they were silent, how good their terminals' data is.

As the application, inside a scope: row-level security answers for its companies alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import LiteralString, NamedTuple

from anze.telemetry.schema import Connection


class Latest(NamedTuple):
    """The newest position by the device's clock; units as in `rows.Position`."""

    vehicle_id: int
    company_id: int
    terminal_id: int
    device_time: datetime
    received_at: datetime
    longitude: int
    latitude: int
    altitude: int
    speed: int
    direction: int
    alarm: int
    status: int
    mileage: int | None

    @property
    def located(self) -> bool:
        return bool(self.status & 2)


class Gap(NamedTuple):
    """No position in between when `until` came; `filled` ones came later."""

    vehicle_id: int
    since: datetime
    until: datetime
    filled: int


class Quality(NamedTuple):
    """What one terminal sent on one day of receipt."""

    terminal_id: int
    day: date
    company_id: int
    stored: int
    duplicates: int
    refused: int
    malformed: int
    unlocated: int
    at_zero: int
    ahead: int
    backfilled: int


class Installed(NamedTuple):
    """A terminal in a vehicle; `until` None: still."""

    id: int
    vehicle_id: int
    terminal_id: int
    phone: str
    model: str
    protocol: int | None
    registered_at: datetime | None
    since: datetime
    until: datetime | None


class Fitted(NamedTuple):
    """An installation with all that is known of its terminal."""

    id: int
    terminal_id: int
    vehicle_id: int
    phone: str
    device_id: str
    maker: str
    model: str
    protocol: int | None
    sim: str
    registered_at: datetime | None
    plate_colour: int
    since: datetime
    until: datetime | None


LATEST: LiteralString = """
SELECT vehicle_id, company_id, terminal_id, device_time, received_at, longitude, latitude, altitude, speed,
    direction, alarm, status, mileage
FROM telemetry.latest WHERE company_id = ANY(%s)
"""
GAPS: LiteralString = """
SELECT vehicle_id, since, until, filled FROM telemetry.gap
WHERE vehicle_id = %s AND company_id = ANY(%s) AND until > %s AND since < %s ORDER BY since
"""
QUALITY: LiteralString = """
SELECT terminal_id, day, company_id, stored, duplicates, refused, malformed, unlocated, at_zero, ahead,
    backfilled
FROM telemetry.quality WHERE company_id = ANY(%s) AND day >= %s AND day < %s ORDER BY day, terminal_id
"""
INSTALLED: LiteralString = """
SELECT i.id, i.vehicle_id, i.terminal_id, t.phone, t.model, t.protocol, t.registered_at, i.since, i.until
FROM telemetry.installation i JOIN telemetry.terminal t ON t.id = i.terminal_id
WHERE i.company_id = ANY(%s) AND (i.until IS NULL OR i.until > %s) ORDER BY i.vehicle_id, i.since
"""
FITTED: LiteralString = """
SELECT i.id, i.terminal_id, i.vehicle_id, t.phone, t.device_id, t.maker, t.model, t.protocol, t.sim,
    t.registered_at, i.plate_colour, i.since, i.until
FROM telemetry.installation i JOIN telemetry.terminal t ON t.id = i.terminal_id
WHERE i.company_id = ANY(%s) AND (i.vehicle_id = %s OR i.id = %s) ORDER BY i.since DESC, i.id
"""


def latest(connection: Connection, company_ids: Sequence[int]) -> list[Latest]:
    return [Latest(*row) for row in connection.execute(LATEST, [list(company_ids)])]


def gaps(
    connection: Connection, vehicle_id: int, company_ids: Sequence[int], since: datetime, until: datetime
) -> list[Gap]:
    """Silences of more than five minutes that touch the time asked about."""
    return [Gap(*row) for row in connection.execute(GAPS, [vehicle_id, list(company_ids), since, until])]


def quality(connection: Connection, company_ids: Sequence[int], since: date, until: date) -> list[Quality]:
    """Days are half-open."""
    return [Quality(*row) for row in connection.execute(QUALITY, [list(company_ids), since, until])]


def installed(connection: Connection, company_ids: Sequence[int], at: datetime) -> list[Installed]:
    """Terminals that are in a vehicle at the instant, or will be."""
    return [Installed(*row) for row in connection.execute(INSTALLED, [list(company_ids), at])]


def fitted(
    connection: Connection, company_ids: Sequence[int], *, vehicle_id: int = 0, installation_id: int = 0
) -> list[Fitted]:
    """Of one vehicle at any time, the newest first; or the one installation."""
    asked = [list(company_ids), vehicle_id, installation_id]
    return [Fitted(*row) for row in connection.execute(FITTED, asked)]
