"""`anze simulate`: whom it plays, and what it refuses."""

from __future__ import annotations

import argparse
import asyncio
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from anze.cli import installation, simulate
from anze.cli.installation import InstallationError, Kind
from anze.gateway.server import Server
from tests.gateway.conftest import Connection, conninfo, fleet, gateway, owner, play

__all__ = ["fleet", "gateway", "owner", "play"]


def asked(**given: Any) -> argparse.Namespace:
    values = {"host": "127.0.0.1", "port": 1, "tls": False, "count": None, "first": 13_900_000_000}
    values |= {"every": 1.0, "replay": None, "speed": 60.0, "seconds": 2.0}
    return argparse.Namespace(**{**values, **given})


@pytest.fixture
def as_demonstration(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(installation, "kind", lambda: Kind.DEMONSTRATION)
    monkeypatch.setattr(simulate, "gateway_conninfo", lambda home: conninfo())


def test_the_demonstration_s_own_terminals_report(
    as_demonstration: None, play: Callable[..., None], owner: Connection, capsys: pytest.CaptureFixture[str]
) -> None:
    async def scene(server: Server) -> None:
        done = await asyncio.to_thread(_without_signals, asked(port=server.port))
        assert done == 0

    play(scene)
    (stored,) = owner.execute("SELECT count(DISTINCT vehicle_id) FROM telemetry.position").fetchone() or (0,)
    assert stored == 3
    assert "模拟 3 个终端" in capsys.readouterr().out


def _without_signals(arguments: argparse.Namespace) -> int:
    """In a thread no signal can be caught."""
    with mock.patch.object(simulate, "_until", _only_seconds):
        return simulate.simulate_fleet(arguments)


def _only_seconds(seconds: float | None) -> Callable[[], bool]:
    end = time.monotonic() + (seconds or 0)
    return lambda: time.monotonic() > end


def test_nothing_is_invented_for_real_vehicles(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(installation, "kind", lambda: Kind.OWN)
    with pytest.raises(InstallationError, match="只有演示数据库"):
        simulate.simulate_fleet(asked())


def test_a_demonstration_without_terminals_says_so(as_demonstration: None, owner: Connection) -> None:
    with pytest.raises(InstallationError, match="没有安装终端"):
        simulate.simulate_fleet(asked())


@pytest.mark.parametrize("wrong", [{"every": 0.0}, {"speed": -1.0}, {"count": -3}])
def test_what_must_be_positive(wrong: dict[str, float]) -> None:
    with pytest.raises(InstallationError, match="必须大于 0"):
        simulate.simulate_fleet(asked(**wrong))


def test_a_trace_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InstallationError, match="不能回放"):
        simulate.simulate_fleet(asked(count=1, replay=tmp_path / "missing.csv"))
    (tmp_path / "bad.csv").write_text("vehicle\n")
    with pytest.raises(InstallationError, match="缺少列"):
        simulate.simulate_fleet(asked(count=1, replay=tmp_path / "bad.csv"))
