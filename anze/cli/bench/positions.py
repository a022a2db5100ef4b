"""Storing positions, each once and durable, and one vehicle's track across table and file."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import LiteralString

from anze.cli.bench.figures import Figure, Outcome, milliseconds, spread
from anze.cli.postgres import Server
from anze.telemetry import cold
from anze.telemetry.rows import STORED, Position, day_of
from anze.telemetry.track import track
from anze.telemetry.writer import SyncWriter

BATCH = 5_000
COMPANY = 1
MOST_TRACK = 200  # ms
ENTER: LiteralString = """
INSERT INTO telemetry.installation (terminal_id, company_id, vehicle_id, plate, plate_colour, since)
SELECT telemetry.terminal_of((13000000000 + n)::text), %s, n, 'T' || n, 2, '2020-01-01'
FROM generate_series(1, %s) n RETURNING terminal_id
"""


def run(server: Server, root: Path, *, vehicles: int, rounds: int, times: int) -> Outcome:
    """`rounds` reports of every vehicle today and as many five days ago; half-minutes apart."""
    today = datetime.now(UTC).replace(microsecond=0)
    old = today - timedelta(days=5)
    with server.connect("anze_owner", "anze") as owner, server.connect("anze_gateway", "anze") as gateway:
        terminals = [int(str(number)) for (number,) in owner.execute(ENTER, [COMPANY, vehicles])]
        writer = SyncWriter(gateway)
        _store(writer, _reports(terminals, old, rounds))
        cold.move_day(owner, root, day_of(old))
        reports = _reports(terminals, today, rounds)
        seconds = _store(writer, reports)
        again = _store(writer, reports[:BATCH], fresh=False)
        points = 0

        def ask() -> None:
            nonlocal points
            found = track(
                owner,
                root,
                vehicle_id=vehicles // 2,
                company_ids=[COMPANY],
                since=old - timedelta(days=1),
                until=today + timedelta(days=1),
            )
            points = len(found)

        ask()
        taken = milliseconds(ask, times=times)
    stored = len(reports)
    return Outcome(
        "positions",
        "Positions",
        f"{stored:,} positions of {vehicles:,} vehicles in batches of {BATCH:,}, each batch de-duplicated "
        f"and committed durably; the track of one vehicle, {points} positions in table and file, "
        f"{times} times.",
        (
            Figure("positions stored a second", stored / seconds, "/s"),
            Figure("one batch", seconds / stored * BATCH * 1000, "ms"),
            Figure("one batch sent again", again * 1000, "ms"),
            *spread("one track", taken, MOST_TRACK),
        ),
    )


def _reports(terminals: list[int], end: datetime, rounds: int) -> list[Position]:
    """A round after the other, as they come in."""
    return [
        _report(terminal, end - timedelta(seconds=30 * back))
        for back in range(rounds, 0, -1)
        for terminal in terminals
    ]


def _report(terminal: int, at: datetime) -> Position:
    """As a terminal sends it: 28 bytes of body and three additional items."""
    moved = int(at.timestamp()) // 30 % 10_000
    body = terminal.to_bytes(8, "big") + at.isoformat().encode()
    return Position(
        terminal_id=terminal,
        device_time=at,
        received_at=at + timedelta(seconds=1),
        longitude=120_000_000 + 300 * moved,
        latitude=30_000_000 + 200 * moved,
        altitude=20,
        speed=600,
        direction=45,
        alarm=0,
        status=3,
        body=body,
        items=bytes.fromhex("0104000010000202044e250400000000"),
        mileage=4096 + moved,
    )


def _store(writer: SyncWriter, rows: list[Position], *, fresh: bool = True) -> float:
    """Seconds, for the storing alone."""
    started = time.perf_counter()
    for at in range(0, len(rows), BATCH):
        results = writer.store(rows[at : at + BATCH])
        assert all((result == STORED) is fresh for result in results)
    return time.perf_counter() - started
