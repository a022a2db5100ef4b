"""Where the data directory is, and that nobody else can come in."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from anze.cli import home as homes
from anze.cli.home import CHECKOUT, Home, HomeError, current_home


def test_the_variable_wins(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("ANZE_HOME", str(tmp_path / "x"))
    assert current_home() == Home(tmp_path / "x")


def test_an_ordinary_user_keeps_it_in_the_checkout(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ANZE_HOME")
    monkeypatch.setattr(homes.os, "geteuid", lambda: 1000)
    assert current_home().path == CHECKOUT / "var"


def test_root_keeps_it_outside_by_the_path_of_the_checkout(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ANZE_HOME")
    monkeypatch.setattr(homes.os, "geteuid", lambda: 0)
    here = current_home().path
    monkeypatch.setattr(homes, "CHECKOUT", Path("/somewhere/else"))
    assert here.parent == Path("/var/lib/anze")
    assert current_home().path != here


def test_naming_a_home_makes_nothing(tmp_path: Path) -> None:
    home = Home(tmp_path / "none")
    assert home.secrets() == {}
    assert not home.path.exists()


def test_secrets_are_made_once(home: Home) -> None:
    home.prepare()
    first = home.secrets()
    home.prepare()
    assert home.secrets() == first
    assert len(set(first.values())) == len(homes.SECRETS)


def test_a_long_path_gets_its_socket_elsewhere(home: Home) -> None:
    deep = Home(home.path / ("深" * 40))
    assert deep.socket.parent in (Path("/run"), Path("/tmp"))
    assert deep.socket != Home(home.path / ("远" * 40)).socket
    home.prepare()
    deep.prepare()
    assert stat.S_IMODE(deep.socket.stat().st_mode) == 0o700
    deep.socket.rmdir()


def test_a_directory_that_another_user_made_is_refused(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    home.prepare()
    monkeypatch.setattr(homes, "server_user", lambda: None)
    monkeypatch.setattr(homes.os, "geteuid", lambda: os.getuid() + 12345)
    with pytest.raises(HomeError, match="属于其他用户"):
        home.prepare()


def test_a_link_in_place_of_the_directory_is_refused(home: Home, tmp_path: Path) -> None:
    home.prepare()
    home.socket.rmdir()
    home.socket.symlink_to(tmp_path)
    with pytest.raises(HomeError, match="ANZE_HOME"):
        home.prepare()


def test_a_home_that_the_server_cannot_reach_is_refused(home: Home) -> None:
    if os.geteuid() != 0:
        home.prepare()
        assert homes.server_user() is None
        return
    closed = home.path / "closed"
    closed.mkdir(mode=0o700)
    with pytest.raises(HomeError, match="无法进入"):
        Home(closed / "home").prepare()


def test_without_useradd_root_is_told_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(name: str) -> None:
        raise KeyError(name)

    monkeypatch.setattr(homes.os, "geteuid", lambda: 0)
    monkeypatch.setattr(homes.pwd, "getpwnam", unknown)
    monkeypatch.setattr(homes.shutil, "which", lambda name: "/nowhere/useradd")
    homes.server_user.cache_clear()
    with pytest.raises(HomeError, match="没有 useradd"):
        homes.server_user()
    monkeypatch.setattr(homes.shutil, "which", lambda name: "/bin/false")
    with pytest.raises(HomeError, match="无法建立系统用户"):
        homes.server_user()
    monkeypatch.undo()
    homes.server_user.cache_clear()
