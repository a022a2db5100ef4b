"""The gateway's own writer: the same answers, and many at once."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import psycopg
import pytest

from anze.telemetry import directory
from anze.telemetry.boundary import PositionStore
from anze.telemetry.rows import DUPLICATE, STORED, Outcome, RawFrame, Result
from anze.telemetry.writer import AsyncWriter, NotIdle
from tests.telemetry.build import NOON, drive, install, position
from tests.telemetry.conftest import Connection, Fleet

AsyncConnection = psycopg.AsyncConnection[Any]


async def connect() -> AsyncConnection:
    from django.conf import settings

    from anze.cli.database import gateway_conninfo

    return await psycopg.AsyncConnection.connect(gateway_conninfo(settings.HOME), autocommit=True)


def test_the_same_promise(owner: Connection, fleet: Fleet) -> None:
    async def act() -> list[Result]:
        async with await connect() as connection:
            store: PositionStore = AsyncWriter(connection)
            rows = [
                position(fleet.first),
                position(999),
                position(fleet.first),
                position(fleet.first, speed=-1),
            ]
            found = await store.store(rows)
            await store.keep([RawFrame(NOON, b"~", "half-frame", terminal_id=fleet.first)])
            assert await store.store([]) == []
            return found

    found = asyncio.run(act())
    assert found == [
        STORED,
        Result(Outcome.REFUSED, "no-vehicle"),
        DUPLICATE,
        Result(Outcome.REFUSED, "out-of-range"),
    ]
    assert owner.execute("SELECT count(*) FROM telemetry.raw_frame").fetchone() == (3,)


def test_what_the_database_refuses(owner: Connection, fleet: Fleet) -> None:
    rows = drive(fleet.first, NOON, 9)

    async def act() -> list[Result]:
        async with await connect() as connection:
            return await AsyncWriter(connection).store(rows)

    owner.execute("ALTER TABLE telemetry.position ADD CONSTRAINT odd CHECK (longitude <> 120000600)")
    try:
        found = asyncio.run(act())
    finally:
        owner.execute("ALTER TABLE telemetry.position DROP CONSTRAINT odd")
    assert found == [STORED] * 2 + [Result(Outcome.REFUSED, "sql-23514")] + [STORED] * 6


def test_several_gateways_with_the_same_rows(owner: Connection) -> None:
    """In different orders, on a day that none has seen: no ring, no second copy, one winner for each."""
    terminals = [install(owner, f"1360000{n:04d}", vehicle=2000 + n) for n in range(50)]
    rows = [row for terminal in terminals for row in drive(terminal, NOON, 10)]
    orders = [rows, rows[::-1], rows[250:] + rows[:250], rows[::2] + rows[1::2]]

    async def one(order: list[Any]) -> list[Result]:
        async with await connect() as connection:
            writer = AsyncWriter(connection)
            return [found for at in range(0, 500, 125) for found in await writer.store(order[at : at + 125])]

    async def act() -> list[list[Result]]:
        return await asyncio.gather(*map(one, orders))

    answers = asyncio.run(act())
    assert sum(answer.count(STORED) for answer in answers) == 500
    assert {result for answer in answers for result in answer} == {STORED, DUPLICATE}
    assert owner.execute("SELECT count(*), count(DISTINCT digest) FROM telemetry.position").fetchone() == (
        500,
        500,
    )
    assert owner.execute("SELECT sum(stored), sum(duplicates) FROM telemetry.quality").fetchone() == (
        500,
        1500,
    )


def test_not_inside_a_transaction(fleet: Fleet) -> None:
    async def act() -> None:
        async with await connect() as connection, connection.transaction():
            await AsyncWriter(connection).store([position(fleet.first)])

    with pytest.raises(NotIdle):
        asyncio.run(act())


def test_a_terminal_registers_and_authenticates(owner: Connection, fleet: Fleet) -> None:
    owner.execute("INSERT INTO telemetry.model VALUES ('MAKER', 'M1', '{\"0x64\": \"raw\"}')")
    code = "c0de-of-this-terminal"

    async def act() -> dict[str, directory.Device]:
        async with await connect() as connection:
            before = await directory.find(connection, "013800000011", NOON)
            assert before is not None
            assert (before.terminal_id, before.vehicle_id, before.protocol) == (fleet.first, 11, None)
            assert not before.authenticates("")
            said = directory.Introduction(fleet.first, 2019, "D1\0", "MAKER", "M1", code)
            await directory.register(connection, [said], NOON)
            assert await directory.find(connection, "13999999999", NOON) is None
            return await directory.everybody(connection, NOON)

    found = asyncio.run(act())
    assert sorted(found) == ["13800000011", "13800000012", "13800000021"]
    device = found["13800000011"]
    assert (device.device_id, device.protocol, device.items) == ("D1", 2019, {"0x64": "raw"})
    assert device.authenticates(code)
    assert not device.authenticates(code + " ")


def test_a_terminal_in_no_vehicle_is_known_all_the_same(owner: Connection) -> None:
    install(owner, "13800000077", vehicle=77, until=NOON)

    async def act(at: Any) -> directory.Device | None:
        async with await connect() as connection:
            return await directory.find(connection, "13800000077", at)

    before, after = asyncio.run(act(NOON - timedelta(seconds=1))), asyncio.run(act(NOON))
    assert before is not None
    assert before.vehicle_id == 77
    assert after is not None
    assert (after.vehicle_id, after.company_id, after.plate) == (None, None, "")
