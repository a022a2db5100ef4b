"""A fleet on its trips, held for minutes; then one vehicle's way over yesterday and today, as one query."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from anze.cli.bench import stand
from anze.cli.bench.figures import Figure, Outcome, milliseconds
from anze.cli.bench.scales import GatewaySize
from anze.cli.postgres import Server
from anze.cli.simulate import allow_files
from anze.cli.simulate import run as run_loop
from anze.cli.simulate.fleet import Fleet, body_of
from anze.cli.simulate.tally import Tally
from anze.cli.simulate.terminal import Platform, identities
from anze.cli.simulate.trips import trip
from anze.telemetry import cold
from anze.telemetry.rows import Report, day_of
from anze.telemetry.track import track
from anze.telemetry.writer import SyncWriter

FIRST_PHONE = 13_200_000_000
CONNECTS_A_SECOND = 500.0
REPORT_SECONDS = 30  # of yesterday's positions
MOST_TRACK = 300.0  # ms
STORED = """
SELECT count(*), count(DISTINCT (p.terminal_id, p.device_time, p.digest))
FROM telemetry.position p JOIN telemetry.terminal t ON t.id = p.terminal_id WHERE t.phone LIKE '132%'
"""


def run(server: Server, conninfo: str, size: GatewaySize) -> Outcome:
    count = allow_files(size.fleet)
    with server.connect("anze_owner", "anze") as owner:
        stand.install(owner, count, FIRST_PHONE)
        owner.execute("ANALYZE telemetry.terminal, telemetry.installation")
    tally = Tally()
    with stand.gateway(conninfo) as serving:
        platform = Platform("127.0.0.1", serving.port)
        least, seconds = run_held(platform, count, size, tally)
        memory = serving.memory()
    with server.connect("anze_owner", "anze") as owner:
        stored, different = owner.execute(STORED).fetchone() or (0, 0)
    taken, points = _track(server)
    lost = tally.acked - int(str(different))
    way = f"one vehicle's {points:,} positions of yesterday (file) and today (table)"
    return Outcome(
        "fleet",
        "A fleet on the road",
        f"{count:,} simulated terminals on trips, a position each {size.every:g} s, "
        f"held for {seconds:.0f} s; simulator, gateway and PostgreSQL share the cores. "
        f"{tally.made:,} positions, {tally.losses:,} connections lost.",
        (
            Figure("acknowledged and not stored", lost, "positions", 0),
            Figure("stored twice", int(str(stored)) - int(str(different)), "positions", 0),
            Figure("unacknowledged at the end", tally.open + tally.refused, "positions", 0),
            Figure("fewest terminals on line", least, "", least=count),
            Figure("memory of the gateway", memory / 2**20, "MB"),
            Figure(way, taken, "ms", MOST_TRACK),
        ),
    )


def run_held(platform: Platform, count: int, size: GatewaySize, tally: Tally) -> tuple[int, float]:
    """The fewest terminals that were on line, and how long they were held."""
    answer: list[float] = []

    async def scene() -> int:
        fleet = Fleet(list(identities(count, FIRST_PHONE)), platform, tally)
        await fleet.connect(CONNECTS_A_SECOND)
        while tally.working < count:
            await asyncio.sleep(0.1)
        began, least = time.monotonic(), count

        def ended() -> bool:
            nonlocal least
            least = min(least, tally.working)
            return time.monotonic() - began > size.held

        await fleet.drive(size.every, ended)
        answer.extend((least, time.monotonic() - began))
        await fleet.settle()
        await fleet.stop()
        return 0

    run_loop(scene())
    return int(answer[0]), answer[1]


def _track(server: Server) -> tuple[float, int]:
    """Milliseconds of the query, the median of five, and how many positions it answered."""
    now = datetime.now(UTC)
    yesterday = now - timedelta(days=1)
    with server.connect("anze_gateway", "anze") as gateway, server.connect("anze_owner", "anze") as owner:
        (terminal,) = owner.execute(
            "SELECT id FROM telemetry.terminal WHERE phone = %s", [str(FIRST_PHONE)]
        ).fetchone() or (0,)
        SyncWriter(gateway).store(list(_day_before(int(str(terminal)), yesterday)))
        cold.move_day(owner, server.home.positions, day_of(yesterday))
        points: list[object] = []

        def ask() -> None:
            points[:] = track(
                owner,
                server.home.positions,
                vehicle_id=1,
                company_ids=[stand.COMPANY],
                since=now - timedelta(days=2),
                until=now + timedelta(hours=1),
            )

        taken = milliseconds(ask, times=5)
    return taken[2], len(points)


def _day_before(terminal: int, day: datetime) -> Iterator[Report]:
    """What vehicle 1 reported on that day of Shanghai, up to this time of day."""
    way = trip(0)
    for seconds in range(0, 6 * 3600, REPORT_SECONDS):
        at = day - timedelta(seconds=seconds)
        if day_of(at) == day_of(day):
            yield Report(terminal, at.timestamp(), body_of(way.at(at), at.replace(microsecond=0)))
