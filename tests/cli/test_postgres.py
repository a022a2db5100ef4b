"""The launcher: a private cluster that survives what happens to processes."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from anze.cli import programs
from anze.cli.home import Home
from anze.cli.postgres import Server
from anze.cli.programs import Programs, ServerError, installed_programs

PARENT = """
import sys, time
from pathlib import Path
from anze.cli.home import Home
from anze.cli.postgres import Server
server = Server(Home(Path(sys.argv[1])), throw_away=True)
server.start()
with server.connect() as connection:
    connection.execute("CREATE TABLE kept (n int)")
    connection.execute("INSERT INTO kept VALUES (1)")
print(server._child.pid, flush=True)
time.sleep(60)
"""


def eventually(holds: Callable[[], bool], seconds: float = 20.0) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if holds():
            return True
        time.sleep(0.05)
    return holds()


def rows(server: Server) -> list[tuple[object, ...]]:
    with server.connect() as connection:
        return connection.execute("SELECT n FROM kept").fetchall()


def fill(server: Server) -> None:
    with server.connect() as connection:
        connection.execute("CREATE TABLE kept (n int)")
        connection.execute("INSERT INTO kept VALUES (1)")


def answers(server: Server) -> bool:
    try:
        server.connect().close()
    except psycopg.OperationalError:
        return False
    return True


def test_a_second_start_finds_what_the_first_wrote(home: Home) -> None:
    first = Server(home, throw_away=True)
    first.start()
    fill(first)
    first.stop()
    assert not answers(first)

    second = Server(home, throw_away=True)
    second.start()
    assert rows(second) == [(1,)]
    second.stop()


def test_it_listens_on_no_network_and_asks_for_a_password(server: Server) -> None:
    with server.connect() as connection:
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)
        assert connection.execute("SHOW server_encoding").fetchone() == ("UTF8",)
    for password in ("", "wrong"):
        with pytest.raises(psycopg.OperationalError, match="password"):
            psycopg.connect(
                host=str(server.home.socket), port=5432, user="postgres", dbname="postgres", password=password
            )


def test_everything_in_the_home_is_closed_to_other_users(server: Server) -> None:
    home = server.home
    for path in (home.path, home.postgres, home.socket, home.attachments, server.data):
        assert stat.S_IMODE(path.stat().st_mode) == 0o700, path
    assert stat.S_IMODE(home.secrets_file.stat().st_mode) == 0o600
    assert not (home.postgres / "password").exists()


def test_the_server_does_not_run_as_root(server: Server) -> None:
    assert server._child is not None
    assert Path(f"/proc/{server._child.pid}").stat().st_uid != 0


def test_a_killed_parent_takes_the_server_along_and_loses_nothing(home: Home) -> None:
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, str(home.path)], stdout=subprocess.PIPE, text=True
    )
    assert parent.stdout is not None
    pid = int(parent.stdout.readline())
    parent.kill()
    parent.wait()
    parent.stdout.close()

    server = Server(home, throw_away=True)
    server.start()
    assert rows(server) == [(1,)]
    assert server._child is not None
    assert server._child.pid != pid
    server.stop()


def test_a_killed_server_is_started_again_and_loses_nothing(server: Server) -> None:
    fill(server)
    told: list[str] = []
    server.watch(told.append)
    assert server._child is not None
    first = server._child.pid
    os.kill(first, signal.SIGKILL)
    assert eventually(lambda: server._child is not None and server._child.pid != first and answers(server))
    assert rows(server) == [(1,)]
    assert told == ["PostgreSQL 意外停止，正在重新启动。"]


def test_a_running_server_is_used_and_left_running(server: Server) -> None:
    guest = Server(server.home, throw_away=True)
    guest.start()
    assert answers(guest)
    guest.stop()
    assert answers(server)


def test_a_lock_file_whose_number_another_program_has_is_stale(home: Home) -> None:
    first = Server(home, throw_away=True)
    first.start()
    pid_file = first.data / "postmaster.pid"
    lines = pid_file.read_text().splitlines()
    first.stop()
    pid_file.write_text("\n".join([str(os.getppid()), *lines[1:]]))

    second = Server(home, throw_away=True)
    second.start()
    assert answers(second)
    second.stop()


def test_an_initdb_that_was_cut_short_is_done_again(home: Home) -> None:
    home.prepare()
    (home.postgres / "data").mkdir()
    (home.postgres / "data" / "half").write_text("half")
    server = Server(home, throw_away=True)
    server.start()
    assert not (server.data / "half").exists()
    server.stop()


def test_a_cluster_of_another_version_is_refused_with_the_way_out(home: Home) -> None:
    home.prepare()
    (home.postgres / "data").mkdir()
    (home.postgres / "data" / "PG_VERSION").write_text("14\n")
    with pytest.raises(ServerError, match=r"PostgreSQL 14 建立.*anze restore"):
        Server(home).start()


def test_a_broken_cluster_says_why_and_where_to_look(home: Home) -> None:
    first = Server(home, throw_away=True)
    first.start()
    first.stop()
    (first.data / "global" / "pg_control").unlink()
    with pytest.raises(ServerError, match=r"(?s)pg_control.*start\.log"):
        Server(home, throw_away=True).start()


def test_a_failing_initdb_says_why(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Server, "programs", lambda self: Programs(Path("/bin"), bundled=False))
    monkeypatch.setattr(Programs, "__getitem__", lambda self, name: "/bin/false")
    with pytest.raises(ServerError, match="initdb 失败"):
        Server(home).start()
    assert not (home.postgres / "password").exists()


def test_no_programs_anywhere_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(programs.importlib.util, "find_spec", lambda name: None)
    monkeypatch.setattr(programs, "_system_directories", lambda: iter([]))
    with pytest.raises(ServerError, match="apt-get install postgresql"):
        installed_programs()


def test_without_the_wheel_the_newest_of_the_system_is_taken(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def program(version: int) -> Path:
        directory = tmp_path / str(version)
        directory.mkdir()
        (directory / "initdb").touch()
        (directory / "postgres").write_text(f"#!/bin/sh\necho 'postgres (PostgreSQL) {version}.4 (Debian)'\n")
        (directory / "postgres").chmod(0o755)
        return directory

    found = [program(14), tmp_path / "none", program(16)]
    monkeypatch.setattr(programs.importlib.util, "find_spec", lambda name: None)
    monkeypatch.setattr(programs, "_system_directories", lambda: iter(found))
    assert installed_programs().bin == tmp_path / "16"


def test_the_copied_programs_are_renewed_when_the_wheel_changes(server: Server) -> None:
    stamp = server.home.postgres / "server" / "copied-from"
    if os.geteuid() != 0:
        assert not stamp.exists()
        return
    stamp.write_text("an older wheel\n")
    server.programs()
    assert stamp.read_text().startswith(str(installed_programs().bin.parent))
