"""`anze gateway`: terminals of JT/T 808 on one port, by one process or several; who dies is started anew."""

from __future__ import annotations

import argparse
import logging
import multiprocessing
import os
import signal
import time
from dataclasses import replace
from multiprocessing.process import BaseProcess
from typing import Any

from anze.cli import installation
from anze.cli.database import gateway_conninfo, require_known_schema
from anze.cli.home import Home, current_home
from anze.cli.installation import InstallationError, Kind
from anze.gateway.server import run as serve
from anze.gateway.settings import SettingError, Settings, from_environment

FIRST_PORT, PORTS = Settings().port, 40
NEEDED_FILES = 200  # of a process, beside its terminals
LOOK_SECONDS, RESTART_SECONDS = 0.2, 1.0


def add_parser(commands: Any) -> None:
    gateway = commands.add_parser("gateway", help="只运行接入网关（JT/T 808），设置见 ANZE_GATEWAY_*")
    gateway.add_argument("--host", help="监听地址（默认只限本机）")
    gateway.add_argument("--port", type=int, help=f"监听端口（默认 {FIRST_PORT}）")
    gateway.add_argument("--processes", type=int, default=1, help="共用一个端口的进程数（默认 1）")
    gateway.set_defaults(act=serve_gateway)


def serve_gateway(arguments: argparse.Namespace) -> int:
    """On a database that already runs, until it is told to stop."""
    from anze.cli.keeping import follow_supervisor
    from anze.cli.run import own_port

    asked = {name: value for name in ("host", "port") if (value := getattr(arguments, name)) is not None}
    settings = replace(settings_here(), **asked)
    if arguments.processes < 1:
        raise InstallationError("--processes 至少为 1。")
    installation.set_up_django()
    require_known_schema()
    refuse_to_expose(installation.kind(), settings.host)
    own_port(settings.host, settings.port)
    conninfo = gateway_conninfo(current_home())
    installation.remember_gateway_port(current_home(), settings.port)
    os.environ.setdefault("ANZE_SUPERVISOR", "0")
    follow_supervisor()
    return Processes(_within_limits(settings), conninfo, arguments.processes).run()


def settings_here() -> Settings:
    try:
        return from_environment()
    except SettingError as error:
        raise InstallationError(str(error)) from None


def refuse_to_expose(kind: Kind, host: str) -> None:
    """Whoever registers can report for a vehicle of the demonstration: it stays on this machine."""
    from anze.cli.run import is_loopback

    if kind is Kind.DEMONSTRATION and not is_loopback(host):
        raise InstallationError(
            f"这是演示数据库，接入网关不能监听 {host}。请用 anze init 建立正式安装（另设 ANZE_HOME）。"
        )


def free_gateway_port(home: Home, settings: Settings) -> int:
    """The one that the environment names; else that of the last run, or the first free one."""
    from anze.cli.run import becomes_free, can_listen, own_port

    if os.environ.get("ANZE_GATEWAY_PORT"):
        return own_port(settings.host, settings.port)
    last = installation.last_gateway_port(home)
    if last is not None and becomes_free(settings.host, last):
        return last
    for port in range(FIRST_PORT, FIRST_PORT + PORTS):
        if can_listen(settings.host, port):
            return port
    raise InstallationError(
        f"{FIRST_PORT}–{FIRST_PORT + PORTS - 1} 都被占用，请用 ANZE_GATEWAY_PORT 指定网关端口。"
    )


class Processes:
    """Gateways that share a port, each with its own connections to the database and its own metrics port."""

    def __init__(self, settings: Settings, conninfo: str, count: int) -> None:
        self._settings, self._conninfo, self._count = settings, conninfo, count
        self._context = multiprocessing.get_context("spawn")  # a fork would share Django's connections
        self._running: dict[int, BaseProcess] = {}
        self._told = False

    def run(self) -> int:
        for told in (signal.SIGTERM, signal.SIGINT):
            signal.signal(told, self._stop)
        for number in range(self._count):
            self._start(number)
        while not self._told:
            time.sleep(LOOK_SECONDS)
            for number, process in list(self._running.items()):
                if not process.is_alive() and not self._told:
                    print(f"接入网关进程意外结束（{process.exitcode}），正在重新启动。", flush=True)
                    time.sleep(RESTART_SECONDS)
                    self._start(number)
        for process in self._running.values():
            process.terminate()
        for process in self._running.values():
            process.join()
        return 0

    def _start(self, number: int) -> None:
        settings = self._settings
        if settings.metrics_port:
            settings = replace(settings, metrics_port=settings.metrics_port + number)
        process = self._context.Process(
            target=serve_one, args=(settings, self._conninfo, os.getpid()), name=f"gateway-{number + 1}"
        )
        process.start()
        self._running[number] = process

    def _stop(self, number: int, frame: object) -> None:
        self._told = True


def serve_one(settings: Settings, conninfo: str, supervisor: int) -> None:
    """One process; ends with its supervisor."""
    from anze.cli.keeping import follow_supervisor

    logging.basicConfig(level=logging.INFO, format="%(message)s")
    os.environ["ANZE_SUPERVISOR"] = str(supervisor)
    follow_supervisor()
    serve(settings, conninfo)


def _within_limits(settings: Settings) -> Settings:
    """As many links as this process and its children may open files for."""
    import resource

    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    if most == resource.RLIM_INFINITY:
        return settings
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    return replace(settings, most_links=max(1, min(settings.most_links, most - NEEDED_FILES)))
