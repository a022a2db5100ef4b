"""Backup and restore: one tar of a manifest, a database dump and exactly the files that it names.

The dump and the list of files come from one snapshot, so a backup taken while serving is whole. A restore
checks every hash before it changes anything, and fills a new database beside the present one: a restore that
fails, or a journal that does not hold, leaves the installation as it was.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from anze.cli import archived_files, installation
from anze.cli.database import migrate, require_known_schema, schema_gap
from anze.cli.home import Home, current_home
from anze.cli.manifest import DUMP, ArchiveError, Manifest, Member, measure, unpack, write_tar
from anze.cli.postgres import Server
from anze.cli.programs import installed_programs

RESTORED = "anze_restored"


@dataclass(frozen=True, slots=True)
class Written:
    path: Path
    sha256: str  # of the manifest: it covers every file
    attachments: int
    days: int  # files of positions
    missing: list[str]  # files that the database names and the disk does not have


def add_parser(commands: Any) -> None:
    backup = commands.add_parser("backup", help="备份（可在运行中执行）")
    backup.add_argument("target", type=Path, help="目录或 .tar 文件")
    backup.set_defaults(act=backup_command)
    restore = commands.add_parser("restore", help="从备份恢复（先停止运行）")
    restore.add_argument("archive", type=Path)
    restore.add_argument("--replace", action="store_true", help="替换已有数据")
    restore.add_argument("--sha256", help="备份时打印的清单摘要;不符则拒绝")
    restore.set_defaults(act=restore_command)


def backup_command(arguments: argparse.Namespace) -> int:
    with installation.opened() as server:
        require_known_schema()
        written = write_backup(arguments.target, server)
    kept = f"附件 {written.attachments} 个，历史定位文件 {written.days} 个"
    print(f"已备份到 {written.path}（{kept}）\n清单摘要 {written.sha256}")
    if written.missing:
        print(f"警告：{len(written.missing)} 个文件已丢失，备份中没有：{'、'.join(written.missing[:5])}")
    return 1 if written.missing else 0


def restore_command(arguments: argparse.Namespace) -> int:
    home = current_home()
    with installation.alone(home), installation.opened(home) as server:
        restore(
            arguments.archive, home=home, server=server, replace=arguments.replace, expected=arguments.sha256
        )
    print("已恢复，文件与日志核对无误。")
    return 0


def write_backup(target: Path, server: Server | None) -> Written:
    """Write one archive; it appears under its name only when it is whole and on disk."""
    now = datetime.now(UTC)
    path = target / f"anze-{now:%Y%m%dT%H%M%SZ}.tar" if target.is_dir() else target
    if not path.parent.is_dir():
        raise ArchiveError(f"目录 {path.parent} 不存在。")
    if path.exists():
        raise ArchiveError(f"{path} 已存在，不覆盖。")
    manifest = Manifest(made_at=now.isoformat(timespec="seconds"), version=version("anze"))
    draft = path.with_name(path.name + ".partial")
    with tempfile.TemporaryDirectory(prefix=".anze-", dir=path.parent) as work:
        dump = Path(work) / DUMP
        sources = {DUMP: dump, **_dump(dump, server, manifest)}
        for name, source in sources.items():
            manifest.files[name] = Member(*measure(source))
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as stream:
            write_tar(stream, manifest, sources)
    draft.rename(path)
    days = sum(name.startswith("positions/") for name in sources)
    digest = hashlib.sha256(manifest.text()).hexdigest()
    return Written(path, digest, len(sources) - 1 - days, days, manifest.missing)


def _dump(path: Path, server: Server | None, manifest: Manifest) -> dict[str, Path]:
    """Dump the database; the files that the same snapshot names."""
    from django.db import connections

    connection = connections["owner"]
    with connection.cursor() as cursor:
        cursor.execute(archived_files.NO_POSITIONS)  # a database that waits for its upgrade
        (without,) = cursor.fetchone() or (True,)
        cursor.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        try:
            if not without:
                cursor.execute(archived_files.HOLD)
            cursor.execute("SELECT pg_export_snapshot()")
            (snapshot,) = cursor.fetchone() or ("",)
            named = archived_files.named_files(cursor)
            options = ["--format=custom", "--no-owner", "--no-privileges", "--no-comments"]
            _program("pg_dump", [*options, f"--snapshot={snapshot}", f"--file={path}"], server)
            held = dict(archived_files.held(named, path.parent))
        finally:
            cursor.execute("ROLLBACK")
    whole = {
        name: place for name, place in held.items() if place.is_file() and measure(place)[0] == named[name]
    }
    manifest.missing += [place.name for name, place in held.items() if name not in whole]
    return whole


def restore(
    path: Path, *, home: Home, server: Server | None, replace: bool = False, expected: str | None = None
) -> None:
    """Replace the installation's content by the archive's, or raise ArchiveError and leave it alone."""
    if _filled(server) and not (replace and server is not None):
        raise ArchiveError(
            "此安装已有数据。确要替换，请加 --replace。"
            if server
            else "目标数据库不是空的。请另建一个空数据库。"
        )
    with tempfile.TemporaryDirectory(prefix="restore-", dir=home.path) as work:
        manifest = unpack(path, Path(work), expected)
        with _beside(server) as database:
            options = ["--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction"]
            _program("pg_restore", [*options, f"--dbname={database}", str(Path(work) / DUMP)], server)
            _check_restored()
            _keep_files(manifest, Path(work))
            if server is not None:
                _swap(server)


def _filled(server: Server | None) -> bool:
    """A database that is not ours must have no table at all: we make none beside it."""
    from django.db import connections

    tables = connections["owner"].introspection.table_names()
    if server is None:
        return bool(tables)
    return "people_account" in tables and installation.kind() is not installation.Kind.EMPTY


@contextmanager
def _beside(server: Server | None) -> Iterator[str]:
    """The database to restore into: a new one beside ours, or the empty one of a server that is not ours."""
    from django.conf import settings
    from django.db import connections

    from anze.cli.database import drop_database, make_database

    if server is None:
        with connections["owner"].cursor() as cursor:
            cursor.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")
        yield settings.DATABASES["owner"]["NAME"]
        return
    drop_database(server, RESTORED)
    make_database(server, RESTORED)
    names = {alias: settings.DATABASES[alias]["NAME"] for alias in settings.DATABASES}
    try:
        connections.close_all()
        for alias in names:
            settings.DATABASES[alias]["NAME"] = RESTORED
        yield RESTORED
    finally:
        connections.close_all()
        for alias, name in names.items():
            settings.DATABASES[alias]["NAME"] = name
        drop_database(server, RESTORED)


def _check_restored() -> None:
    """To this version's schema, then every journal chain; raises ArchiveError."""
    from anze.cli.upkeep import verify_all_chains

    _, unknown = schema_gap("owner")
    if unknown:
        raise ArchiveError(f"备份来自更新的版本，本程序不认识：{'、'.join(unknown[:5])}。")
    migrate()
    _, breaks = verify_all_chains(datetime.now(UTC))
    if breaks:
        raise ArchiveError("备份中的日志核对不符，没有恢复：\n" + "\n".join(breaks[:10]))


def _keep_files(manifest: Manifest, work: Path) -> None:
    """Move checked files to their places. No name is given twice: one that is there already is the same."""
    for name, member in manifest.files.items():
        if name == DUMP:
            continue
        target = archived_files.place_of(name)
        if target.is_file() and measure(target)[0] == member.sha256:
            continue
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        (work / name).replace(target)
        _sync_directory(target.parent)


def _sync_directory(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _swap(server: Server) -> None:
    from django.db import connections

    from anze.cli.database import replace_database

    connections.close_all()
    replace_database(server, RESTORED)


def _program(name: str, options: list[str], server: Server | None) -> None:
    """Run pg_dump or pg_restore as the owner."""
    from django.db import connections

    programs = installed_programs() if server is None else server.programs()
    target = connections["owner"].settings_dict
    environment = {
        **programs.environment,
        "PGHOST": target["HOST"],
        "PGPORT": str(target["PORT"]),
        "PGUSER": target["USER"],
        "PGPASSWORD": target["PASSWORD"],
        "PGDATABASE": target["NAME"],
    }
    done = subprocess.run(
        [programs[name], *options], env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise ArchiveError(f"{name} 失败：{done.stderr.strip()}")
