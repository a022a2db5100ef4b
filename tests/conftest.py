"""Each process has a throw-away PostgreSQL. Tests act as the application role, bound by its policies."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, settings
from pytest_socket import socket_allow_hosts

if TYPE_CHECKING:
    from tests.cast import Cast
    from tests.kept import Kept

# Also for the processes that tests start.
HOME = Path(tempfile.mkdtemp(prefix="anze-test-"))
os.environ["ANZE_HOME"] = str(HOME)

# A machine that is busy draws slowly: that is no fault of what is tested.
settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unhurried")

NOT_RUN = pytest.StashKey[list[str]]()


def pytest_configure(config: pytest.Config) -> None:
    """Point the settings at the throw-away home before anything can reach for a real one."""
    from django.conf import settings as django

    from anze.cli.home import Home

    home = Home(HOME)
    django.HOME = home
    django.ATTACHMENTS_DIR = home.attachments
    django.POSITIONS_DIR = home.positions
    for database in django.DATABASES.values():
        database.update(HOST=str(home.socket), PORT="5432", NAME="anze", CONN_MAX_AGE=0)
        database["OPTIONS"] = {}
    django.DATABASES["default"]["USER"] = "anze_app"
    django.DATABASES["owner"]["USER"] = "anze_owner"


def pytest_unconfigure(config: pytest.Config) -> None:
    shutil.rmtree(HOME, ignore_errors=True)


BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def chromium() -> str | None:
    """The path of this machine's Chromium."""
    return next((path for name in BROWSERS if (path := shutil.which(name))), None)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Browser tests run where there is a browser; where there is none, the summary names them."""
    items.sort(key=lambda item: item.get_closest_marker("long") is None)
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


@pytest.fixture(scope="session", autouse=True)
def _flush_as_owner() -> Iterator[None]:
    """Django would flush as the application role, which may not truncate."""
    from django.test import TransactionTestCase

    from tests.emptying import empty

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda _: empty())
        yield


@pytest.fixture
def owner_rows(django_db_setup: None) -> Iterator[Any]:
    """A cursor of the owner role: sees every committed row, whatever the scope."""
    from tests.emptying import as_owner

    with as_owner() as connection, connection.cursor() as cursor:
        yield cursor


@pytest.fixture(scope="session")
def kept_cast(django_db_setup: None, django_db_blocker: Any) -> Kept[Cast]:
    from tests.cast import build_cast
    from tests.kept import keep

    with django_db_blocker.unblock():
        return keep("cast", build_cast)


@pytest.fixture(scope="session")
def kept_decided(django_db_setup: None, django_db_blocker: Any) -> Kept[Cast]:
    """With every duty of both companies decided."""
    from tests.cast import build_decided
    from tests.kept import keep

    with django_db_blocker.unblock():
        return keep("decided", build_decided)
