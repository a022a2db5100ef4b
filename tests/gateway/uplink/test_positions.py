"""Positions go up once they are stored, and leave the table when the platform has read them."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from anze.telemetry.rows import DUPLICATE
from anze.telemetry.writer import SyncWriter
from anze.wire.header import Version
from anze.wire.jt809.messages.links import Logout
from anze.wire.jt809.messages.vehicles import Fix, PositionSent, PositionsSent, VehicleRegistration, Watched
from tests.gateway.uplink.conftest import VERSIONS, Connection, Fleet, entered, moving, running, store
from tests.gateway.uplink.platform import Platform, until


def waiting(owner: Connection) -> int:
    (count,) = owner.execute("SELECT count(*) FROM telemetry.upward").fetchone() or (0,)
    return int(count)


def state(owner: Connection) -> tuple[object, ...]:
    row = owner.execute("SELECT state, detail FROM telemetry.uplink").fetchone()
    assert row is not None
    return tuple(row)


@pytest.mark.parametrize("version", VERSIONS)
def test_vehicles_are_registered_and_positions_follow(
    version: Version, owner: Connection, gateway: Connection, fleet: Fleet
) -> None:
    async def scene() -> None:
        platform = await Platform(version).open()
        entered(owner, platform)
        async with running(platform):
            await until(lambda: state(owner) == ("up", ""), "logged in")
            await until(lambda: platform.slave_up, "the slave link")
            await until(lambda: len(platform.of(VehicleRegistration)) == 2, "both vehicles")
            rows = moving(fleet.first, 3)
            rows = [row._replace(received_at=datetime.now(UTC)) for row in rows]
            store(gateway, rows)
            await until(lambda: len(platform.places()) == 3, "three positions")
            await until(lambda: waiting(owner) == 0, "gone from the table")
        named = [vehicle for vehicle, message in platform.heard if isinstance(message, PositionSent)]
        assert {vehicle.plate for vehicle in named if vehicle} == {"浙A00011"}
        assert platform.places(PositionsSent) == []
        check(platform.places(), rows)
        assert len(platform.of(Logout)) == 1

    def check(places: list[Fix | Watched], rows: list[object]) -> None:
        for place, row in zip(places, moved(rows), strict=True):
            if isinstance(place, Fix):
                assert (place.longitude, place.latitude, place.time) == row[:3]
                assert (place.speed, place.direction, place.mileage) == (46, 87, 409)
            else:
                position = place.position
                assert position is not None
                assert (position.longitude, position.latitude, position.time) == row[:3]
                assert (position.speed, position.tail) == (455, b"\x01\x04\x00\x00\x10\x00")

    def moved(rows: list[object]) -> list[tuple[object, ...]]:
        return [(row.longitude, row.latitude, row.device_time) for row in rows]  # type: ignore[attr-defined]

    asyncio.run(scene())


@pytest.mark.parametrize("version", VERSIONS)
def test_after_an_outage_the_rest_is_supplemented_in_order(
    version: Version, owner: Connection, gateway: Connection, fleet: Fleet
) -> None:
    async def scene() -> None:
        platform = await Platform(version).open()
        entered(owner, platform)
        async with running(platform):
            await until(lambda: state(owner) == ("up", ""), "logged in")
            await platform.close()
            await until(lambda: state(owner)[0] == "down", "the loss is noticed")
            store(gateway, moving(fleet.first, 12, step=1) + moving(fleet.second, 3, step=2))
            await asyncio.sleep(0.3)
            assert (platform.places(), waiting(owner)) == ([], 15)
            await platform.open()
            await until(lambda: len(platform.places()) == 15, "all of them")
            await until(lambda: waiting(owner) == 0, "gone from the table")
        assert platform.places(PositionSent) == []
        assert sorted(len(message.places) for message in platform.of(PositionsSent)) == [2, 3, 5, 5]

    asyncio.run(scene())


def test_what_the_platform_has_not_read_is_sent_again(
    owner: Connection, gateway: Connection, fleet: Fleet
) -> None:
    """It takes the bytes and answers nothing: they may never have been read."""

    async def scene() -> None:
        platform = await Platform(Version.V2011, echoes=False).open()
        entered(owner, platform)
        async with running(platform):
            await until(lambda: state(owner) == ("up", ""), "logged in")
            store(gateway, [r._replace(received_at=datetime.now(UTC)) for r in moving(fleet.first, 2)])
            await until(lambda: len(platform.places()) == 2, "sent")
            await asyncio.sleep(0.3)
            assert waiting(owner) == 2
            platform.echoes = True
            platform.cut()
            await until(lambda: len(platform.places(PositionsSent)) == 2, "sent again, as a supplement")
            await until(lambda: waiting(owner) == 0, "gone from the table")

    asyncio.run(scene())


def test_a_back_fill_of_the_terminal_is_a_supplement(
    owner: Connection, gateway: Connection, fleet: Fleet
) -> None:
    async def scene() -> None:
        platform = await Platform(Version.V2011).open()
        entered(owner, platform)
        async with running(platform):
            await until(lambda: state(owner) == ("up", ""), "logged in")
            old = moving(fleet.first, 1, ago=600)
            store(gateway, [row._replace(received_at=datetime.now(UTC), source=2) for row in old])
            await until(lambda: len(platform.places(PositionsSent)) == 1, "a supplement")
            assert platform.places(PositionSent) == []

    asyncio.run(scene())


def test_another_companys_positions_do_not_wait(owner: Connection, gateway: Connection, fleet: Fleet) -> None:
    async def scene() -> None:
        platform = Platform(Version.V2011)
        platform.port = 1
        uplink = entered(owner, platform)
        store(gateway, moving(fleet.other, 3))
        assert waiting(owner) == 0
        rows = moving(fleet.first, 2)
        store(gateway, rows)
        assert SyncWriter(gateway).store(rows) == [DUPLICATE] * 2
        assert waiting(owner) == 2
        owner.execute("UPDATE telemetry.uplink SET enabled = false WHERE id = %s", [uplink])
        store(gateway, moving(fleet.first, 2, step=3))
        assert waiting(owner) == 2

    asyncio.run(scene())


def test_a_refused_log_in_is_shown_and_tried_again(owner: Connection, fleet: Fleet) -> None:
    async def scene() -> None:
        platform = await Platform(Version.V2019, results=(4, 4)).open()
        entered(owner, platform)
        seen: list[tuple[object, ...]] = []
        async with running(platform):
            await until(lambda: _noted(seen, owner) and len(platform.logins) == 3, "the third log-in")
            await until(lambda: state(owner) == ("up", ""), "let in")
        assert ("refused", "上级平台拒绝登录：密码错误") in seen

    asyncio.run(scene())


def _noted(seen: list[tuple[object, ...]], owner: Connection) -> bool:
    seen.append(state(owner))
    return True


def test_one_process_holds_an_account(owner: Connection, gateway: Connection, fleet: Fleet) -> None:
    async def scene() -> None:
        platform = await Platform(Version.V2011).open()
        entered(owner, platform)
        async with running(platform), running(platform):
            await until(lambda: state(owner) == ("up", ""), "logged in")
            await asyncio.sleep(0.5)
            assert len(platform.logins) == 1

    asyncio.run(scene())


def test_a_stranger_takes_no_slave_link(owner: Connection, fleet: Fleet) -> None:
    async def scene() -> None:
        platform = await Platform(Version.V2011).open()
        entered(owner, platform)
        (port,) = owner.execute("SELECT slave_port FROM telemetry.uplink").fetchone() or (0,)
        async with running(platform):
            await until(lambda: platform.slave_up and state(owner) == ("up", ""), "both links")
            for words in (b"GET / HTTP/1.1\r\n\r\n", b"[" + b"x" * 2000 + b"]", b""):
                reader, writer = await asyncio.open_connection("127.0.0.1", port)
                writer.write(words)
                writer.write_eof()
                assert await asyncio.wait_for(reader.read(), 5) == b""
                writer.close()
            assert state(owner) == ("up", "")
            assert platform.slave_up

    asyncio.run(scene())


def test_a_position_that_does_not_fit_stops_nobody(
    owner: Connection, gateway: Connection, fleet: Fleet
) -> None:
    async def scene() -> None:
        platform = await Platform(Version.V2011).open()
        entered(owner, platform)
        store(gateway, moving(fleet.first, 3))
        owner.execute(
            "UPDATE telemetry.upward SET direction = 70000"
            " WHERE id = (SELECT id FROM telemetry.upward ORDER BY id OFFSET 1 LIMIT 1)"
        )
        async with running(platform):
            await until(lambda: waiting(owner) == 0, "gone from the table")
        (lost,) = owner.execute("SELECT unsendable FROM telemetry.uplink").fetchone() or (0,)
        assert (len(platform.places()), lost) == (2, 1)

    asyncio.run(scene())


def test_times_are_those_of_the_terminal(owner: Connection, gateway: Connection, fleet: Fleet) -> None:
    async def scene() -> None:
        platform = await Platform(Version.V2011).open()
        entered(owner, platform)
        rows = moving(fleet.first, 1, ago=90)
        store(gateway, rows)
        async with running(platform):
            await until(lambda: len(platform.places()) == 1, "sent")
        (place,) = platform.places()
        assert isinstance(place, Fix)
        assert place.time == rows[0].device_time
        assert datetime.now(UTC) - place.time > timedelta(seconds=80)

    asyncio.run(scene())
