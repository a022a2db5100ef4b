"""`kill -9` of the gateway, of its backend and of PostgreSQL: nothing acknowledged is lost or there twice.

A cluster of its own that syncs what it commits: the shared throw-away one does not.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from anze.cli.bench import kills
from anze.cli.database import gateway_conninfo, serving
from anze.cli.home import Home
from anze.cli.postgres import Server

KILLS, TERMINALS = 5, 40


@pytest.fixture
def home() -> Iterator[Home]:
    with tempfile.TemporaryDirectory(prefix="anze-kills-") as path:  # where the server's user may walk
        yield Home(Path(path))


def test_kills_cost_no_acknowledged_position(home: Home) -> None:
    with serving(Server(home)) as server:
        kills.prepared(server)
        with server.connect() as connection:
            assert connection.execute("SHOW fsync").fetchone() == ("on",)
        found = kills.reckon(server, gateway_conninfo(home), kills=KILLS, terminals=TERMINALS)
    assert found.kills.total() == KILLS
    assert set(found.kills) == set(kills.VICTIMS)
    assert found.acknowledged > TERMINALS
    assert (found.lost, found.twice, found.waiting) == (0, 0, 0)
    assert found.resent > 0, "no kill met a position on its way"
