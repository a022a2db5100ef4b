"""The gateway's benchmarks run, at a size that takes seconds; the kills have a test of their own."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from anze.cli import bench
from anze.cli.bench import acknowledging, fleet, kills, stand
from anze.cli.bench.figures import Figure
from anze.cli.bench.scales import FULL, SMALL
from anze.cli.database import gateway_conninfo
from anze.cli.postgres import Server
from tests.telemetry.conftest import Connection, owner

__all__ = ["owner"]


@pytest.fixture
def server(owner: Connection) -> Server:
    return Server(settings.HOME)


@pytest.mark.skipif(not any(map(stand.shutil.which, stand.COMPILERS)), reason="no C compiler")
def test_positions_are_measured_beside_an_echo(server: Server, owner: Connection) -> None:
    outcome = acknowledging.run(server, gateway_conninfo(settings.HOME), SMALL.gateway)
    values = {figure.unit: figure.value for figure in outcome.figures}
    assert min(values.values()) > 0
    assert "50 connections" in outcome.size
    (stored,) = owner.execute("SELECT count(*) FROM telemetry.position").fetchone() or (0,)
    assert stored >= 50


def test_a_refused_terminal_is_no_measurement(server: Server, owner: Connection, tmp_path: Path) -> None:
    program = stand.compiled(tmp_path)
    assert program is not None
    stand.install(owner, 3)
    with stand.gateway(gateway_conninfo(settings.HOME)) as serving:
        assert stand.load(program, serving.port, 3, 0.5).failed == 0
        with pytest.raises(RuntimeError, match="没有全部通过"):
            stand.load(program, serving.port, 4, 0.5)  # the fourth is in no directory


def test_without_a_compiler_it_says_so(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stand, "COMPILERS", ("no-such-compiler",))
    outcome = acknowledging.run(server, "", SMALL.gateway)
    assert outcome.figures == ()
    assert "no C compiler" in outcome.size


def test_a_fleet_is_held_and_a_vehicle_s_days_are_one_answer(server: Server) -> None:
    size = replace(SMALL.gateway, fleet=20, held=2.5, every=1)
    outcome = fleet.run(server, gateway_conninfo(settings.HOME), size)
    lost, twice, waiting, least, _, track = outcome.figures
    assert (lost.value, twice.value, waiting.value, least.value) == (0, 0, 0, 20)
    assert track.what.split()[2] != "0"
    assert track.value > 0


def test_a_server_that_does_not_come_up_is_told() -> None:
    with pytest.raises(RuntimeError, match="没有开始监听"):
        stand.start(print, ("it ends at once",), 1)


def test_what_was_lost_or_doubled_is_no_pass() -> None:
    assert kills.Reckoning(acknowledged=3).sound
    assert not kills.Reckoning(lost=1).sound
    assert Figure("least", 10, "/s", least=20).passed is False


def test_how_long_the_fleet_is_held_can_be_said() -> None:
    asked: dict[str, Any] = {"small": False, "held": 600.0}
    assert bench.scale_of(argparse.Namespace(**asked)).gateway.held == 600
    assert bench.scale_of(argparse.Namespace(small=False, held=None)) is FULL
    assert bench.scale_of(argparse.Namespace(small=True, held=None)) is SMALL
