"""Roles, the database and its schema: made when missing, brought up to date, or refused."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, LiteralString

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from anze.cli.home import Home
from anze.cli.postgres import Server

DATABASE, RETIRED = "anze", "anze_retired"
ROLES = {
    "anze_owner": ("owner_password", "LOGIN NOSUPERUSER NOCREATEROLE NOCREATEDB BYPASSRLS"),
    "anze_app": ("app_password", "LOGIN NOSUPERUSER NOCREATEROLE NOCREATEDB NOBYPASSRLS"),
    # COPY into a table under row-level security is refused, so it is not bound; its grants bind it instead.
    "anze_gateway": ("gateway_password", "LOGIN NOSUPERUSER NOCREATEROLE NOCREATEDB BYPASSRLS"),
}


class SchemaError(RuntimeError):
    """The database does not have the schema that this version knows."""


def make_database(server: Server, name: str = DATABASE) -> None:
    """The roles and a database of an embedded cluster. Safe to repeat."""
    secrets = server.home.secrets()
    with server.connect() as connection:
        for role, (secret, rights) in ROLES.items():
            known = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone()
            connection.execute(
                sql.SQL("{verb} ROLE {role} {rights} PASSWORD {password}").format(
                    verb=sql.SQL("ALTER" if known else "CREATE"),
                    role=sql.Identifier(role),
                    rights=sql.SQL(rights),
                    password=sql.Literal(secrets[secret]),
                )
            )
        if not _databases(connection) & {name}:
            _on(connection, "CREATE DATABASE {} OWNER anze_owner TEMPLATE template0 ENCODING 'UTF8'", name)
            _on(connection, "REVOKE ALL ON DATABASE {} FROM PUBLIC", name)
        _on(connection, "GRANT CONNECT, TEMPORARY ON DATABASE {} TO anze_app, anze_gateway", name)
    with server.connect(database=name) as connection:
        connection.execute("ALTER SCHEMA public OWNER TO anze_owner")
        connection.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")


def drop_database(server: Server, name: str) -> None:
    with server.connect() as connection:
        _on(connection, "DROP DATABASE IF EXISTS {} WITH (FORCE)", name)


def replace_database(server: Server, name: str) -> None:
    """`name` becomes the product's database; the present one goes. `mend_replacement` undoes half of it."""
    with server.connect() as connection:
        _on(connection, "DROP DATABASE IF EXISTS {} WITH (FORCE)", RETIRED)
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname IN (%s, %s)",
            [DATABASE, name],
        )
        _on(connection, "ALTER DATABASE {} RENAME TO {}", DATABASE, RETIRED)
        _on(connection, "ALTER DATABASE {} RENAME TO {}", name, DATABASE)
        _on(connection, "DROP DATABASE {} WITH (FORCE)", RETIRED)


def mend_replacement(server: Server) -> None:
    """A restore that was killed between its two renames: the database that was there comes back."""
    with server.connect() as connection:
        found = _databases(connection)
        if RETIRED in found and DATABASE not in found:
            _on(connection, "ALTER DATABASE {} RENAME TO {}", RETIRED, DATABASE)


def _databases(connection: psycopg.Connection[tuple[object, ...]]) -> set[object]:
    return {name for (name,) in connection.execute("SELECT datname FROM pg_database")}


def _on(connection: psycopg.Connection[tuple[object, ...]], statement: LiteralString, *names: str) -> None:
    connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


def migrate() -> None:
    """Bring the schema and its row-level security to this version. Runs as the owner."""
    from django.core.management import call_command
    from django.db import connections, transaction

    from anze.records.acting.rls import provision
    from anze.telemetry import rights, schema

    call_command("migrate", database="owner", verbosity=0, interactive=False)
    with transaction.atomic("owner"), connections["owner"].cursor() as cursor:
        provision(cursor, connections["default"].settings_dict["USER"])
    with raw_connection("owner") as owner:
        schema.apply(owner)
        rights.provision(owner, app=connections["default"].settings_dict["USER"], gateway=gateway_role())


@contextmanager
def raw_connection(alias: str) -> Iterator[psycopg.Connection[Any]]:
    """Psycopg's connection beneath Django's: telemetry speaks SQL."""
    from django.db import connections

    connections[alias].ensure_connection()
    yield connections[alias].connection


def gateway_role() -> str | None:
    """Of a server that is not ours: whom ANZE_GATEWAY_URL names, if anybody."""
    if not os.environ.get("DATABASE_URL"):
        return "anze_gateway"
    user = conninfo_to_dict(os.environ.get("ANZE_GATEWAY_URL", "")).get("user")
    return None if user is None else str(user)


def gateway_conninfo(home: Home) -> str:
    """How the gateway reaches the database; raises SchemaError where nobody has said."""
    url = os.environ.get("ANZE_GATEWAY_URL")
    if url:
        return url
    if os.environ.get("DATABASE_URL"):
        raise SchemaError("使用 DATABASE_URL 时，接入网关还需要 ANZE_GATEWAY_URL（只写定位数据的账号）。")
    return make_conninfo(
        host=str(home.socket),
        port=5432,
        dbname=DATABASE,
        user="anze_gateway",
        password=home.secrets()["gateway_password"],
    )


def schema_gap(alias: str = "default") -> tuple[list[str], list[str]]:
    """(migrations not applied yet, migrations that this version does not know)."""
    from django.db import connections
    from django.db.migrations.executor import MigrationExecutor

    from anze.telemetry import schema

    executor = MigrationExecutor(connections[alias])
    known = set(executor.loader.disk_migrations)
    apps = {app for app, _ in known}
    applied = set(executor.loader.applied_migrations)
    missing = sorted(".".join(key) for key in known - applied)
    unknown = sorted(".".join(key) for key in applied - known if key[0] in apps)
    with raw_connection(alias) as connection:
        lacking, newer = schema.gap(connection)
    return missing + _of_telemetry(lacking), unknown + _of_telemetry(newer)


def _of_telemetry(names: list[str]) -> list[str]:
    return [f"telemetry.{name}" for name in names]


def require_known_schema() -> None:
    """Raises SchemaError. A process that serves or works asks this before it starts."""
    missing, unknown = schema_gap()
    if unknown:
        raise SchemaError(
            f"数据库来自更新的版本，本程序不认识：{'、'.join(unknown[:5])}。请使用不低于该版本的程序。"
        )
    if missing:
        raise SchemaError(f"数据库结构需要更新（{len(missing)} 项）：请先运行 anze upgrade。")


@contextmanager
def serving(server: Server) -> Iterator[Server]:
    """The cluster runs, its roles and database exist; stopped at the end when we started it."""
    server.start()
    try:
        mend_replacement(server)
        make_database(server)
        yield server
    finally:
        server.stop()
