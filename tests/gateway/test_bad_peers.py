"""Peers that misbehave over real sockets: counted, bounded, and the rest of the fleet undisturbed."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

from anze.gateway.metrics import Metrics
from anze.gateway.server import Server
from anze.wire.frame import LONGEST, MARK, wrap
from anze.wire.header import Header, Version, build, encode
from tests.gateway.conftest import Connection
from tests.gateway.terminal import Terminal, at

FIRST, SECOND, OTHER = "13800000011", "13800000012", "13800000021"
DEVICES = {FIRST: "T000001", SECOND: "T000002", OTHER: "T000003"}
Play = Callable[..., None]


def now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


def counted(metrics: Metrics, name: str, **labels: str) -> float:
    return metrics.registry.get_sample_value(f"anze_gateway_{name}", labels) or 0.0


async def introduced(phone: str, port: int) -> Terminal:
    return await Terminal(phone, device=DEVICES[phone]).introduce(port)


async def becomes(true: Callable[[], bool], seconds: float = 10.0) -> None:
    until = asyncio.get_running_loop().time() + seconds
    while not true():
        assert asyncio.get_running_loop().time() < until, "did not happen"
        await asyncio.sleep(0.02)


def reasons(owner: Connection) -> set[str]:
    return {reason for (reason,) in owner.execute("SELECT reason FROM telemetry.raw_frame")}


def test_an_endless_frame_is_dropped_and_kept_from_growing(play: Play, owner: Connection) -> None:
    async def scene(server: Server) -> None:
        endless, good = await introduced(FIRST, server.port), await introduced(SECOND, server.port)
        endless.writer.write(MARK)
        for _ in range(100):
            endless.writer.write(b"\x00" * 10_000)
            await endless.writer.drain()
        assert await good.report(at(now())) == [0]
        await becomes(lambda: counted(server.metrics, "bad_total", reason="too_long") == 1)
        (link,) = (link for link in server.gateway.links if FIRST in link.devices)
        assert link.session.kept <= LONGEST
        endless.writer.write(MARK)
        assert await endless.report(at(now())) == [0]

    play(scene)
    assert reasons(owner) == {"too_long"}


def test_half_a_frame_waits_for_its_other_half(play: Play, owner: Connection) -> None:
    async def scene(server: Server) -> None:
        terminal = await introduced(FIRST, server.port)
        (frame,) = encode(Header(0x0200, FIRST, 700, Version.V2013), at(now()).encode())
        for at_once in (frame[:1], frame[1:20], frame[20:-1], frame[-1:]):
            terminal.writer.write(at_once)
            await terminal.writer.drain()
            await asyncio.sleep(0.02)
        assert await terminal.ack(700) == 0
        (frame,) = encode(Header(0x0200, FIRST, 701, Version.V2013), at(now(), speed=10).encode())
        terminal.writer.write(frame[:25])
        await terminal.close()  # in the middle of a frame
        again = await introduced(FIRST, server.port)
        assert await again.report(at(now(), speed=10)) == [0]

    play(scene)
    assert reasons(owner) == set()


def test_an_address_brings_no_more_than_it_may(play: Play) -> None:
    async def scene(server: Server) -> None:
        good = await introduced(FIRST, server.port)
        many = [socket.create_connection(("127.0.0.1", server.port)) for _ in range(300)]
        try:
            await becomes(lambda: counted(server.metrics, "refused_links_total") == 300 - 99)
            assert len(server.gateway.links) == 100
            assert await good.report(at(now())) == [0]
        finally:
            for each in many:
                each.close()
        await becomes(lambda: len(server.gateway.links) == 1)
        assert await introduced(SECOND, server.port)  # the room is free again

    play(scene, links_an_address=100, arrivals_a_second=1000.0)


def test_a_terminal_that_never_reads_is_given_up(play: Play, owner: Connection) -> None:
    """Heartbeats by the thousand, whose answers nobody takes."""

    async def scene(server: Server) -> None:
        deaf, good = await introduced(FIRST, server.port), await introduced(SECOND, server.port)
        deaf.writer.transport.pause_reading()
        (beat,) = encode(Header(0x0002, FIRST, 1, Version.V2013), b"")
        flooding = asyncio.create_task(flood(deaf, beat * 5_000))
        await becomes(lambda: counted(server.metrics, "paused_total", reason="unread") >= 1, 30)
        assert await good.report(at(now())) == [0]
        await becomes(lambda: counted(server.metrics, "closed_total", reason="unread") == 1, 20)
        await becomes(lambda: len(server.gateway.links) == 1)
        flooding.cancel()
        assert await good.report(at(now() - timedelta(seconds=5))) == [0]

    play(scene, stuck=1.0)


async def flood(terminal: Terminal, data: bytes) -> None:
    with suppress(ConnectionError):
        while True:
            terminal.writer.write(data)
            await terminal.writer.drain()


def test_two_terminals_with_one_phone_take_turns(play: Play, owner: Connection) -> None:
    """A cloned one throws the other off, and is thrown off; every acknowledged position is there once."""

    async def scene(server: Server) -> None:
        good = await introduced(SECOND, server.port)
        code = ""
        for turn in range(6):  # a speed each: however slow a turn, no position is like another
            terminal = await Terminal(FIRST).connect(server.port)
            if not code:
                assert await terminal.register() == 0
                code = terminal.code
            assert await terminal.authenticate(code) == 0
            assert await terminal.report(at(now() - timedelta(seconds=turn), speed=turn)) == [0]
            assert server.gateway.fleet.terminals == 2
        assert await good.report(at(now())) == [0]
        await becomes(lambda: len(server.gateway.links) == 2)

    play(scene)
    (stored,) = owner.execute("SELECT count(*) FROM telemetry.position").fetchone() or (0,)
    assert stored == 7


def test_a_message_that_never_becomes_whole_is_given_up(play: Play, monkeypatch: Any) -> None:
    monkeypatch.setattr("anze.wire.packages.WAIT", 0.2)

    async def scene(server: Server) -> None:
        terminal, good = await introduced(FIRST, server.port), await introduced(SECOND, server.port)
        for part in (1, 3):
            header = Header(0x0704, FIRST, 50 + part, Version.V2013, total=3, part=part)
            terminal.writer.write(wrap(build(header, b"\x00" * 500)))
        assert await good.report(at(now())) == [0]
        (link,) = (link for link in server.gateway.links if FIRST in link.devices)
        await becomes(lambda: link.session.kept >= 1000)
        await becomes(lambda: counted(server.metrics, "bad_total", reason="parts-missing") == 1, 20)
        assert link.session.kept == 0
        assert await terminal.report(at(now())) == [0]

    play(scene)


def test_a_flood_is_slowed_and_nothing_of_it_lost(play: Play, owner: Connection) -> None:
    async def scene(server: Server) -> None:
        terminal, good = await introduced(FIRST, server.port), await introduced(OTHER, server.port)
        began = now()  # read once: a second that passes meanwhile would make two positions one
        serials = [await terminal.send_position(at(began - timedelta(seconds=n))) for n in range(600)]
        assert await good.report(at(now())) == [0]
        assert [await terminal.ack(serial) for serial in serials] == [0] * 600
        assert counted(server.metrics, "paused_total", reason="own_rows") >= 1

    play(scene, most_outstanding=50, batch=20, most_waiting=100)
    (stored,) = owner.execute("SELECT count(*) FROM telemetry.position").fetchone() or (0,)
    assert stored == 601
