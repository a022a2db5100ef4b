"""Terminals over TLS: a certificate that is checked, and no plain bytes beside it."""

from __future__ import annotations

import asyncio
import shutil
import socket
import ssl
import subprocess
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from anze.gateway import door
from anze.gateway.server import Server
from tests.gateway.conftest import Connection, Fleet, served
from tests.gateway.terminal import Terminal, at
from tests.gateway.test_bad_peers import becomes, counted
from tests.gateway.test_positions import FIRST, count, now

Play = Callable[..., None]

pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="no openssl to make a certificate")


@pytest.fixture
def certificate(tmp_path: Path) -> tuple[str, str]:
    """Of this machine's own name, for a day."""
    paths = tmp_path / "gateway.pem", tmp_path / "gateway.key"
    subprocess.run(
        [
            "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1",
            "-subj", "/CN=localhost",
            "-addext", "subjectAltName=DNS:localhost", "-out", str(paths[0]), "-keyout", str(paths[1]),
        ],
        check=True,
        capture_output=True,
    )  # fmt: skip
    return str(paths[0]), str(paths[1])


def test_a_position_over_tls_is_stored_and_acknowledged(
    play: Play, owner: Connection, fleet: Fleet, certificate: tuple[str, str]
) -> None:
    async def scene(server: Server) -> None:
        trusting = ssl.create_default_context(cafile=certificate[0])
        terminal = Terminal(FIRST)
        await terminal.connect(server.port, ssl=trusting, server_hostname="localhost")
        assert (await terminal.register(), await terminal.authenticate()) == (0, 0)
        assert await terminal.report(at(now())) == [0]
        assert count(owner) == 1

    play(scene, certificate=certificate[0], key=certificate[1])


def test_whoever_speaks_plainly_is_not_heard(
    play: Play, owner: Connection, fleet: Fleet, certificate: tuple[str, str]
) -> None:
    async def scene(server: Server) -> None:
        terminal = await Terminal(FIRST).connect(server.port)
        terminal.writer.write(b"\x7e\x01\x02\x7e" * 10)
        said = b""
        with suppress(ConnectionError):  # the end, perhaps after an alert of TLS
            said = await asyncio.wait_for(terminal.reader.read(), 10)
        assert b"\x7e" not in said
        stranger = Terminal(FIRST)
        with pytest.raises(ssl.SSLCertVerificationError):
            await stranger.connect(server.port, ssl=ssl.create_default_context(), server_hostname="localhost")
        assert count(owner) == 0

    play(scene, certificate=certificate[0], key=certificate[1])


def test_connections_that_never_finish_their_handshake_are_their_address_s(
    play: Play, owner: Connection, fleet: Fleet, certificate: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Counted before the handshake, refused beyond what an address may bring, and given up in time."""
    monkeypatch.setattr(door, "HANDSHAKE_SECONDS", 1.0)

    async def scene(server: Server) -> None:
        mute = [socket.create_connection(("127.0.0.1", server.port)) for _ in range(120)]
        try:
            await becomes(lambda: counted(server.metrics, "refused_links_total") == 120 - 40)
            assert not server.gateway.links
            await becomes(lambda: counted(server.metrics, "bad_total", reason="handshake") == 40)
            trusting = ssl.create_default_context(cafile=certificate[0])
            terminal = await Terminal(FIRST).connect(server.port, ssl=trusting, server_hostname="localhost")
            assert (await terminal.register(), await terminal.authenticate()) == (0, 0)
            assert await terminal.report(at(now())) == [0]
        finally:
            for each in mute:
                each.close()

    limits = {"links_an_address": 40, "arrivals_a_second": 1000.0}
    play(scene, certificate=certificate[0], key=certificate[1], **limits)
    assert count(owner) == 1


def test_a_stop_does_not_wait_for_a_handshake(fleet: Fleet, certificate: tuple[str, str]) -> None:
    async def scene() -> None:
        async with served(certificate=certificate[0], key=certificate[1]) as server:
            mute = socket.create_connection(("127.0.0.1", server.port))
            await becomes(lambda: server.gateway._admission.links == 1)
        await becomes(lambda: server.gateway._admission.links == 0)
        mute.close()

    asyncio.run(scene())
