"""`anze uplink`: holds the links to authorities' platforms (JT/T 809); enters, lists and switches them."""

from __future__ import annotations

import argparse
import asyncio
import getpass
import logging
import os
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, TypeVar

from anze.cli import installation
from anze.cli.database import gateway_conninfo, require_known_schema
from anze.cli.home import current_home
from anze.cli.installation import InstallationError, Kind
from anze.gateway.uplink.server import serve
from anze.gateway.uplink.uplink import agreed_with
from anze.telemetry.uplinks import Account, Entered, NewUplink, Secrets
from anze.wire.errors import UnencodableError
from anze.wire.jt809.account import Timing

T = TypeVar("T")
PASSWORD = "ANZE_UPLINK_PASSWORD"  # noqa: S105 -- the name of a variable
CIPHER = "ANZE_UPLINK_CIPHER"
PORTS = range(1, 65_536)
LONGEST_ID = 11
STATES = {"up": "已连接", "down": "未连接", "refused": "登录被拒绝"}


def add_parser(commands: Any) -> None:
    uplink = commands.add_parser("uplink", help="上级平台（JT/T 809）：不带子命令时运行链路")
    uplink.add_argument("--host", default=os.environ.get("ANZE_UPLINK_HOST", "127.0.0.1"),
                        help="从链路的监听地址（默认只限本机）")  # fmt: skip
    uplink.set_defaults(act=run)
    acts = uplink.add_subparsers(dest="uplink", metavar="子命令")
    _add_parser_of_add(acts)
    acts.add_parser("list", help="列出已登记的上级平台").set_defaults(act=show)
    for name, word, enabled in (("enable", "启用", True), ("disable", "停用", False)):
        one = acts.add_parser(name, help=f"{word}一个上级平台")
        one.add_argument("id", type=int, metavar="编号", help="见 anze uplink list")
        one.set_defaults(act=switch, enabled=enabled)


def _add_parser_of_add(acts: Any) -> None:
    add = acts.add_parser("add", help=f"登记一个上级平台；密码现场输入，或用环境变量 {PASSWORD}")
    add.add_argument("--company", required=True, metavar="企业", help="编号、名称或简称")
    add.add_argument("--name", required=True, help="上级平台的名称，显示在页面上")
    add.add_argument("--version", type=int, choices=(2011, 2019), required=True, help="协议版本")
    add.add_argument("--host", required=True, dest="upper_host", help="上级平台地址")
    add.add_argument("--port", type=int, required=True, help="上级平台端口")
    add.add_argument("--access-code", type=int, required=True, dest="platform", help="下级平台接入码")
    add.add_argument("--platform-id", dest="platform_id", help="平台唯一编码（默认同接入码）")
    add.add_argument("--user", type=int, required=True, dest="account", help="用户名（数字）")
    add.add_argument("--slave-address", required=True, dest="slave_address", help="告知上级平台的从链路地址")
    add.add_argument("--slave-port", type=int, required=True, dest="slave_port", help="从链路端口")
    add.add_argument("--encrypted", action="store_true",
                     help=f"消息体加密；参数现场输入，或用环境变量 {CIPHER}=M1,IA1,IC1,密钥")  # fmt: skip
    add.set_defaults(act=enter)


def run(arguments: argparse.Namespace) -> int:
    """On a database that already runs, until it is told to stop."""
    from anze.cli.keeping import follow_supervisor

    logging.basicConfig(level=logging.INFO, format="%(message)s")
    installation.set_up_django()
    require_known_schema()
    follow_supervisor()
    asyncio.run(serve(gateway_conninfo(current_home()), arguments.host))
    return 0


def enter(arguments: argparse.Namespace) -> int:
    with installation.opened():
        require_known_schema()
        spare_authorities(installation.kind(), arguments.upper_host)
        company = company_named(arguments.company)
        new = _new(arguments, company, ask_password(), ask_cipher() if arguments.encrypted else None)
        check(new)
        from anze.records.uplink import actions

        number = _act(company, lambda: actions.enter(new=new))
    print(f"已登记，编号 {number}。运行中的 anze uplink 会在几秒内开始连接。")
    return 0


def show(arguments: argparse.Namespace) -> int:
    with installation.opened():
        require_known_schema()
        rows = entered()
    for row in rows:
        state = STATES[row.state] if row.enabled else "已停用"
        upper, slave = f"{row.host}:{row.port}", f"{row.slave_address}:{row.slave_port}"
        print(f"{row.id}  {row.name}  企业 {row.company_id}  {upper}  JT/T 809-{row.version}", end="  ")
        print(f"接入码 {row.platform}  从链路 {slave}  {state} {row.detail}".rstrip())
    if not rows:
        print("还没有登记上级平台。用 anze uplink add 登记。")
    return 0


def switch(arguments: argparse.Namespace) -> int:
    with installation.opened():
        require_known_schema()
        found = next((row for row in entered() if row.id == arguments.id), None)
        if found is None:
            raise InstallationError(f"没有编号为 {arguments.id} 的上级平台，见 anze uplink list。")
        from anze.records.uplink import actions

        which = {"uplink_id": found.id, "company_id": found.company_id}
        _act(found.company_id, lambda: actions.switch(**which, enabled=arguments.enabled))
    print(f"{found.name}：{'已启用' if arguments.enabled else '已停用'}。")
    return 0


def entered() -> list[Entered]:
    from anze.jobs.companies import every_company
    from anze.records.acting.context import SYSTEM, acting
    from anze.records.uplink import queries

    with acting(SYSTEM, reads=every_company(), writes=(), at=datetime.now(UTC)):
        return queries.all_links()


def company_named(words: str) -> int:
    """By id, name or short name. Raises InstallationError."""
    from anze.jobs.companies import every_company
    from anze.records.acting.context import SYSTEM, acting
    from anze.records.tenants import queries

    with acting(SYSTEM, reads=every_company(), writes=(), at=datetime.now(UTC)):
        rows = queries.companies_in_scope()
    found = [row for row in rows if words.strip() in (str(row.id), row.name, row.short_name)]
    if len(found) != 1:
        raise InstallationError(
            f"{'没有' if not found else '不止一家'}企业叫“{words}”，请改用企业编号："
            + "、".join(f"{row.id} {row.short_name}" for row in (found or rows)[:20])
        )
    return found[0].id


def ask_password() -> str:
    """Never from the command line, which others on the machine can read."""
    password = os.environ.get(PASSWORD) or getpass.getpass("上级平台密码：")
    if not password:
        raise InstallationError("密码不能为空。")
    return password


def ask_cipher() -> Secrets:
    """Likewise: they are what keeps the messages hidden. Raises InstallationError."""
    text = os.environ.get(CIPHER) or getpass.getpass("加密参数 M1,IA1,IC1,密钥：")
    words = text.replace("，", ",").split(",")
    try:
        m1, ia1, ic1, key = (int(word) for word in words)
    except ValueError:
        raise InstallationError("加密参数应为用逗号隔开的四个整数：M1,IA1,IC1,密钥。") from None
    return m1, ia1, ic1, key


def check(new: NewUplink) -> None:
    """What the log-in cannot carry is refused here, by the field's name. Raises InstallationError."""
    if new.port not in PORTS or new.slave_port not in PORTS:
        raise InstallationError("端口应在 1–65535 之间。")
    if not (new.platform_id.isascii() and 0 < len(new.platform_id) <= LONGEST_ID):
        raise InstallationError(f"平台唯一编码应为 1–{LONGEST_ID} 个字母或数字。")
    account = Account(
        0, new.company_id, new.version, new.host, new.port, new.platform, new.platform_id, new.account,
        new.password, new.slave_address, new.slave_port, *(new.cipher or ()),
    )  # fmt: skip
    try:
        agreed_with(account, Timing())
    except UnencodableError as error:
        raise InstallationError(f"不能登录：{error}") from None


def spare_authorities(kind: Kind, host: str) -> None:
    """What a demonstration plays is not reported to anybody's platform."""
    from anze.cli.run import is_loopback

    if kind is Kind.DEMONSTRATION and not is_loopback(host):
        raise InstallationError(
            f"这是演示数据库，不能向 {host} 上报。请用 anze init 建立正式安装（另设 ANZE_HOME）。"
        )


def _new(arguments: argparse.Namespace, company: int, password: str, cipher: Secrets | None) -> NewUplink:
    given = arguments
    return NewUplink(
        company_id=company,
        name=given.name.strip(),
        version=given.version,
        host=given.upper_host.strip(),
        port=given.port,
        platform=given.platform,
        platform_id=(given.platform_id or str(given.platform)).strip(),
        account=given.account,
        password=password,
        slave_address=given.slave_address.strip(),
        slave_port=given.slave_port,
        cipher=cipher,
    )


def _act(company: int, act: Callable[[], T]) -> T:
    from anze.records.acting.context import SYSTEM, acting
    from anze.records.acting.errors import Refused

    try:
        with acting(SYSTEM, reads=(company,), at=datetime.now(UTC)):
            return act()
    except Refused as refusal:
        raise InstallationError(str(refusal)) from None
