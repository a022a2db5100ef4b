"""Data directories of their own for tests of the launcher."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from anze.cli.home import Home
from anze.cli.postgres import Server


@pytest.fixture
def home() -> Iterator[Home]:
    """Not under `tmp_path`: as root its parents are closed to the server's user."""
    path = Path(tempfile.mkdtemp(prefix="anze-home-"))
    yield Home(path)
    shutil.rmtree(path)


@pytest.fixture
def server(home: Home) -> Iterator[Server]:
    server = Server(home, throw_away=True)
    server.start()
    yield server
    server.stop()
