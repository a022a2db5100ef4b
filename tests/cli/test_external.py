"""A PostgreSQL that somebody else runs, named by DATABASE_URL and ANZE_OWNER_URL."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

import pytest
from django.db.backends.postgresql.base import DatabaseWrapper

from anze.cli.database import drop_database, make_database
from anze.cli.postgres import Server
from anze.config.settings import _external


def url(server: Server, role: str) -> str:
    secret = {"postgres": "superuser_password", "anze_owner": "owner_password", "anze_app": "app_password"}
    password = quote(server.home.secrets()[secret[role]])
    return f"postgresql://{role}:{password}@/anze?host={quote(str(server.home.socket), safe='')}&port=5432"


def anze(server: Server, home: Path, *words: str, app: str = "anze_app", code: int = 0) -> str:
    environment = {
        **os.environ,
        "ANZE_HOME": str(home),
        "DATABASE_URL": url(server, app),
        "ANZE_OWNER_URL": url(server, "anze_owner"),
    }
    command = [sys.executable, "-m", "anze.cli", *words]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout + done.stderr


@pytest.fixture
def external(server: Server) -> Server:
    make_database(server)
    return server


def test_it_is_migrated_used_and_backed_up(external: Server) -> None:
    home = external.home.path / "elsewhere"
    anze(external, home, "migrate")
    assert "0 条链" in anze(external, home, "journal", "verify")
    anze(external, home, "backup", str(home / "a.tar"))
    assert "不是空的" in anze(external, home, "restore", "--replace", str(home / "a.tar"), code=1)
    drop_database(external, "anze")
    make_database(external)
    assert "已恢复" in anze(external, home, "restore", str(home / "a.tar"))
    assert not (home / "postgres" / "data").exists()
    assert external._child is not None
    assert external._child.poll() is None


@pytest.mark.parametrize("role", ["postgres", "anze_owner"])
def test_a_role_that_no_policy_binds_is_refused(external: Server, role: str) -> None:
    home = external.home.path / "elsewhere"
    assert "行级安全" in anze(external, home, "sweep", app=role, code=1)


def test_every_part_of_the_address_reaches_django() -> None:
    parts = _external("postgresql://u:p%40@db.example:6543/x?sslmode=require")
    assert parts == {
        "HOST": "db.example",
        "PORT": "6543",
        "NAME": "x",
        "USER": "u",
        "PASSWORD": "p@",
        "OPTIONS": {"sslmode": "require"},
    }
    wrapper = DatabaseWrapper({**parts, "CONN_MAX_AGE": 0, "TIME_ZONE": None, "CONN_HEALTH_CHECKS": False})
    assert wrapper.get_connection_params()["sslmode"] == "require"
