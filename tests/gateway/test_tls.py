"""Terminals over TLS: a certificate that is checked, and no plain bytes beside it."""

from __future__ import annotations

import asyncio
import shutil
import ssl
import subprocess
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from anze.gateway.server import Server
from tests.gateway.conftest import Connection, Fleet
from tests.gateway.terminal import Terminal, at
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
