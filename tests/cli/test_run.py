"""What `anze run` decides before it serves."""

from __future__ import annotations

import argparse
import builtins
import getpass
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from anze.cli import installation, run, upkeep
from anze.cli.database import SchemaError
from anze.cli.home import Home
from anze.cli.installation import InstallationError, Kind


@pytest.fixture
def steps(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """An installation that does nothing but note what is asked of it: current schema, no data."""
    done: list[str] = []
    monkeypatch.setattr(run, "schema_gap", lambda: ([], []))
    monkeypatch.setattr(run, "migrate", lambda: done.append("migrate"))
    monkeypatch.setattr(run, "is_own", lambda: False)
    monkeypatch.setattr(installation, "kind", lambda: Kind.EMPTY)
    monkeypatch.setattr(installation, "mark", lambda kind: done.append(kind.value))
    monkeypatch.setattr(installation, "empty_tables", lambda: done.append("empty"))
    account = SimpleNamespace(username="anquan", password="secret", who="安全管理人员", look="先看工作台")
    demo = SimpleNamespace(load=lambda now: done.append("load"), accounts=lambda: [account])
    monkeypatch.setattr(run, "demonstration", lambda: demo)
    return done


def test_an_empty_database_is_filled_once(steps: list[str]) -> None:
    assert run.bring_up_to_date() is Kind.DEMONSTRATION
    assert steps == ["migrate", "loading", "load", "demonstration"]


def test_a_demonstration_cut_short_is_loaded_anew(steps: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(installation, "kind", lambda: Kind.LOADING)
    assert run.bring_up_to_date() is Kind.DEMONSTRATION
    assert steps == ["migrate", "empty", "loading", "load", "demonstration"]


def test_a_filled_database_is_left_alone(steps: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(installation, "kind", lambda: Kind.OWN)
    assert run.bring_up_to_date() is Kind.OWN
    assert steps == ["migrate"]


def test_a_company_s_own_database_is_not_migrated_without_a_backup(
    steps: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse() -> None:
        raise SchemaError("anze upgrade")

    monkeypatch.setattr(run, "schema_gap", lambda: (["duties.0002_x"], []))
    monkeypatch.setattr(run, "require_known_schema", refuse)
    assert run.bring_up_to_date() is Kind.DEMONSTRATION
    monkeypatch.setattr(run, "is_own", lambda: True)
    with pytest.raises(SchemaError):
        run.bring_up_to_date()


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost", "127.9.9.9"])
def test_a_demonstration_may_be_seen_from_this_machine(host: str) -> None:
    run.refuse_exposure(Kind.DEMONSTRATION, host)


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.2", "::", "example.com"])
def test_a_demonstration_is_never_shown_to_the_network(host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANZE_HOSTS", "example.com")
    with pytest.raises(InstallationError, match="演示数据库"):
        run.refuse_exposure(Kind.DEMONSTRATION, host)
    run.refuse_exposure(Kind.OWN, host)
    monkeypatch.delenv("ANZE_HOSTS")
    with pytest.raises(InstallationError, match="ANZE_HOSTS"):
        run.refuse_exposure(Kind.OWN, host)


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


def test_the_last_port_is_taken_again_when_it_is_free(
    tmp_path: Path, taken: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = Home(tmp_path)
    monkeypatch.setattr(run, "PORT_PATIENCE", 0.3)
    assert installation.last_port(home) is None
    installation.remember_port(home, taken)
    monkeypatch.setattr(run, "FIRST_PORT", taken)
    assert run.free_port(home, "127.0.0.1") > taken
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    installation.remember_port(home, port)
    assert run.free_port(home, "127.0.0.1") == port


def test_a_port_that_is_asked_for_is_never_shared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "PORT_PATIENCE", 0.0)
    with socket.create_server(("127.0.0.1", 0), reuse_port=True) as other:
        taken = other.getsockname()[1]
        with pytest.raises(InstallationError, match=f"端口 {taken} 已被占用"):
            run.own_port("127.0.0.1", taken)
    assert run.own_port("127.0.0.1", taken) == taken
    with pytest.raises(InstallationError, match="70000"):
        run.own_port("127.0.0.1", 70_000)


def test_no_free_port_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "can_listen", lambda host, port: False)
    with pytest.raises(InstallationError, match="--port"):
        run.free_port(Home(tmp_path), "127.0.0.1")


def test_the_address_and_the_accounts_are_printed(
    steps: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    run.announce(Kind.DEMONSTRATION, "::1", 8000)
    said = capsys.readouterr().out
    assert "http://[::1]:8000/" in said
    assert "anquan" in said
    assert "secret" in said
    run.announce(Kind.EMPTY, "127.0.0.1", 8000)
    assert "anze init" in capsys.readouterr().out


def test_the_demonstration_brings_its_loader_and_accounts() -> None:
    module = run.demonstration()
    assert callable(module.load)
    assert {"username", "password", "who", "look"} <= set(dir(module.accounts()[0]))


CHILD = "import time; from anze.cli.keeping import follow_supervisor; follow_supervisor(); time.sleep(60)"


def test_a_child_ends_when_its_supervisor_is_killed() -> None:
    supervisor = subprocess.Popen(["sleep", "60"])
    environment = {**os.environ, "ANZE_SUPERVISOR": str(supervisor.pid)}
    child = subprocess.Popen([sys.executable, "-c", CHILD], env=environment)
    time.sleep(0.5)
    assert child.poll() is None
    supervisor.kill()
    supervisor.wait()
    assert child.wait(20) != 0


def test_only_one_process_serves_an_installation(home: Home) -> None:
    code = "import sys; from anze.cli.installation import alone; from anze.cli.home import current_home\n"
    code += "with alone(current_home()): pass"
    environment = {**os.environ, "ANZE_HOME": str(home.path)}
    with installation.alone(home):
        other = subprocess.run(
            [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False
        )
    assert "正在运行" in other.stderr
    subprocess.run([sys.executable, "-c", code], env=environment, check=True)


def asked(**given: Any) -> argparse.Namespace:
    return argparse.Namespace(**{"username": None, "password_file": None, **given})


def test_the_administrator_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = iter(["one-password", "one-password"])
    monkeypatch.setattr(builtins, "input", lambda prompt: " admin ")
    monkeypatch.setattr(getpass, "getpass", lambda prompt: next(answers))
    assert upkeep.ask_account(asked()) == ("admin", "one-password")


def test_two_different_passwords_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = iter(["one-password", "another-one"])
    monkeypatch.setattr(getpass, "getpass", lambda prompt: next(answers))
    with pytest.raises(InstallationError, match="不一致"):
        upkeep.ask_account(asked(username="admin"))


@pytest.mark.django_db(databases=["default", "owner"], transaction=True)
def test_what_an_installation_is_stands_in_its_database() -> None:
    assert installation.kind() is Kind.EMPTY
    for kind in (Kind.LOADING, Kind.DEMONSTRATION, Kind.OWN):
        installation.mark(kind)
        assert installation.kind() is kind
    installation.empty_tables()
    assert installation.kind() is Kind.EMPTY


@pytest.mark.parametrize(("kind", "kept"), [(Kind.DEMONSTRATION, None), (Kind.OWN, "required")])
def test_the_demonstration_never_asks_for_a_second_factor(
    monkeypatch: pytest.MonkeyPatch, kind: Kind, kept: str | None
) -> None:
    monkeypatch.setenv("ANZE_SECOND_FACTOR", "required")
    run.spare_demonstration(kind)
    assert os.environ.get("ANZE_SECOND_FACTOR") == kept


@pytest.mark.parametrize(("months", "said"), [("5", "至少保存 6 个月"), ("half", "应为月数")])
def test_positions_are_not_kept_for_less_than_the_rule(
    months: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANZE_POSITION_MONTHS", months)
    with pytest.raises(InstallationError, match=said):
        installation.check_position_months()


def test_positions_may_be_kept_for_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANZE_POSITION_MONTHS", "24")
    installation.check_position_months()
