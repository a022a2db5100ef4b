"""Commands down, their replies back; other messages kept; traces switched on."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from anze.gateway.orders import BadOrder, order
from anze.gateway.server import Server
from anze.telemetry import commands
from anze.wire.messages.general import TimeAnswer, TimeQuery
from anze.wire.messages.location import LocationAnswer, LocationQuery
from anze.wire.messages.media import MediaAnswer, MediaData
from anze.wire.messages.parameters import Parameters, ParametersQuery, settings
from anze.wire.messages.text import TextMessage
from tests.gateway.conftest import Connection, Fleet
from tests.gateway.terminal import Terminal, at
from tests.gateway.test_positions import FIRST, count, now

Play = Callable[..., None]


def ask(
    owner: Connection, terminal_id: int, name: str, company: int = 1, seconds: int = 60, **arguments: Any
) -> int:
    return commands.ask(
        owner,
        company_id=company,
        terminal_id=terminal_id,
        name=name,
        arguments=arguments,
        asked_by="person:1",
        expires_at=datetime.now(UTC) + timedelta(seconds=seconds),
    )


async def outcome(owner: Connection, command: int) -> tuple[Any, ...]:
    """As soon as it has ended."""
    for _ in range(100):
        row = owner.execute(
            "SELECT outcome, detail, answer_id FROM telemetry.command WHERE id = %s AND ended_at IS NOT NULL",
            [command],
        ).fetchone()
        if row is not None:
            return tuple(row)
        await asyncio.sleep(0.1)
    raise AssertionError("the command never ended")


def test_a_text_reaches_the_driver(play: Play, owner: Connection, fleet: Fleet) -> None:
    async def scene(server: Server) -> None:
        terminal = await Terminal(FIRST).introduce(server.port)
        command = ask(owner, fleet.first, "text", text="前方团雾，请减速", urgent=True)
        header, message = await terminal.receive(TextMessage)
        assert (message.text, message.flags) == ("前方团雾，请减速", 0b1101)
        await terminal.answer(header)
        assert await outcome(owner, command) == ("done", "", None)

    play(scene)


def test_a_roll_call_brings_a_position(play: Play, owner: Connection, fleet: Fleet) -> None:
    async def scene(server: Server) -> None:
        terminal = await Terminal(FIRST).introduce(server.port)
        command = ask(owner, fleet.first, "locate")
        header, _ = await terminal.receive(LocationQuery)
        await terminal.send(LocationAnswer(serial=header.serial, position=at(now())))
        assert await outcome(owner, command) == ("done", "", LocationAnswer.ID)
        await asyncio.sleep(0.2)
        assert count(owner) == 1

    play(scene)


def test_parameters_are_read_back(play: Play, owner: Connection, fleet: Fleet) -> None:
    async def scene(server: Server) -> None:
        terminal = await Terminal(FIRST).introduce(server.port)
        command = ask(owner, fleet.first, "parameters")
        header, _ = await terminal.receive(ParametersQuery)
        await terminal.send(Parameters(serial=header.serial, settings=settings(top_speed=100)))
        assert await outcome(owner, command) == ("done", "", Parameters.ID)

    play(scene)


def test_how_a_command_can_end(play: Play, owner: Connection, fleet: Fleet) -> None:
    async def scene(server: Server) -> None:
        terminal = await Terminal(FIRST).introduce(server.port)
        refused = ask(owner, fleet.first, "text", text="?")
        header, _ = await terminal.receive(TextMessage)
        await terminal.answer(header, 3)
        assert await outcome(owner, refused) == ("refused", "终端应答结果 3", None)
        assert (await outcome(owner, ask(owner, fleet.first, "fly")))[0] == "impossible"
        assert (await outcome(owner, ask(owner, fleet.first, "locate", company=2)))[:2] == (
            "impossible",
            "终端不在本企业的车辆上",
        )
        assert (await outcome(owner, ask(owner, fleet.second, "locate", seconds=1)))[0] == "expired"

    play(scene)


def test_a_picture_is_kept_before_it_is_acknowledged(play: Play, owner: Connection, fleet: Fleet) -> None:
    picture = bytes(range(256)) * 20  # in six parts

    async def scene(server: Server) -> None:
        terminal = await Terminal(FIRST).introduce(server.port)
        await terminal.send(
            MediaData(media_id=7, kind=0, format=0, event=0, channel=1, position=at(now()), data=picture)
        )
        assert (await terminal.wait_for(MediaAnswer)).media_id == 7

    play(scene)
    found = owner.execute("SELECT message_id, vehicle_id, company_id, body FROM telemetry.message").fetchall()
    assert [(row[:3]) for row in found] == [(MediaData.ID, 11, 1)]
    assert found[0][3].endswith(picture)


def test_the_time_of_day(play: Play, owner: Connection, fleet: Fleet) -> None:
    async def scene(server: Server) -> None:
        terminal = await Terminal(FIRST).introduce(server.port)
        await terminal.send(TimeQuery())
        answer = await terminal.wait_for(TimeAnswer)
        assert abs(answer.time - datetime.now(UTC)) < timedelta(seconds=5)

    play(scene)


def test_a_trace_of_one_terminal(play: Play, owner: Connection, fleet: Fleet) -> None:
    async def scene(server: Server) -> None:
        terminal = await Terminal(FIRST).introduce(server.port)
        owner.execute(
            "INSERT INTO telemetry.tracing VALUES (%s, 1, now() + INTERVAL '1 minute', 'person:1')",
            [fleet.first],
        )
        await asyncio.sleep(0.3)
        assert await terminal.report(at(now())) == [0]
        owner.execute("UPDATE telemetry.tracing SET until = now()")
        await asyncio.sleep(0.3)
        assert await terminal.report(at(now() - timedelta(minutes=1))) == [0]

    play(scene)
    pieces = owner.execute("SELECT sent, data FROM telemetry.trace ORDER BY at").fetchall()
    assert [sent for sent, _ in pieces] == [False, True]
    assert pieces[0][1].startswith(b"\x7e\x02\x00")


@pytest.mark.parametrize(
    ("name", "arguments", "complaint"),
    [
        ("fly", {}, "没有“fly”这种指令"),
        ("text", {}, "参数有误"),
        ("parameters", {"names": ["wings"]}, "没有参数“wings”"),
        ("set_parameters", {"wings": 2}, "没有参数“wings”"),
    ],
)
def test_what_cannot_be_ordered(name: str, arguments: dict[str, Any], complaint: str) -> None:
    with pytest.raises(BadOrder, match=complaint):
        order(name, arguments)


def test_what_can_be_ordered() -> None:
    for name, arguments in {
        "follow": {"interval": 5, "seconds": 60},
        "photo": {"channel": 2},
        "parameters": {"names": ["top_speed", "least_rest"]},
        "set_parameters": {"top_speed": 80, "driving_limit": 14400},
        "attributes": {},
        "confirm_alarm": {"serial": 0, "alarm_bits": 1},
    }.items():
        assert order(name, arguments).ID
