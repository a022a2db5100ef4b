"""`anze account`: what somebody at the server does for an account whose holder cannot sign in."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from typing import Any

from anze.cli import installation
from anze.cli.database import require_known_schema
from anze.cli.installation import InstallationError


def add_parser(commands: Any) -> None:
    account = commands.add_parser("account", help="账号").add_subparsers(dest="account", required=True)
    reset = account.add_parser("reset-second-factor", help="重置两步验证（手机和恢复码都丢失时），记入日志")
    reset.add_argument("username", metavar="登录名")
    reset.set_defaults(act=reset_factor)


def reset_factor(arguments: argparse.Namespace) -> int:
    with installation.opened():
        require_known_schema()
        reset_factor_of(arguments.username, datetime.now(UTC))
    print("已重置。此账号下次登录只需密码；已登录的设备全部退出。")
    return 0


def reset_factor_of(username: str, at: datetime) -> None:
    from anze.records.acting.context import SYSTEM, acting
    from anze.records.acting.errors import Refused
    from anze.records.people.factors import reset_second_factor
    from anze.records.people.queries import account_named

    try:
        with acting(SYSTEM, reads=(), at=at):
            account, company = account_named(username)
        with acting(SYSTEM, reads=() if company is None else (company,), at=at):
            reset_second_factor(account_id=account)
    except Refused as refusal:
        raise InstallationError(str(refusal)) from None
