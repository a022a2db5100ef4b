"""Simulated terminals before a real gateway and before one that keeps silent."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from anze.cli.simulate import terminal as terminals
from anze.cli.simulate.fleet import Fleet, body_of
from anze.cli.simulate.replay import Step
from anze.cli.simulate.tally import Tally
from anze.cli.simulate.terminal import Identity, Platform, identities
from anze.cli.simulate.trips import trip
from anze.gateway.server import Server
from anze.wire.header import Version
from tests.gateway.conftest import Connection, conninfo, fleet, gateway, owner, play

__all__ = ["conninfo", "fleet", "gateway", "owner", "play"]
Play = Callable[..., None]

INSTALLED = [
    Identity("13800000011", "浙A00011"),
    Identity("13800000012", "浙A00012", version=Version.V2019),
    Identity("13800000021", "浙A00021"),
]


def stored(owner: Connection) -> tuple[int, int]:
    """Positions, and different ones."""
    return owner.execute(
        "SELECT count(*), count(DISTINCT (terminal_id, device_time, digest)) FROM telemetry.position"
    ).fetchone() or (-1, -1)


def ahead(server: Server) -> Platform:
    return Platform("127.0.0.1", server.port)


def test_a_fleet_drives_and_everything_is_acknowledged(play: Play, owner: Connection) -> None:
    tally, seen = Tally(), []
    tally.acknowledged = lambda phone, body: seen.append((phone, body))

    async def scene(server: Server) -> None:
        fleet = Fleet(INSTALLED, ahead(server), tally)
        await fleet.connect()
        await fleet.drive(1.1, lambda: tally.acked >= 9)
        assert await fleet.settle()
        await fleet.stop()

    play(scene)
    assert tally.made == tally.acked == len(set(seen)) >= 9
    assert stored(owner) == (tally.acked, tally.acked)
    versions = owner.execute("SELECT protocol FROM telemetry.terminal ORDER BY phone").fetchall()
    assert versions == [(2013,), (2019,), (2013,)]


def test_what_an_outage_held_up_comes_as_a_back_fill(play: Play, owner: Connection) -> None:
    async def scene(server: Server) -> None:
        tally = Tally()
        fleet = Fleet(INSTALLED[:1], ahead(server), tally)
        (one,) = fleet.terminals
        now = datetime.now(UTC).replace(microsecond=0)
        for second in range(40):  # nobody has connected yet
            one.report(body_of(trip(0).at(now), now - timedelta(seconds=second)))
        await fleet.connect()
        assert await fleet.settle()
        assert (tally.acked, tally.resent) == (40, 40)
        for link in list(server.gateway.links):
            link.abort()
        while tally.losses == 0 or not one.working:
            await asyncio.sleep(0.02)
        assert tally.connects == 2  # with the code it had
        await fleet.stop()

    play(scene)
    sources = owner.execute("SELECT source, count(*) FROM telemetry.position GROUP BY 1").fetchall()
    assert sources == [(2, 40)]


def test_a_trace_is_played_to_its_end(play: Play, owner: Connection) -> None:
    now = datetime.now(UTC).replace(microsecond=0)
    steps = [
        Step(name, now - timedelta(seconds=60 - second), trip(number).at(now))
        for second in range(0, 60, 10)
        for number, name in enumerate(["a", "b", "one vehicle too many", "and another"])
    ]

    async def scene(server: Server) -> None:
        tally = Tally()
        fleet = Fleet(INSTALLED[:2], ahead(server), tally)
        await fleet.connect()
        await fleet.replay(steps, 100, lambda: False)
        assert await fleet.settle()
        assert tally.made == 12
        await fleet.replay(steps[:1] + steps[-1:], 0.001, lambda: True)  # told to stop while it waits
        assert tally.made == 13
        await fleet.stop()

    play(scene)


async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while await reader.read(1000):
        pass
    writer.close()


def test_a_silent_platform_is_left_and_nothing_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(terminals, "ANSWER_SECONDS", 0.1)
    monkeypatch.setattr(terminals, "MOST_KEPT", 5)

    async def scene() -> Tally:
        server = await asyncio.start_server(silent, "127.0.0.1", 0)
        tally = Tally()
        fleet = Fleet(INSTALLED[:1], Platform("127.0.0.1", server.sockets[0].getsockname()[1]), tally)
        await fleet.connect()
        now = datetime.now(UTC).replace(microsecond=0)
        for second in range(8):
            fleet.terminals[0].report(body_of(trip(0).at(now), now - timedelta(seconds=second)))
        while tally.losses < 2:
            await asyncio.sleep(0.02)
        assert not await fleet.settle(0.1)
        await fleet.stop()
        server.close()
        await server.wait_closed()
        return tally

    tally = asyncio.run(asyncio.wait_for(scene(), 20))
    assert (tally.made, tally.overwritten, tally.open, tally.acked) == (8, 3, 5, 0)
    assert "待确认 5" in tally.words()


def test_nobody_there_is_tried_again_and_a_stranger_is_refused(play: Play) -> None:
    async def scene(server: Server) -> None:
        tally = Tally()
        away = Fleet(INSTALLED[:1], Platform("127.0.0.1", 1), tally)
        await away.connect()
        while tally.connects < 2:
            await asyncio.sleep(0.02)
        await away.stop()
        refused = Tally()
        stranger = Fleet([Identity("13999999999", "浙A99999")], ahead(server), refused)
        await stranger.connect()
        while refused.losses == 0:
            await asyncio.sleep(0.02)
        assert refused.working == 0
        await stranger.stop()

    play(scene)


def test_numbers_are_consecutive_and_versions_mixed() -> None:
    found = list(identities(6, 13_900_000_000))
    assert [each.phone for each in found[:2]] == ["13900000000", "13900000001"]
    assert len({each.device for each in found}) == 6
    assert {each.version for each in found} == {Version.V2013, Version.V2019}


def test_a_tally_counts_in_numbers() -> None:
    counted: dict[str, Any] = Tally(made=3, acked=1).numbers()
    assert (counted["made"], counted["acked"]) == (3, 1)
    assert "acknowledged" not in counted
