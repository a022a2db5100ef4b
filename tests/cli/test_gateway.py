"""`anze gateway`: what it refuses, what it tells, and that a process which dies comes back."""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings

from anze.cli import gateway, installation, run
from anze.cli.bench import stand
from anze.cli.database import gateway_conninfo
from anze.cli.gateway import Processes, free_gateway_port, refuse_to_expose, serve_gateway, settings_here
from anze.cli.home import Home
from anze.cli.installation import InstallationError, Kind
from anze.cli.simulate import run as run_loop
from anze.cli.simulate.fleet import Fleet
from anze.cli.simulate.tally import Tally
from anze.cli.simulate.terminal import Platform, identities
from anze.gateway.settings import Settings
from anze.telemetry.rows import digest_of
from tests.telemetry.conftest import Connection, owner

__all__ = ["owner"]


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0), reuse_port=True) as other:
        yield other.getsockname()[1]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def asked(**given: Any) -> argparse.Namespace:
    return argparse.Namespace(**{"host": None, "port": None, "processes": 1, **given})


def test_a_wrong_setting_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANZE_GATEWAY_PORT", "many")
    with pytest.raises(InstallationError, match="ANZE_GATEWAY_PORT=many"):
        settings_here()


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.2"])
def test_vehicles_of_a_demonstration_are_reported_from_this_machine_only(host: str) -> None:
    with pytest.raises(InstallationError, match="演示数据库"):
        refuse_to_expose(Kind.DEMONSTRATION, host)
    refuse_to_expose(Kind.OWN, host)
    refuse_to_expose(Kind.DEMONSTRATION, "127.0.0.1")


def test_a_port_that_somebody_has_is_not_shared(
    taken: int, monkeypatch: pytest.MonkeyPatch, django_db_setup: None
) -> None:
    monkeypatch.setattr(run, "PORT_PATIENCE", 0.0)
    monkeypatch.setattr(gateway, "require_known_schema", lambda: None)
    monkeypatch.setattr(installation, "kind", lambda: Kind.OWN)
    with pytest.raises(InstallationError, match=f"端口 {taken} 已被占用"):
        serve_gateway(asked(port=taken))
    with pytest.raises(InstallationError, match="--processes"):
        serve_gateway(asked(port=taken, processes=0))


def test_the_gateway_keeps_its_port_from_run_to_run(
    home: Home, taken: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    home.prepare()
    monkeypatch.setattr(run, "PORT_PATIENCE", 0.0)
    monkeypatch.setattr(gateway, "FIRST_PORT", taken)
    assert free_gateway_port(home, Settings()) > taken
    last = free_port()
    installation.remember_gateway_port(home, last)
    assert free_gateway_port(home, Settings()) == last
    monkeypatch.setenv("ANZE_GATEWAY_PORT", str(taken))
    with pytest.raises(InstallationError, match="已被占用"):
        free_gateway_port(home, Settings(port=taken))
    monkeypatch.delenv("ANZE_GATEWAY_PORT")
    installation.remember_gateway_port(home, taken)
    monkeypatch.setattr(run, "can_listen", lambda host, port: False)
    with pytest.raises(InstallationError, match="ANZE_GATEWAY_PORT"):
        free_gateway_port(home, Settings())


def test_run_leaves_the_gateway_out_where_nobody_said_who_writes(
    home: Home, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://somewhere/anze")
    assert run.gateway_address(home, Kind.OWN) is None
    assert "ANZE_GATEWAY_URL" in capsys.readouterr().out
    assert set(run.parts(Kind.OWN, "127.0.0.1", 8000, None)) == {"web", "jobs"}


def test_the_demonstration_s_fleet_drives(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    home.prepare()
    address = run.gateway_address(home, Kind.DEMONSTRATION)
    assert address is not None
    assert address[0] == "127.0.0.1"
    monkeypatch.setattr(run, "terminals_installed", lambda: True)
    found = run.parts(Kind.DEMONSTRATION, "127.0.0.1", 8000, address)
    assert list(found) == ["web", "jobs", "gateway", "fleet"]
    assert found["gateway"] == f"gateway --host 127.0.0.1 --port {address[1]}"
    assert "fleet" not in run.parts(Kind.OWN, "127.0.0.1", 8000, address)
    monkeypatch.setattr(run, "terminals_installed", lambda: False)
    assert "fleet" not in run.parts(Kind.DEMONSTRATION, "127.0.0.1", 8000, address)


def accepts(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


def until(true: Any, seconds: float = 40.0) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "did not happen"
        time.sleep(0.05)


def test_several_processes_share_a_port_and_a_dead_one_comes_back(
    owner: Connection, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    port = free_port()
    both = Processes(Settings(port=port), gateway_conninfo(django_settings.HOME), 2)
    monkeypatch.setattr(signal, "signal", lambda number, act: None)  # not in a thread
    monkeypatch.setattr(gateway, "RESTART_SECONDS", 0.0)
    running = threading.Thread(target=both.run)
    running.start()
    try:
        until(lambda: len(both._running) == 2 and accepts(port))
        killed = both._running[0]
        assert killed.pid is not None
        os.kill(killed.pid, signal.SIGKILL)
        until(lambda: both._running[0] is not killed and both._running[0].is_alive())
        until(lambda: accepts(port))
    finally:
        both._stop(signal.SIGTERM, None)
        running.join(40)
    assert not running.is_alive()
    assert not any(process.is_alive() for process in both._running.values())
    assert "意外结束（-9）" in capfd.readouterr().out


def sockets(pid: int) -> int:
    found = 0
    for name in Path(f"/proc/{pid}/fd").iterdir():
        with suppress(FileNotFoundError):
            found += str(name.readlink()).startswith("socket:")
    return found


def test_a_fleet_over_two_processes_outlives_one_of_them(
    owner: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The kernel spreads the terminals; those of the killed one come back; nothing is lost or twice."""
    count, first = 24, 13_300_000_000
    port, acknowledged = free_port(), set[tuple[str, int]]()
    stand.install(owner, count, first)
    settings = Settings(port=port, **stand.UNLIMITED)
    both = Processes(settings, gateway_conninfo(django_settings.HOME), 2)
    monkeypatch.setattr(signal, "signal", lambda number, act: None)  # not in a thread
    monkeypatch.setattr(gateway, "RESTART_SECONDS", 0.0)
    tally = Tally(acknowledged=lambda phone, body: acknowledged.add((phone, digest_of(body))))

    async def scene() -> int:
        fleet = Fleet(list(identities(count, first)), Platform("127.0.0.1", port), tally)
        alone = {process.pid: sockets(process.pid or 0) for process in both._running.values()}
        await fleet.connect(1000)
        while tally.working < count:
            await asyncio.sleep(0.05)
        assert all(sockets(pid or 0) > before for pid, before in alone.items()), "one has all the terminals"
        killed = both._running[0]

        def ended() -> bool:
            if killed.is_alive() and tally.acked > count:
                os.kill(killed.pid or 0, signal.SIGKILL)
            return tally.losses > 0 and tally.working == count and tally.made > 6 * count

        await asyncio.wait_for(fleet.drive(0.3, ended), 120)
        assert await fleet.settle(60)
        await fleet.stop()
        return 0

    running = threading.Thread(target=both.run)
    running.start()
    try:
        until(lambda: len(both._running) == 2 and both_listen(port))
        run_loop(scene())
    finally:
        both._stop(signal.SIGTERM, None)
        running.join(40)
    stored = owner.execute(
        "SELECT t.phone, p.digest FROM telemetry.position p JOIN telemetry.terminal t ON t.id = p.terminal_id"
    ).fetchall()
    assert len(stored) == len(set(stored))
    assert acknowledged
    assert acknowledged <= set(stored)


def both_listen(port: int) -> bool:
    """Each process with a socket of its own on the port."""
    listening = Path("/proc/net/tcp").read_text("ascii").splitlines()
    return (
        sum(line.split()[1].endswith(f":{port:04X}") and line.split()[3] == "0A" for line in listening[1:])
        == 2
    )


def test_no_more_links_than_files_may_be_open(monkeypatch: pytest.MonkeyPatch) -> None:
    import resource

    told: list[tuple[int, int]] = []
    monkeypatch.setattr(resource, "getrlimit", lambda what: (100, 1000))
    monkeypatch.setattr(resource, "setrlimit", lambda what, limits: told.append(limits))
    assert gateway._within_limits(Settings()).most_links == 800
    assert gateway._within_limits(Settings(most_links=10)).most_links == 10
    assert told == [(1000, 1000)] * 2
    monkeypatch.setattr(resource, "getrlimit", lambda what: (100, resource.RLIM_INFINITY))
    assert gateway._within_limits(Settings()) == Settings()


def test_ports_are_remembered_apart(home: Home) -> None:
    home.prepare()
    installation.remember_port(home, 1)
    installation.remember_gateway_port(home, 2)
    assert (installation.last_port(home), installation.last_gateway_port(home)) == (1, 2)
    Path(home.path / "gateway-port").write_text("none")
    assert installation.last_gateway_port(home) is None
