"""An uplink process on the throw-away database, before a platform of the tests."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta

from anze.gateway.uplink.server import Uplinks
from anze.telemetry.rows import STORED, Position
from anze.telemetry.writer import SyncWriter
from anze.wire.header import Version
from anze.wire.jt809.account import Timing
from tests.gateway.conftest import Connection, Fleet, conninfo, fleet, gateway, owner
from tests.gateway.uplink.platform import ACCESS, PASSWORD, USER, Platform
from tests.telemetry.build import COMPANY, drive

__all__ = ["Connection", "Fleet", "entered", "fleet", "gateway", "moving", "owner", "running", "store"]

TIMING = Timing(keep_alive=1, silence=5, login=3, first_retry=0.1, longest_retry=0.4, roll_call=60)


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def entered(
    owner: Connection, platform: Platform, *, password: str = PASSWORD, company: int = COMPANY
) -> int:
    (uplink,) = owner.execute(
        "INSERT INTO telemetry.uplink (company_id, name, version, host, port, platform, platform_id, account,"
        " password, slave_address, slave_port, m1, ia1, ic1, key)"
        " VALUES (%s, '甬城市联网联控平台', %s, '127.0.0.1', %s, %s, '31000001', %s, %s, '127.0.0.1', %s,"
        " %s, %s, %s, %s) RETURNING id",
        [
            company,
            int(platform.version),
            platform.port,
            ACCESS,
            USER,
            password,
            free_port(),
            *(platform.cipher or [None] * 4),
        ],
    ).fetchone() or (0,)
    return int(uplink)


@asynccontextmanager
async def running(platform: Platform, timing: Timing = TIMING) -> AsyncIterator[Uplinks]:
    uplinks = Uplinks(conninfo(), "127.0.0.1", timing)
    task = asyncio.create_task(uplinks.run())
    try:
        yield uplinks
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        await platform.close()


def moving(terminal: int, count: int, *, ago: float = 0, step: int = 0) -> list[Position]:
    """Just now, unless told; `step` keeps one call's positions from another's."""
    start = datetime.now(UTC).replace(microsecond=0) - timedelta(seconds=ago + count)
    rows = drive(terminal, start, count, every=1)
    return [row._replace(body=f"{step}:".encode() + row.body, altitude=step) for row in rows]


def store(gateway: Connection, rows: list[Position]) -> None:
    assert SyncWriter(gateway).store(rows) == [STORED] * len(rows)


VERSIONS = (Version.V2011, Version.V2019)
