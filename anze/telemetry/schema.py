"""The tables of telemetry: numbered SQL files, each applied once by the owner and remembered."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

Connection = psycopg.Connection[Any]

FILES = Path(__file__).parent / "sql"
VERSIONS = """
CREATE SCHEMA IF NOT EXISTS telemetry;
CREATE TABLE IF NOT EXISTS telemetry.version (
    name text PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now()
)
"""


def apply(connection: Connection) -> list[str]:
    """Apply what is missing, all or nothing. Answers the names applied."""
    with connection.transaction():
        connection.execute(VERSIONS)
        connection.execute("LOCK TABLE telemetry.version IN EXCLUSIVE MODE")
        missing, _ = gap(connection)
        for name in missing:
            connection.execute((FILES / f"{name}.sql").read_bytes())
            connection.execute("INSERT INTO telemetry.version (name) VALUES (%s)", [name])
    return missing


def gap(connection: Connection) -> tuple[list[str], list[str]]:
    """(files not applied yet, names that this version does not know)."""
    known = {path.stem for path in FILES.glob("*.sql")}
    there = connection.execute("SELECT to_regclass('telemetry.version') IS NOT NULL").fetchone()
    applied = set(_applied(connection)) if there == (True,) else set()
    return sorted(known - applied), sorted(applied - known)


def _applied(connection: Connection) -> Iterator[str]:
    for (name,) in connection.execute("SELECT name FROM telemetry.version"):
        yield name


def empty(connection: Connection) -> None:
    """Forget every row; the tables stay."""
    found = connection.execute(
        "SELECT tablename FROM pg_tables WHERE schemaname = 'telemetry' AND tablename <> 'version' ORDER BY 1"
    )
    names = [sql.Identifier("telemetry", name) for (name,) in found]
    if names:
        connection.execute(sql.SQL("TRUNCATE {} RESTART IDENTITY").format(sql.SQL(", ").join(names)))
