"""The tables of the tests emptied, as the owner."""

from __future__ import annotations

import time
from typing import Any

import psycopg
from django.conf import settings

from anze.cli.postgres import Server
from anze.telemetry import schema

# What migrations fill and every test may count on.
KEPT_TABLES = ("django_migrations", "django_content_type", "auth_permission")


def as_owner() -> Any:
    """Not through Django: its test cases forbid every database but `default`."""
    return Server(settings.HOME).connect("anze_owner", "anze")


# A page that a test left behind may still be loading: its request reads the tables that the flush locks.
IN_FLIGHT = """SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND usename = 'anze_app' AND state <> 'idle'"""
# Few tests write there, and its partitions are many.
FILLED_TELEMETRY = "SELECT 1 FROM telemetry.terminal UNION ALL SELECT 1 FROM telemetry.uplink LIMIT 1"
FLUSH_TRIES, QUIET_SECONDS = 5, 10


def _await_quiet(connection: Any) -> None:
    """Until no request runs; after some seconds the flush goes ahead and waits for its locks itself."""
    give_up = time.monotonic() + QUIET_SECONDS
    while connection.execute(IN_FLIGHT).fetchone() != (0,) and time.monotonic() < give_up:
        time.sleep(0.02)


def empty() -> None:
    """Whatever was committed is gone; sequences go on."""
    for attempt in range(1, FLUSH_TRIES + 1):
        with as_owner() as connection:
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
