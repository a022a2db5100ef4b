"""Many terminals in one process: connecting spread out, reporting by their trips or by a trace."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime

from anze.cli.simulate.replay import Step
from anze.cli.simulate.tally import Tally
from anze.cli.simulate.terminal import Identity, Platform, Terminal
from anze.cli.simulate.trips import Fix, trip
from anze.wire.position import FIXED, make_position

ACC = 1 << 0
MOST_MILEAGE = 0xFFFF_FFFF
CONNECTS_A_SECOND = 150.0  # below what a gateway takes of one address
DRAIN_SECONDS = 30.0

Places = Callable[[int, datetime], Fix]


class Fleet:
    """`drive` or `replay` within `connected`."""

    def __init__(self, identities: Sequence[Identity], platform: Platform, tally: Tally) -> None:
        self.tally = tally
        self.terminals = [Terminal(each, platform, tally) for each in identities]

    async def connect(self, a_second: float = CONNECTS_A_SECOND) -> None:
        """Return when each has tried for the first time."""
        began = time.monotonic()
        starting = set()
        for number, terminal in enumerate(self.terminals):
            late = began + number / a_second - time.monotonic()
            if late > 0:
                await asyncio.sleep(late)
            starting.add(asyncio.ensure_future(terminal.start()))
        await asyncio.gather(*starting)

    async def drive(self, every: float, until: Callable[[], bool], places: Places | None = None) -> None:
        """Each reports every so many seconds, at its own moment of them, until told."""
        found = places or _on_trips(len(self.terminals))
        began, done = time.monotonic(), 0
        count = len(self.terminals)
        while not until():
            due = int((time.monotonic() - began) / every * count)
            now = datetime.now(UTC).replace(microsecond=0)
            for number in range(done, due):
                self.terminals[number % count].report(body_of(found(number % count, now), now))
            done = due
            await asyncio.sleep(min(0.05, every / count) if count < 20 else 0.02)

    async def replay(self, steps: Iterable[Step], speed: float, until: Callable[[], bool]) -> None:
        """`speed` times as fast as it was; vehicles of the trace beyond our terminals stay away."""
        chosen: dict[str, Terminal] = {}
        free = iter(self.terminals)
        began, first = time.monotonic(), None
        for step in steps:
            first = first or step.at
            while (late := began + (step.at - first).total_seconds() / speed - time.monotonic()) > 0:
                if until():
                    return
                await asyncio.sleep(min(late, 0.2))
            terminal = chosen.get(step.vehicle) or next(free, None)
            if terminal is not None:
                chosen[step.vehicle] = terminal
                terminal.report(body_of(step.fix, step.at))

    async def settle(self, patience: float = DRAIN_SECONDS) -> bool:
        """Whether all that was made is acknowledged by then."""
        until = time.monotonic() + patience
        while self.tally.open and time.monotonic() < until:
            await asyncio.sleep(0.05)
        return not self.tally.open

    async def stop(self) -> None:
        for terminal in self.terminals:
            terminal.stop()
        await asyncio.sleep(0)


def body_of(fix: Fix, at: datetime) -> bytes:
    """The body of 0x0200, with the mileage."""
    mileage = int(fix.mileage * 10) & MOST_MILEAGE
    return make_position(
        time=at,
        latitude=round(fix.latitude * 1e6),
        longitude=round(fix.longitude * 1e6),
        altitude=12,
        speed=round(fix.speed * 10),
        direction=round(fix.heading) % 360,
        status_bits=FIXED | (ACC if fix.running else 0),
        tail=b"\x01\x04" + mileage.to_bytes(4, "big"),
    ).encode()


def _on_trips(count: int) -> Places:
    trips = [trip(number) for number in range(count)]
    return lambda number, now: trips[number].at(now)
