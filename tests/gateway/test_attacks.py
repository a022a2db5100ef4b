"""Peers that mean harm: what they may cost is bounded, and the rest of the fleet is answered meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest

from anze.gateway.server import Server
from anze.telemetry import messages
from anze.wire.frame import MARK, wrap
from anze.wire.header import Header, Version, build, encode
from anze.wire.messages.general import PlatformAck
from anze.wire.messages.media import MediaAnswer, MediaData
from tests.gateway.conftest import Connection, Fleet
from tests.gateway.terminal import Terminal, at
from tests.gateway.test_bad_peers import FIRST, SECOND, becomes, counted, flood, introduced, now, reasons
from tests.gateway.test_positions import count

Play = Callable[..., None]


async def answered_while(server: Server, data: bytes, attackers: int = 2, reports: int = 4) -> None:
    """The good terminal is answered, while others at another address send the data without end."""
    good = await introduced(SECOND, server.port)
    elsewhere = ("127.0.0.2", 0)
    bad = [await Terminal(FIRST).connect(server.port, local_addr=elsewhere) for _ in range(attackers)]
    flooding = [asyncio.create_task(flood(each, data)) for each in bad]
    try:
        for number in range(reports):
            assert await good.report(at(now() - timedelta(seconds=number), speed=number)) == [0]
    finally:
        for task in flooding:
            task.cancel()
    assert count_of_good(server) == reports


def count_of_good(server: Server) -> float:
    return counted(server.metrics, "positions_total", outcome="stored")


def test_marks_without_end_are_slowed(play: Play, owner: Connection) -> None:
    """They are no frame and no error: nothing but their number of bytes can be held against them."""

    async def scene(server: Server) -> None:
        await answered_while(server, MARK * 60_000)
        assert counted(server.metrics, "paused_total", reason="rate") >= 1

    play(scene, frames_a_second=2000.0)


def test_bad_frames_without_end_are_counted_and_kept_within_bounds(play: Play, owner: Connection) -> None:
    async def scene(server: Server) -> None:
        broken = bytearray(encode(Header(0x0200, FIRST, 9, Version.V2013), at(now()).encode())[0])
        broken[-2] ^= 0x55
        await answered_while(server, bytes(broken) * 500)
        assert counted(server.metrics, "bad_total", reason="checksum") > 20
        assert counted(server.metrics, "paused_total", reason="rate") >= 1

    play(scene, frames_a_second=20_000.0)
    assert reasons(owner) == {"checksum"}


def test_positions_of_nobody_without_end(play: Play, owner: Connection) -> None:
    async def scene(server: Server) -> None:
        (frame,) = encode(Header(0x0200, FIRST, 9, Version.V2013), at(now()).encode())
        await answered_while(server, frame * 200)
        assert counted(server.metrics, "bad_total", reason="unauthenticated") > 20
        assert counted(server.metrics, "paused_total", reason="rate") >= 1

    play(scene, frames_a_second=2000.0)
    assert count(owner) == 4


def test_a_stranger_s_parts_are_not_kept(play: Play, owner: Connection) -> None:
    async def scene(server: Server) -> None:
        stranger = await Terminal(FIRST).connect(server.port)
        for part in range(1, 400):
            header = Header(0x0102, FIRST, part, Version.V2013, total=60_000, part=part)
            stranger.writer.write(wrap(build(header, bytes(1000))))
        await stranger.writer.drain()
        await becomes(lambda: counted(server.metrics, "bad_total", reason="unauthenticated") == 399)
        (link,) = server.gateway.links
        assert link.session.kept == 0
        assert await introduced(SECOND, server.port)

    play(scene)


def test_marks_inside_a_frame_cost_that_frame(play: Play, owner: Connection) -> None:
    """0x7E that should have been written 7D 02."""

    async def scene(server: Server) -> None:
        terminal = await introduced(FIRST, server.port)
        whole = wrap(build(Header(0x0200, FIRST, 7, Version.V2013), at(now(), speed=0x7E7E).encode()))
        terminal.writer.write(whole.replace(b"\x7d\x02", MARK))
        assert await terminal.report(at(now())) == [0]

    play(scene)
    assert count(owner) == 1
    assert reasons(owner) <= {"checksum", "too_short", "noise"}
    assert reasons(owner)


def test_a_clock_a_year_behind_and_nowhere_at_all(play: Play, owner: Connection, fleet: Fleet) -> None:
    async def scene(server: Server) -> None:
        terminal = await introduced(FIRST, server.port)
        assert await terminal.report(
            at(now() - timedelta(days=365)),
            at(now() + timedelta(days=365)),
            at(now(), latitude=0, longitude=0),
        ) == [0, 0, 0]

    play(scene)
    rows = owner.execute(
        "SELECT stored, refused, at_zero FROM telemetry.quality WHERE terminal_id = %s", [fleet.first]
    )
    assert rows.fetchall() == [(1, 2, 1)]
    kept = owner.execute("SELECT reason, length(frame) FROM telemetry.raw_frame ORDER BY 1").fetchall()
    assert kept == [("clock-ahead", 28), ("too-old", 28)]


def test_pictures_that_cannot_be_kept_hold_the_links_up(
    play: Play, owner: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As much waits for the database as may, in bytes and not in messages; then nobody is read from."""
    free, keep = asyncio.Event(), messages.keep

    async def keep_later(*arguments: Any) -> None:
        await free.wait()
        await keep(*arguments)

    monkeypatch.setattr(messages, "keep", keep_later)

    async def scene(server: Server) -> None:
        terminal, other = await introduced(FIRST, server.port), await introduced(SECOND, server.port)
        picture = MediaData(
            media_id=7, kind=0, format=0, event=0, channel=1, position=at(now()), data=bytes(200_000)
        )
        await terminal.send(picture)
        await becomes(lambda: counted(server.metrics, "paused_total", reason="all_rows") >= 1)
        waiting = asyncio.create_task(other.report(at(now())))
        await asyncio.sleep(0.2)
        free.set()
        assert (await terminal.wait_for(MediaAnswer)).media_id == 7
        assert await waiting == [0]

    play(scene, most_waiting=90)
    assert count(owner, "message") == 1


def test_a_stop_answers_what_was_read_and_stores_nothing_else(play: Play, owner: Connection) -> None:
    async def scene(server: Server) -> None:
        terminal = await introduced(FIRST, server.port)
        began = now()
        for number in range(500):
            await terminal.send_position(at(began - timedelta(seconds=number)))
        await becomes(lambda: counted(server.metrics, "positions_total", outcome="stored") > 0)
        await server.stop()
        acknowledged = 0
        with suppress(ConnectionResetError):  # the end, after the last answer
            while True:
                assert (await terminal.wait_for(PlatformAck)).result == 0
                acknowledged += 1
        assert count(owner) == acknowledged > 0

    play(scene, batch=50)
