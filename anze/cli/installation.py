"""One installation: its data directory, its database, and what it is: empty, a demonstration, or real."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from enum import StrEnum
from pathlib import Path

from anze.cli.database import serving
from anze.cli.home import Home, current_home
from anze.cli.postgres import Server
from anze.telemetry import schema as telemetry

# Not a model: no page reads it. Who filled this database decides whether it may be shown to the network.
MARK_TABLE = """CREATE TABLE IF NOT EXISTS anze_installation (
    kind text NOT NULL, made_at timestamptz NOT NULL DEFAULT now()
)"""
KEPT = ("django_migrations", "django_content_type", "auth_permission")


class Kind(StrEnum):
    EMPTY = "empty"
    LOADING = "loading"  # a demonstration whose loading was cut short
    DEMONSTRATION = "demonstration"
    OWN = "own"


class InstallationError(RuntimeError):
    """The installation cannot do this; the text says what to do."""


def external() -> bool:
    """Whether the database is a server that somebody else runs."""
    return bool(os.environ.get("DATABASE_URL"))


@contextmanager
def opened(home: Home | None = None) -> Iterator[Server | None]:
    """The database runs and Django is set up. None: the server is not ours."""
    home = home or current_home()
    home.prepare()  # before Django reads the secrets
    server = None if external() else Server(home)
    if server is None and not os.environ.get("ANZE_OWNER_URL"):
        raise InstallationError("使用 DATABASE_URL 时还需要 ANZE_OWNER_URL（迁移与备份所用的属主账号）。")
    with serving(server) if server is not None else nullcontext():
        set_up_django()
        if server is None:
            _check_external_roles()
        yield server


def set_up_django() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "anze.config.settings")
    import django

    django.setup()


@contextmanager
def alone(home: Home) -> Iterator[None]:
    """One process at a time serves, upgrades or restores. The lock ends with the process, however it dies."""
    home.prepare()
    with (home.path / "run.lock").open("a+") as stream:
        try:
            fcntl.lockf(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)  # not inherited by forked children
        except OSError:
            raise InstallationError(f"此安装正在运行（数据目录 {home.path}）。请先停止它。") from None
        yield


def kind() -> Kind:
    """Asked of the owner role, after migrating."""
    from django.db import connections

    with connections["owner"].cursor() as cursor:
        cursor.execute(MARK_TABLE)
        cursor.execute("SELECT kind FROM anze_installation ORDER BY made_at DESC LIMIT 1")
        row = cursor.fetchone()
        if row is not None:
            return Kind(row[0])
        cursor.execute("SELECT EXISTS (SELECT FROM people_account) OR EXISTS (SELECT FROM tenants_company)")
        (filled,) = cursor.fetchone() or (False,)
    return Kind.OWN if filled else Kind.EMPTY


def mark(as_kind: Kind) -> None:
    from django.db import connections, transaction

    with transaction.atomic("owner"), connections["owner"].cursor() as cursor:
        cursor.execute(MARK_TABLE)
        cursor.execute("DELETE FROM anze_installation")
        cursor.execute("INSERT INTO anze_installation (kind) VALUES (%s)", [as_kind.value])


def empty_tables() -> None:
    """Forget a demonstration whose loading was cut short."""
    from django.db import connections, transaction

    with transaction.atomic("owner"), connections["owner"].cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        tables = [name for (name,) in cursor.fetchall() if name not in KEPT]
        cursor.execute("TRUNCATE " + ", ".join(f'"{name}"' for name in tables) + " RESTART IDENTITY")
        telemetry.empty(connections["owner"].connection)


def _check_external_roles() -> None:
    """Row-level security binds neither superusers nor table owners: refuse to serve as one of them."""
    from django.db import connections

    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
        (unbound,) = cursor.fetchone() or (True,)
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_tables WHERE schemaname = 'public' AND tableowner = current_user)"
        )
        (owns,) = cursor.fetchone() or (True,)
    if unbound or owns:
        raise InstallationError(
            "DATABASE_URL 的账号不受行级安全约束（超级用户、BYPASSRLS 或表的属主）。"
            "请另建一个普通账号供应用使用。"
        )


def check_position_months() -> None:
    """Refuse to keep positions for less than the rule asks."""
    from anze.telemetry.retention import TooShort, months_kept

    asked = os.environ.get("ANZE_POSITION_MONTHS", "6")
    try:
        months_kept(int(asked))
    except TooShort as refusal:
        raise InstallationError(f"ANZE_POSITION_MONTHS：{refusal}") from None
    except ValueError:
        raise InstallationError(f"ANZE_POSITION_MONTHS 应为月数，不能是“{asked}”。") from None


def last_port(home: Home) -> int | None:
    return _remembered(home, "port")


def remember_port(home: Home, port: int) -> None:
    Path(home.path / "port").write_text(str(port), "utf-8")


def last_gateway_port(home: Home) -> int | None:
    return _remembered(home, "gateway-port")


def remember_gateway_port(home: Home, port: int) -> None:
    Path(home.path / "gateway-port").write_text(str(port), "utf-8")


def _remembered(home: Home, name: str) -> int | None:
    try:
        return int((home.path / name).read_text("utf-8"))
    except (FileNotFoundError, ValueError):
        return None
