"""Terminals in vehicles, and believable positions."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg

from anze.telemetry.rows import Position, Source

COMPANY, ANOTHER_COMPANY = 1, 2
SINCE = datetime(2026, 1, 1, tzinfo=UTC)
NOON = datetime(2026, 5, 20, 4, 0, tzinfo=UTC)  # of 20 May in Shanghai


def install(
    owner: psycopg.Connection[Any],
    phone: str,
    *,
    vehicle: int,
    company: int = COMPANY,
    since: datetime = SINCE,
    until: datetime | None = None,
) -> int:
    """The terminal's id."""
    (terminal,) = owner.execute("SELECT telemetry.terminal_of(%s)", [phone]).fetchone() or (0,)
    owner.execute(
        "INSERT INTO telemetry.installation"
        " (terminal_id, company_id, vehicle_id, plate, plate_colour, since, until)"
        " VALUES (%s, %s, %s, %s, 2, %s, %s)",
        [terminal, company, vehicle, f"浙A{vehicle:05d}", since, until],
    )
    return int(terminal)


def position(
    terminal: int, at: datetime = NOON, *, delay: float = 1, body: bytes = b"", **values: Any
) -> Position:
    """Received `delay` seconds after the device's time."""
    found = Position(
        terminal_id=terminal,
        device_time=at,
        received_at=at + timedelta(seconds=delay),
        longitude=120_150_000,
        latitude=30_270_000,
        altitude=12,
        speed=455,
        direction=87,
        alarm=0,
        status=3,
        body=body or at.isoformat().encode(),
        items=b"\x01\x04\x00\x00\x10\x00",
        mileage=4096,
        source=Source.LIVE,
    )
    return found._replace(**values)


def drive(terminal: int, start: datetime, count: int, *, every: int = 30, delay: float = 1) -> list[Position]:
    """A way north-east, one position each `every` seconds."""
    return [
        position(
            terminal,
            start + timedelta(seconds=every * step),
            delay=delay,
            body=f"{terminal}:{start.isoformat()}:{step}".encode(),
            longitude=120_000_000 + 300 * step,
            latitude=30_000_000 + 200 * step,
        )
        for step in range(count)
    ]
