"""From a terminal's socket into the database, and back as an acknowledgement."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from anze.gateway.server import Server
from anze.wire.frame import wrap
from anze.wire.header import Header, Version, build, encode
from tests.gateway.conftest import Connection, Fleet, served
from tests.gateway.terminal import NOISE, Terminal, at
from tests.telemetry.conftest import connect

FIRST, SECOND = "13800000011", "13800000012"
Play = Callable[..., None]


def now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


def count(owner: Connection, table: str = "position") -> int:
    (found,) = owner.execute(f"SELECT count(*) FROM telemetry.{table}").fetchone() or (-1,)
    return int(found)


@pytest.mark.parametrize("version", [Version.V2013, Version.V2019])
def test_a_position_is_there_when_it_is_acknowledged(
    play: Play, owner: Connection, fleet: Fleet, version: Version
) -> None:
    async def scene(server: Server) -> None:
        terminal = await Terminal(FIRST, version).introduce(server.port)
        assert await terminal.report(at(now()), at(now() - timedelta(seconds=30))) == [0, 0]
        assert count(owner) == 2

    play(scene)
    row = owner.execute(
        "SELECT vehicle_id, company_id, longitude, latitude, speed FROM telemetry.latest"
    ).fetchone()
    assert row == (11, 1, 121_550_000, 29_870_000, 605)


def test_what_is_sent_again_counts_once(play: Play, owner: Connection) -> None:
    same = at(now())

    async def scene(server: Server) -> None:
        terminal = await Terminal(FIRST).introduce(server.port)
        assert await terminal.report(same, same) == [0, 0]
        assert await terminal.backfill([same, at(now() - timedelta(hours=1)), b"too short"]) == 0

    play(scene)
    assert count(owner) == 2
    assert owner.execute("SELECT reason FROM telemetry.raw_frame").fetchall() == [("batch-entry",)]


def test_nobody_unauthenticated_leaves_a_position(play: Play, owner: Connection) -> None:
    async def scene(server: Server) -> None:
        terminal = await Terminal(FIRST).connect(server.port)
        assert await terminal.report(at(now())) == [1]
        assert await terminal.authenticate("guessed") == 1
        assert await terminal.report(at(now())) == [1]
        authenticated = await Terminal(SECOND).introduce(server.port)
        authenticated.phone = FIRST  # the header names another than the authenticated one
        assert await authenticated.report(at(now())) == [1]

    play(scene)
    assert count(owner) == 0
    reasons = {reason for (reason,) in owner.execute("SELECT reason FROM telemetry.raw_frame")}
    assert reasons == {"unauthenticated", "wrong-code"}


def test_who_may_register(play: Play, owner: Connection) -> None:
    async def scene(server: Server) -> None:
        assert await (await Terminal("13999999999").connect(server.port)).register() == 4
        assert await (await Terminal(FIRST).connect(server.port)).register() == 0
        assert await (await Terminal(FIRST, device="T999999").connect(server.port)).register() == 3
        owner.execute(
            "UPDATE telemetry.installation SET until = since + INTERVAL '1 day' WHERE vehicle_id = 12"
        )
        assert await (await Terminal(SECOND).connect(server.port)).register() == 2

    play(scene)


def test_bad_bytes_cost_themselves_only(play: Play, owner: Connection) -> None:
    async def scene(server: Server) -> None:
        terminal = await Terminal(FIRST).introduce(server.port)
        broken = bytearray(encode(Header(0x0200, FIRST, 9, Version.V2013), at(now()).encode())[0])
        broken[-2] ^= 0x55
        lying = wrap(build(Header(0x0200, FIRST, 10, Version.V2013), b"short"))
        strange = wrap(build(Header(0x0F0F, FIRST, 11, Version.V2013), b"?"))
        terminal.writer.write(NOISE + bytes(broken) + lying + strange)
        assert await terminal.report(at(now())) == [0]
        await asyncio.sleep(0.1)

    play(scene)
    assert count(owner) == 1
    reasons = {reason for (reason,) in owner.execute("SELECT reason FROM telemetry.raw_frame")}
    assert reasons == {"too_short", "escape", "checksum", "body-truncated", "unknown-0f0f"}


def test_doubtful_positions_are_kept_all_the_same(play: Play, owner: Connection) -> None:
    """A clock a year ahead: its bytes are kept, and the terminal does not send it for ever."""

    async def scene(server: Server) -> None:
        terminal = await Terminal(FIRST).introduce(server.port)
        assert await terminal.report(
            at(now() + timedelta(days=365)), at(now(), latitude=0, longitude=0), at(now() - timedelta(days=3))
        ) == [0, 0, 0]

    play(scene)
    assert count(owner) == 2
    assert owner.execute("SELECT reason FROM telemetry.raw_frame").fetchall() == [("clock-ahead",)]


def test_many_terminals_on_one_socket(play: Play, owner: Connection) -> None:
    """As a forwarding platform sends them."""

    async def scene(server: Server) -> None:
        shared = await Terminal(FIRST).introduce(server.port)
        assert await shared.report(at(now())) == [0]
        shared.phone, shared.device = SECOND, "T000002"
        assert await shared.register() == 0
        assert await shared.authenticate() == 0
        assert await shared.report(at(now())) == [0]
        shared.phone = FIRST
        assert await shared.report(at(now() - timedelta(minutes=1))) == [0]

    play(scene)
    assert count(owner) == 3


def test_the_newest_connection_wins(play: Play, owner: Connection) -> None:
    async def scene(server: Server) -> None:
        old = await Terminal(FIRST).introduce(server.port)
        new = await Terminal(FIRST).connect(server.port)
        assert await new.authenticate(old.code) == 0
        assert await old.closed()
        assert await new.report(at(now())) == [0]
        assert server.gateway.fleet.terminals == 1

    play(scene)


def test_the_newest_connection_wins_across_gateways(play: Play, owner: Connection) -> None:
    async def scene(server: Server) -> None:
        async with served() as another:
            old = await Terminal(FIRST).introduce(server.port)
            await asyncio.sleep(0.2)
            new = await Terminal(FIRST).connect(another.port)
            assert await new.authenticate(old.code) == 0
            assert await old.closed()
            assert await new.report(at(now())) == [0]

    play(scene)


def test_nothing_is_acknowledged_while_the_database_is_away(play: Play, owner: Connection) -> None:
    async def scene(server: Server) -> None:
        terminal = await Terminal(FIRST).introduce(server.port)
        assert await terminal.report(at(now())) == [0]
        with connect("postgres") as superuser:
            superuser.execute("ALTER ROLE anze_gateway NOLOGIN")
            try:
                superuser.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'anze_gateway'"
                )
                serial = await terminal.send_position(at(now() - timedelta(minutes=1)))
                waiting = asyncio.create_task(terminal.ack(serial))
                await asyncio.sleep(0.5)
                assert not waiting.done()
            finally:
                superuser.execute("ALTER ROLE anze_gateway LOGIN")
        assert await waiting == 0

    play(scene)
    assert count(owner) == 2
