"""`anze run`: PostgreSQL, web, jobs and the gateway from one command with one log."""

from __future__ import annotations

import argparse
import importlib.util
import ipaddress
import os
import socket
import sys
import time
from datetime import UTC, datetime
from typing import Any

from honcho.manager import Manager
from honcho.printer import Printer

from anze.cli import amend, installation
from anze.cli.database import (
    SchemaError,
    gateway_conninfo,
    migrate,
    raw_connection,
    require_known_schema,
    schema_gap,
)
from anze.cli.home import Home, current_home
from anze.cli.installation import InstallationError, Kind
from anze.cli.keeping import follow_supervisor

FIRST_PORT, PORTS = 8000, 40
PORT_PATIENCE = 4.0  # seconds: what a killed run leaves behind needs a moment to end
WEB_WORKERS, WEB_THREADS = 2, 4
GATEWAY_GRACE = "4"  # honcho kills after five seconds what was told to stop
BEHIND = frozenset({"jobs", "fleet"})  # when processors are scarce, pages and terminals come first


def add_parser(commands: Any) -> None:
    run = commands.add_parser("run", help="启动：数据库、网页、后台任务与接入网关，一条命令，一份日志")
    run.add_argument("--host", default="127.0.0.1", help="监听地址（默认只限本机）")
    run.add_argument("--port", type=int, help="监听端口（默认从 8000 起取空闲的）")
    run.set_defaults(act=run_everything)
    web = commands.add_parser("web", help="只运行网页进程")
    web.add_argument("--host", default="127.0.0.1")
    web.add_argument("--port", type=int, default=FIRST_PORT)
    web.set_defaults(act=serve_web)
    work = commands.add_parser("work", help="只运行后台任务进程")
    work.set_defaults(act=work_jobs)


def run_everything(arguments: argparse.Namespace) -> int:
    home = current_home()
    installation.check_position_months()
    with installation.alone(home):
        say(f"数据目录 {home.path}")
        with installation.opened(home) as server:
            kind = bring_up_to_date()
            refuse_exposure(kind, arguments.host)
            amend.tell_if_due()
            asked = arguments.port
            port = free_port(home, arguments.host) if asked is None else own_port(arguments.host, asked)
            if server is not None:
                server.watch(say)
            installation.remember_port(home, port)
            gateway = gateway_address(home, kind)
            announce(kind, arguments.host, port, gateway)
            return supervise(parts(kind, arguments.host, port, gateway))


def say(text: str) -> None:
    print(text, flush=True)


def bring_up_to_date() -> Kind:
    """An empty or a demonstration database is migrated and filled; a real one waits for `anze upgrade`."""
    missing, unknown = schema_gap()
    if unknown:
        require_known_schema()
    if missing and is_own():
        require_known_schema()
    migrate()
    found = installation.kind()
    if found is Kind.LOADING:
        installation.empty_tables()
        found = Kind.EMPTY
    if found is Kind.EMPTY and demonstration() is not None:
        say("正在装入演示数据……")
        load_demonstration()
        found = Kind.DEMONSTRATION
    return found


def is_own() -> bool:
    from django.db import connections

    if "people_account" not in connections["owner"].introspection.table_names():
        return False
    return installation.kind() is Kind.OWN


def demonstration() -> Any:
    """The module that fills a demonstration: `load(now)` and `accounts()`. None: not shipped."""
    if importlib.util.find_spec("anze.cli.demo") is None:
        return None
    module = importlib.import_module("anze.cli.demo")
    return module if hasattr(module, "load") else None


def load_demonstration() -> None:
    installation.mark(Kind.LOADING)
    demonstration().load(datetime.now(UTC))
    installation.mark(Kind.DEMONSTRATION)


def refuse_exposure(kind: Kind, host: str) -> None:
    """Demonstration passwords are printed in the manual: such an installation stays on this machine."""
    if is_loopback(host):
        return
    if kind is Kind.DEMONSTRATION:
        raise InstallationError(
            f"这是演示数据库，账号密码是公开的，不能监听 {host}。"
            "请用 anze init 建立正式安装（另设 ANZE_HOME）。"
        )
    if not os.environ.get("ANZE_HOSTS"):
        raise InstallationError(f"监听 {host} 之前，请用 ANZE_HOSTS 写明本站的域名或地址，多个以逗号分隔。")


def spare_demonstration(kind: Kind) -> None:
    """Whoever looks at the demonstration is never asked for a second factor. Before the workers start."""
    if kind is Kind.DEMONSTRATION:
        os.environ.pop("ANZE_SECOND_FACTOR", None)


def is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def free_port(home: Home, host: str) -> int:
    """The port of the last run if it is free again soon, else the first free one."""
    last = installation.last_port(home)
    if last is not None and becomes_free(host, last):
        return last
    for port in range(FIRST_PORT, FIRST_PORT + PORTS):
        if can_listen(host, port):
            return port
    raise InstallationError(f"{FIRST_PORT}–{FIRST_PORT + PORTS - 1} 都被占用，请用 --port 指定端口。")


def own_port(host: str, port: int) -> int:
    """The port asked for, if nobody has it: the server would share it, and answer every other request."""
    if not becomes_free(host, port):
        raise InstallationError(f"端口 {port} 已被占用或无权监听，请用 --port 另选一个。")
    return port


def becomes_free(host: str, port: int) -> bool:
    until = time.monotonic() + PORT_PATIENCE
    while not can_listen(host, port):
        if time.monotonic() > until:
            return False
        time.sleep(0.2)
    return True


def can_listen(host: str, port: int) -> bool:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except (OSError, OverflowError):
            return False
    return True


def gateway_address(home: Home, kind: Kind) -> tuple[str, int] | None:
    """Where terminals will connect. None: nobody has said with which account the gateway writes."""
    from anze.cli.gateway import free_gateway_port, refuse_to_expose, settings_here

    try:
        gateway_conninfo(home)
    except SchemaError as error:
        say(f"不启动接入网关：{error}")
        return None
    settings = settings_here()
    refuse_to_expose(kind, settings.host)
    port = free_gateway_port(home, settings)
    installation.remember_gateway_port(home, port)
    return settings.host, port


def announce(kind: Kind, host: str, port: int, gateway: tuple[str, int] | None = None) -> None:
    shown = f"[{host}]" if ":" in host else host
    say("")
    say(f"  安责 Anze   http://{shown}:{port}/")
    if gateway is not None:
        say(f"  终端接入    {gateway[0]}:{gateway[1]}（JT/T 808）")
    if kind is Kind.DEMONSTRATION and demonstration() is not None:
        say("")
        for account in demonstration().accounts():
            say(f"  {account.username:<16}{account.password:<18}{account.who}:{account.look}")
    if kind is Kind.EMPTY:
        say("  数据库是空的。请停止后执行 anze init 建立管理员。")
    say("")
    say("  Ctrl-C 停止")
    say("")


def parts(kind: Kind, host: str, port: int, gateway: tuple[str, int] | None) -> dict[str, str]:
    """What runs beside each other: name -> words of the command. A demonstration's vehicles drive."""
    found = {"web": f"web --host {host} --port {port}", "jobs": "work"}
    if gateway is not None:
        found["gateway"] = f"gateway --host {gateway[0]} --port {gateway[1]}"
        if kind is Kind.DEMONSTRATION and terminals_installed():
            found["fleet"] = f"simulate --host {gateway[0]} --port {gateway[1]}"
    return found


def terminals_installed() -> bool:
    with raw_connection("owner") as owner:
        found = owner.execute("SELECT EXISTS (SELECT FROM telemetry.installation)").fetchone()
    return found == (True,)


def supervise(commands: dict[str, str]) -> int:
    """All of them under honcho until Ctrl-C or the end of the pages; they end with us even if we are killed.

    Whatever else dies is started again by its keeper.
    """
    manager = Manager(Printer(sys.stdout))
    environment = {**os.environ, "ANZE_SUPERVISOR": str(os.getpid()), "PYTHONUNBUFFERED": "1"}
    environment.setdefault("ANZE_GATEWAY_GRACE", GATEWAY_GRACE)
    for name, words in commands.items():
        module = "anze.cli" if name == "web" else "anze.cli.keeping"
        after_pages = "nice -n 10 " if name in BEHIND else ""
        manager.add_process(name, f"exec {after_pages}{sys.executable} -m {module} {words}", env=environment)
    manager.loop()
    return 0 if manager.returncode in (0, 130, 143) else 1


def serve_web(arguments: argparse.Namespace) -> int:
    """One web server on a database that already runs."""
    installation.set_up_django()
    require_known_schema()
    spare_demonstration(installation.kind())
    follow_supervisor()
    from django.db import connections
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    connections.close_all()
    Granian(
        "anze.config.wsgi:application",
        address=arguments.host,
        port=arguments.port,
        interface=Interfaces.WSGI,
        workers=WEB_WORKERS,
        blocking_threads=WEB_THREADS,
        log_level=LogLevels.warning,
        websockets=False,
        respawn_failed_workers=True,
        workers_kill_timeout=3,
    ).serve()
    return 0


def work_jobs(arguments: argparse.Namespace) -> int:
    """The jobs of a database that already runs."""
    installation.set_up_django()
    require_known_schema()
    follow_supervisor()
    from anze.jobs.worker import work

    return work()
