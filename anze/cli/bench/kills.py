"""`kill -9` of gateway and database at random moments, while terminals report.

Every acknowledged position is looked for afterwards, by terminal and digest; none may be there twice.
A killed gateway is started anew, as `anze gateway` does it; a killed PostgreSQL by its launcher.
"""

from __future__ import annotations

import asyncio
import os
import random
import signal
import time
from collections import Counter
from dataclasses import dataclass, field

from anze.cli.bench import stand
from anze.cli.bench.figures import Figure, Outcome
from anze.cli.gateway import serve_one
from anze.cli.postgres import Server
from anze.cli.simulate import run as run_loop
from anze.cli.simulate.fleet import Fleet
from anze.cli.simulate.tally import Tally
from anze.cli.simulate.terminal import Platform, identities
from anze.gateway.settings import Settings
from anze.telemetry.rows import digest_of

EVERY = 0.5  # s between two positions of a terminal
LEAST_PAUSE, MOST_PAUSE = 0.2, 1.5  # s from serving again to the next kill
BACK_SECONDS, SETTLE_SECONDS = 60.0, 120.0
FIRST_PHONE = 13_100_000_000
VICTIMS = ("gateway", "backend", "postmaster")

STORED = """
SELECT t.phone, p.digest, count(*) FROM telemetry.position p JOIN telemetry.terminal t ON t.id = p.terminal_id
WHERE t.phone = ANY(%s) GROUP BY 1, 2
"""


@dataclass(slots=True)
class Reckoning:
    """What became of the positions."""

    kills: Counter[str] = field(default_factory=Counter)
    made: int = 0
    acknowledged: int = 0
    resent: int = 0
    lost: int = 0  # acknowledged, and not there
    twice: int = 0  # there more than once
    waiting: int = 0  # neither acknowledged nor refused when patience ended
    longest: float = 0.0  # s from a kill to the next acknowledgement

    @property
    def sound(self) -> bool:
        return not (self.lost or self.twice or self.waiting)


def run(server: Server, conninfo: str, *, kills: int, terminals: int) -> Outcome:
    found = reckon(server, conninfo, kills=kills, terminals=terminals)
    struck = ", ".join(f"{count} × {name}" for name, count in sorted(found.kills.items()))
    return Outcome(
        "kills",
        "Kills while terminals report",
        f"{terminals} terminals, a position each {EVERY} s; `kill -9` at random moments: {struck}. "
        f"{found.made:,} positions made, {found.acknowledged:,} acknowledged, {found.resent:,} sent again.",
        (
            Figure("acknowledged and lost", found.lost, "positions", 0),
            Figure("stored twice", found.twice, "positions", 0),
            Figure("unacknowledged at the end", found.waiting, "positions", 0),
            Figure("longest wait for the next acknowledgement", found.longest, "s"),
        ),
    )


def reckon(
    server: Server, conninfo: str, *, kills: int, terminals: int, seed: int | None = None
) -> Reckoning:
    """The server is ours, with telemetry in it; terminals are installed here, and its launcher watches."""
    with server.connect("anze_owner", "anze") as owner:
        stand.install(owner, terminals, FIRST_PHONE)
    server.watch(lambda text: None)
    with stand.gateway(conninfo) as serving:
        scene = _Scene(server, conninfo, serving, random.Random(seed))  # noqa: S311 -- when to strike
        try:
            run_loop(scene.play(kills, terminals))
        finally:
            scene.serving.process.kill()
    _compare(server, scene)
    return scene.found


class _Scene:
    def __init__(self, server: Server, conninfo: str, serving: stand.Serving, chance: random.Random) -> None:
        self.server, self.conninfo, self.serving, self.chance = server, conninfo, serving, chance
        self.found = Reckoning()
        self.acknowledged: Counter[tuple[str, int]] = Counter()

    async def play(self, kills: int, terminals: int) -> int:
        tally = Tally(acknowledged=self._acknowledged)
        fleet = Fleet(
            list(identities(terminals, FIRST_PHONE)), Platform("127.0.0.1", self.serving.port), tally
        )
        ended = False
        await fleet.connect(1000)
        driving = asyncio.ensure_future(fleet.drive(EVERY, lambda: ended))
        await self._next_acknowledgement(tally)
        for number in range(kills):
            await asyncio.sleep(self.chance.uniform(LEAST_PAUSE, MOST_PAUSE))
            await self._strike(VICTIMS[number % len(VICTIMS)])
            await self._next_acknowledgement(tally)
        ended = True
        await driving
        await fleet.settle(SETTLE_SECONDS)
        await fleet.stop()
        found = self.found
        found.made, found.acknowledged, found.resent = tally.made, tally.acked, tally.resent
        found.waiting = tally.open + tally.refused
        return 0

    def _acknowledged(self, phone: str, body: bytes) -> None:
        self.acknowledged[phone, digest_of(body)] += 1

    async def _strike(self, victim: str) -> None:
        pid = self._pid_of(victim)
        if pid is None:  # nobody is connected right now: the gateway is as good
            victim, pid = "gateway", self.serving.pid
        os.kill(pid, signal.SIGKILL)
        self.found.kills[victim] += 1
        if victim == "gateway":
            self.serving.process.join()
            port = self.serving.port
            settings = Settings(port=port, **stand.UNLIMITED)
            arguments = (settings, self.conninfo, os.getpid())
            self.serving = await asyncio.to_thread(stand.start, serve_one, arguments, port)

    def _pid_of(self, victim: str) -> int | None:
        if victim == "gateway":
            return self.serving.pid
        if victim == "postmaster":
            return int((self.server.data / "postmaster.pid").read_text("utf-8").split("\n")[0])
        with self.server.connect() as connection:
            row = connection.execute(
                "SELECT pid FROM pg_stat_activity WHERE usename = 'anze_gateway' ORDER BY state, random()"
            ).fetchone()
        return None if row is None else int(str(row[0]))

    async def _next_acknowledgement(self, tally: Tally) -> None:
        """Of a position that was made after now."""
        began, before = time.monotonic(), tally.acked
        while tally.acked == before:
            if time.monotonic() - began > BACK_SECONDS:
                raise RuntimeError(f"{BACK_SECONDS:.0f} 秒内没有恢复：{tally.words()}")
            await asyncio.sleep(0.02)
        self.found.longest = max(self.found.longest, time.monotonic() - began)


def _compare(server: Server, scene: _Scene) -> None:
    phones = sorted({phone for phone, _ in scene.acknowledged})
    with server.connect("anze_owner", "anze") as owner:
        rows = owner.execute(STORED, [phones]).fetchall()
    stored = {(phone, digest): count for phone, digest, count in rows}
    scene.found.lost = sum(key not in stored for key in scene.acknowledged)
    scene.found.twice = sum(int(str(count)) > 1 for count in stored.values())


def prepared(server: Server) -> None:
    """The tables of telemetry in a cluster that has nothing else."""
    from anze.telemetry import rights, schema

    with server.connect("anze_owner", "anze") as owner:
        schema.apply(owner)
        rights.provision(owner, app="anze_app", gateway="anze_gateway")
