"""A throw-away PostgreSQL for the whole run. Tests act as the application role, bound by its policies."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from pytest_socket import socket_allow_hosts

# Also for the processes that tests start.
HOME = Path(tempfile.mkdtemp(prefix="anze-test-"))
os.environ["ANZE_HOME"] = str(HOME)

NOT_RUN = pytest.StashKey[list[str]]()

# What migrations fill and every test may count on.
KEPT_TABLES = ("django_migrations", "django_content_type", "auth_permission")


def pytest_configure(config: pytest.Config) -> None:
    """Point the settings at the throw-away home before anything can reach for a real one."""
    from django.conf import settings

    from anze.cli.home import Home

    home = Home(HOME)
    settings.HOME = home
    settings.ATTACHMENTS_DIR = home.attachments
    settings.POSITIONS_DIR = home.positions
    for database in settings.DATABASES.values():
        database.update(HOST=str(home.socket), PORT="5432", NAME="anze", CONN_MAX_AGE=0)
        database["OPTIONS"] = {}
    settings.DATABASES["default"]["USER"] = "anze_app"
    settings.DATABASES["owner"]["USER"] = "anze_owner"


def pytest_unconfigure(config: pytest.Config) -> None:
    shutil.rmtree(HOME, ignore_errors=True)


BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def chromium() -> str | None:
    """The path of this machine's Chromium."""
    return next((path for name in BROWSERS if (path := shutil.which(name))), None)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Browser tests run where there is a browser; where there is none, the summary names them."""
    if chromium() is not None:
        return
    without = [item for item in items if item.get_closest_marker("browser")]
    items[:] = [item for item in items if item not in without]
    config.stash[NOT_RUN] = [item.nodeid for item in without]
    config.hook.pytest_deselected(items=without)


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    not_run = config.stash.get(NOT_RUN, [])
    if not_run:
        terminalreporter.section("NOT RUN: no Chromium on this machine")
        for name in not_run:
            terminalreporter.line(name)


@pytest.fixture(scope="session")
def chromium_path() -> str:
    path = chromium()
    assert path is not None, "mark the test with pytest.mark.browser"
    return path


def pytest_runtest_setup(item: pytest.Item) -> None:
    """No test reaches beyond this machine."""
    socket_allow_hosts(["127.0.0.1", "::1"], allow_unix_socket=True)


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: Any) -> Iterator[None]:
    """Instead of pytest-django's: it makes databases, we make a cluster."""
    from django.conf import settings
    from django.db import connections

    from anze.cli.database import migrate, serving
    from anze.cli.postgres import Server

    server = Server(settings.HOME, throw_away=True)
    with serving(server), django_db_blocker.unblock():
        secrets = settings.HOME.secrets()
        settings.DATABASES["default"]["PASSWORD"] = secrets["app_password"]
        settings.DATABASES["owner"]["PASSWORD"] = secrets["owner_password"]
        migrate()
        yield
        connections.close_all()


def _as_owner() -> Any:
    """Not through Django: its test cases forbid every database but `default`."""
    from django.conf import settings

    from anze.cli.postgres import Server

    return Server(settings.HOME).connect("anze_owner", "anze")


# A page that a test left behind may still be loading: its request reads the tables that the flush locks.
IN_FLIGHT = """SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND usename = 'anze_app' AND state <> 'idle'"""
# Few tests write there, and its partitions are many.
FILLED_TELEMETRY = "SELECT 1 FROM telemetry.terminal LIMIT 1"
FLUSH_TRIES, QUIET_SECONDS = 5, 10


def _await_quiet(connection: Any) -> None:
    """Until no request runs; after some seconds the flush goes ahead and waits for its locks itself."""
    give_up = time.monotonic() + QUIET_SECONDS
    while connection.execute(IN_FLIGHT).fetchone() != (0,) and time.monotonic() < give_up:
        time.sleep(0.02)


def truncate_as_owner(self: object = None) -> None:
    """Django would flush as the application role, which may not truncate."""
    from anze.telemetry import schema

    for attempt in range(1, FLUSH_TRIES + 1):
        with _as_owner() as connection:
            connection.autocommit = True
            found = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
            telemetry = connection.execute(FILLED_TELEMETRY).fetchone()
            tables = [name for (name,) in found if name not in KEPT_TABLES]
            _await_quiet(connection)
            try:
                connection.execute("TRUNCATE " + ", ".join(f'"{name}"' for name in tables))
                if telemetry is not None:
                    schema.empty(connection)
            except psycopg.errors.DeadlockDetected:
                if attempt == FLUSH_TRIES:
                    raise
            else:
                return


@pytest.fixture(scope="session", autouse=True)
def _flush_as_owner() -> Iterator[None]:
    from django.test import TransactionTestCase

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", truncate_as_owner)
        yield


@pytest.fixture
def owner_rows(django_db_setup: None) -> Iterator[Any]:
    """A cursor of the owner role: sees every committed row, whatever the scope."""
    with _as_owner() as connection, connection.cursor() as cursor:
        yield cursor
