"""`kill -9` of the process that holds the link, at any moment: every stored position still goes up."""

from __future__ import annotations

import asyncio
import os
import random
import subprocess
import sys
from functools import partial

from anze.wire.header import Version
from anze.wire.jt809.messages.vehicles import Fix
from tests.gateway.conftest import conninfo
from tests.gateway.uplink.conftest import Connection, Fleet, entered, moving, store
from tests.gateway.uplink.platform import Platform, until
from tests.gateway.uplink.test_positions import state, waiting

KILLS, AT_ONCE = 5, 300
PROGRAM = """
import asyncio, os
from anze.gateway.uplink.server import serve
from anze.wire.jt809.account import Timing
asyncio.run(serve(os.environ["UPLINK_DATABASE"], "127.0.0.1", Timing(first_retry=0.1, longest_retry=0.3)))
"""


def logged_in(platform: Platform, before: int) -> bool:
    return len(platform.logins) > before


def started() -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-c", PROGRAM], env={**os.environ, "UPLINK_DATABASE": conninfo()}
    )


def test_kills_cost_no_position(owner: Connection, gateway: Connection, fleet: Fleet) -> None:
    async def scene() -> None:
        platform = await Platform(Version.V2011).open()
        entered(owner, platform)
        sent = set()
        process = started()
        chance = random.Random(809)
        try:
            for number in range(KILLS):
                await until(partial(logged_in, platform, number), "a log-in", 60)
                rows = moving(fleet.first, AT_ONCE, step=number + 1)
                sent |= {(row.device_time, row.altitude) for row in rows}
                store(gateway, rows)
                await asyncio.sleep(chance.uniform(0.0, 0.6))
                process.kill()
                process.wait()
                process = started()
            await until(lambda: waiting(owner) == 0 and state(owner)[0] == "up", "all gone up", 60)
            process.terminate()
            assert await asyncio.to_thread(process.wait, 15) == 0
        finally:
            process.kill()
            process.wait()
            await platform.close()
        got = [(place.time, place.altitude) for place in platform.places() if isinstance(place, Fix)]
        assert set(got) == sent
        assert len(sent) == KILLS * AT_ONCE
        assert len(got) >= len(sent)

    asyncio.run(scene())
