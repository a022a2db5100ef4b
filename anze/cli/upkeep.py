"""Commands that look after an installation: init, upgrade, sweep, estimate, journal, files, shell, Django."""

from __future__ import annotations

import argparse
import getpass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from anze.cli import amend, installation
from anze.cli.archive import write_backup
from anze.cli.archived_files import named_files, place_of
from anze.cli.database import migrate, require_known_schema, schema_gap
from anze.cli.home import current_home
from anze.cli.installation import InstallationError, Kind
from anze.cli.manifest import measure


def add_parser(commands: Any) -> None:
    init = commands.add_parser("init", help="建立空的正式安装和一名管理员")
    init.add_argument("--username", help="管理员登录名（省略则询问）")
    init.add_argument("--password-file", type=Path, help="从文件读口令（省略则询问）")
    init.set_defaults(act=initialise)
    commands.add_parser("migrate", help="更新数据库结构与行级安全").set_defaults(act=migrate_only)
    commands.add_parser("upgrade", help="先备份，再更新结构，再核对日志").set_defaults(act=upgrade)
    commands.add_parser("sweep", help="立即重新判定到期的职责").set_defaults(act=sweep)
    estimate = commands.add_parser("estimate", help="按记录测算各企业的达标得分（不是考评）")
    estimate.add_argument("--authority", type=int, metavar="编号", help="只算这个管理部门辖内的企业")
    estimate.add_argument("--again", action="store_true", help="当天算过的也重算")
    estimate.set_defaults(act=estimate_scores)
    journal = commands.add_parser("journal", help="操作日志").add_subparsers(dest="journal", required=True)
    verify = journal.add_parser("verify", help="核对日志链")
    verify.add_argument("--export", type=Path, metavar="文件", help="核对一份导出文件，不用数据库")
    verify.set_defaults(act=verify_journal)
    files = commands.add_parser("files", help="附件、考评照片和历史定位文件")
    verify = files.add_subparsers(dest="files", required=True).add_parser(
        "verify", help="核对是否都在、未被改动"
    )
    verify.set_defaults(act=verify_files)
    commands.add_parser("shell", help="Python 交互环境").set_defaults(act=shell)
    django = commands.add_parser("django", help="运行 Django 自己的命令", add_help=False)
    django.add_argument("words", nargs=argparse.REMAINDER)
    django.set_defaults(act=django_command)


def initialise(arguments: argparse.Namespace) -> int:
    home = current_home()
    with installation.alone(home), installation.opened(home):
        migrate()
        if installation.kind() is not Kind.EMPTY:
            raise InstallationError(f"数据目录 {home.path} 里已有数据。请用 ANZE_HOME 指定一个新的数据目录。")
        open_administrator(*ask_account(arguments))
        installation.mark(Kind.OWN)
    print("已建立。用 anze run 启动后登录。")
    return 0


def ask_account(arguments: argparse.Namespace) -> tuple[str, str]:
    username = arguments.username or input("管理员登录名：").strip()
    if arguments.password_file is not None:
        return username, arguments.password_file.read_text("utf-8").strip()
    password = getpass.getpass("口令（不少于 10 位）：")
    if password != getpass.getpass("再输一次："):
        raise InstallationError("两次输入的口令不一致。")
    return username, password


def open_administrator(username: str, password: str) -> None:
    from anze.records.acting.context import SYSTEM, acting
    from anze.records.acting.errors import Refused
    from anze.records.people.actions import open_account

    try:
        with acting(SYSTEM, reads=(), at=datetime.now(UTC)):
            open_account(username=username, password=password, administrator=True)
    except Refused as refusal:
        raise InstallationError(str(refusal)) from None


def migrate_only(arguments: argparse.Namespace) -> int:
    with installation.opened():
        missing, unknown = schema_gap()
        if unknown:
            require_known_schema()
        migrate()
    print(f"完成，{len(missing)} 项更新。")
    return 0


def upgrade(arguments: argparse.Namespace) -> int:
    home = current_home()
    with installation.alone(home), installation.opened(home) as server:
        missing, unknown = schema_gap()
        if unknown:
            require_known_schema()
        if missing and installation_filled():
            backups = home.path / "backups"
            backups.mkdir(mode=0o700, exist_ok=True)
            print(f"已备份到 {write_backup(backups, server).path}")
        migrate()
        print(f"已更新 {len(missing)} 项。")
        amend.tell_if_due()
        return report_breaks()


def installation_filled() -> bool:
    from django.db import connections

    return "django_migrations" in connections["owner"].introspection.table_names()


def sweep(arguments: argparse.Namespace) -> int:
    with installation.opened():
        require_known_schema()
        from anze.jobs.tasks import sweep_due

        print(f"已重新判定 {sweep_due(datetime.now(UTC))} 家企业。")
    return 0


def estimate_scores(arguments: argparse.Namespace) -> int:
    """Goes on where an earlier run of the day stopped. 1 when a company could not be estimated."""
    with installation.opened():
        require_known_schema()
        from anze.jobs.estimates import estimate_all
        from anze.records.acting.context import SHANGHAI
        from anze.records.tenants.queries import companies_of_authority

        now, companies = datetime.now(UTC), None
        if arguments.authority is not None:
            companies = companies_of_authority(arguments.authority, now.astimezone(SHANGHAI).date())
        found = estimate_all(now, companies, again=arguments.again, told=_tell)
    print(f"已测算 {found.done} 家企业。" + (f"{len(found.failed)} 家失败，见上文。" if found.failed else ""))
    return 1 if found.failed else 0


def _tell(done: int, of: int) -> None:
    if done % 500 == 0:
        print(f"{done} / {of}", flush=True)


def verify_journal(arguments: argparse.Namespace) -> int:
    if arguments.export is not None:
        from anze.records.journal.verify import main

        return main([str(arguments.export)])
    with installation.opened():
        require_known_schema()
        return report_breaks()


def report_breaks() -> int:
    """Verify every chain. 1 when one is broken."""
    chains, breaks = verify_all_chains(datetime.now(UTC))
    for found in breaks:
        print(found)
    print(f"日志：{chains} 条链，{'全部完好' if not breaks else f'{len(breaks)} 处不符'}。")
    return 1 if breaks else 0


def verify_all_chains(at: datetime) -> tuple[int, list[str]]:
    """(number of chains, everything wrong with them)."""
    from django.db import connections

    from anze.records.acting.context import SYSTEM, acting
    from anze.records.journal import queries

    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT id, NULL FROM tenants_company UNION ALL "
            "SELECT NULL, id FROM tenants_authority ORDER BY 1, 2"
        )
        owners = cursor.fetchall()
    breaks: list[str] = []
    for company, authority in owners:
        reads = () if company is None else (company,)
        with acting(SYSTEM, reads=reads, writes=(), authority=authority, at=at):
            breaks += [str(found) for found in queries.verify(company_id=company, authority_id=authority)]
    return len(owners), breaks


def verify_files(arguments: argparse.Namespace) -> int:
    """1 when a file that the database names is missing or altered."""
    with installation.opened():
        require_known_schema()
        from django.db import connections

        with connections["owner"].cursor() as cursor:
            named = {place_of(name): sha for name, sha in named_files(cursor).items()}
        lost = [place for place, sha in named.items() if not place.is_file() or measure(place)[0] != sha]
    for place in lost:
        print(f"{place} {'被改动' if place.is_file() else '不见了'}。")
    print(f"文件：{len(named)} 个，{'全部完好' if not lost else f'{len(lost)} 个有问题'}。")
    return 1 if lost else 0


def shell(arguments: argparse.Namespace) -> int:
    return run_django(["shell"])


def django_command(arguments: argparse.Namespace) -> int:
    return run_django(arguments.words)


def run_django(words: list[str]) -> int:
    with installation.opened():
        from django.core.management import execute_from_command_line

        execute_from_command_line(["anze django", *words])
    return 0
