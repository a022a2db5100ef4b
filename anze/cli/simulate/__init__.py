"""`anze simulate`: terminals that drive through Zhejiang, or play a recorded trace, before a gateway."""

from __future__ import annotations

import argparse
import asyncio
import importlib.util
import signal
import ssl
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg

from anze.cli import installation
from anze.cli.database import gateway_conninfo
from anze.cli.home import current_home
from anze.cli.installation import InstallationError, Kind
from anze.cli.simulate.fleet import Fleet
from anze.cli.simulate.replay import BadTrace, Step, read
from anze.cli.simulate.tally import Tally
from anze.cli.simulate.terminal import Identity, Platform, identities
from anze.gateway.settings import Settings
from anze.wire.header import Version

EVERY, SPEED, TOLD_EVERY = 10.0, 60.0, 10.0
NEEDED_FILES = 200  # beside the sockets
INSTALLED = """
SELECT t.phone, i.plate, i.plate_colour FROM telemetry.terminal t
JOIN telemetry.installation i ON i.terminal_id = t.id
    AND i.since <= now() AND (i.until IS NULL OR now() < i.until)
ORDER BY i.company_id, i.vehicle_id
"""


def add_parser(commands: Any) -> None:
    simulate = commands.add_parser("simulate", help="模拟终端:按行程行驶,或回放记录的轨迹")
    simulate.add_argument("--host", default="127.0.0.1", help="网关地址(默认本机)")
    simulate.add_argument("--port", type=int, help="网关端口(默认本安装的网关)")
    simulate.add_argument("--tls", action="store_true", help="用 TLS 连接,不验证证书")
    simulate.add_argument("--count", type=int, help="终端个数(默认演示数据库中已安装的终端)")
    simulate.add_argument("--first", type=int, default=13_900_000_000, help="第一个终端手机号,其余递增")
    simulate.add_argument("--every", type=float, default=EVERY, help=f"每隔几秒上报一次(默认 {EVERY:.0f})")
    simulate.add_argument("--replay", type=Path, help="回放的 CSV 或 CSV.GZ 文件")
    simulate.add_argument("--speed", type=float, default=SPEED, help=f"回放倍速(默认 {SPEED:.0f})")
    simulate.add_argument("--seconds", type=float, help="运行多少秒(默认直到 Ctrl-C 或回放结束)")
    simulate.set_defaults(act=simulate_fleet)


def simulate_fleet(arguments: argparse.Namespace) -> int:
    """0: everything that was made has been acknowledged."""
    from anze.cli.keeping import follow_supervisor

    if min(arguments.every, arguments.speed, arguments.count or 1) <= 0:
        raise InstallationError("--every、--speed、--count 必须大于 0。")
    steps = _steps(arguments.replay)
    who = installed() if arguments.count is None else list(identities(arguments.count, arguments.first))
    most = allow_files(len(who))
    port = arguments.port or installation.last_gateway_port(current_home()) or Settings().port
    follow_supervisor()
    platform = Platform(arguments.host, port, _unverified() if arguments.tls else None)
    print(f"模拟 {min(len(who), most)} 个终端，连接 {arguments.host}:{port}", flush=True)
    return run(_play(Fleet, who[:most], platform, steps, arguments))


def run(act: Any) -> int:
    """On uvloop where it is installed."""
    factory = None
    if importlib.util.find_spec("uvloop") is not None:
        import uvloop

        factory = uvloop.new_event_loop
    with asyncio.Runner(loop_factory=factory) as runner:
        return int(runner.run(act))


def installed() -> list[Identity]:
    """The terminals of a demonstration. Elsewhere invented positions would be taken for real: refused."""
    installation.set_up_django()
    if installation.kind() is not Kind.DEMONSTRATION:
        raise InstallationError("只有演示数据库可以模拟已安装的终端；向其他网关请用 --count 和 --first。")
    with psycopg.connect(gateway_conninfo(current_home()), connect_timeout=5) as connection:
        rows = connection.execute(INSTALLED).fetchall()
    if not rows:
        raise InstallationError("演示数据库中没有安装终端。")
    versions = (Version.V2013, Version.V2013, Version.V2019)
    return [
        Identity(phone, plate, colour, versions[number % 3])
        for number, (phone, plate, colour) in enumerate(rows)
    ]


def allow_files(wanted: int) -> int:
    """How many sockets this process may open, after asking for as many as it is allowed."""
    import resource

    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    return min(wanted, most - NEEDED_FILES)


def _steps(path: Path | None) -> list[Step] | None:
    if path is None:
        return None
    try:
        return read(path, datetime.now(UTC))
    except (OSError, UnicodeDecodeError, BadTrace) as error:
        raise InstallationError(f"不能回放：{error}") from None


def _unverified() -> ssl.SSLContext:
    """Terminals in the field verify nothing either; this is a test tool."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


async def _play(
    make: type[Fleet],
    who: list[Identity],
    platform: Platform,
    steps: list[Step] | None,
    arguments: argparse.Namespace,
) -> int:
    fleet = make(who, platform, Tally())
    ended = _until(arguments.seconds)
    connecting = asyncio.ensure_future(fleet.connect())
    telling = asyncio.ensure_future(_tell(fleet.tally))
    if steps is None:
        await fleet.drive(arguments.every, ended)
    else:
        await fleet.replay(steps, arguments.speed, ended)
    connecting.cancel()
    settled = await fleet.settle(Settings().grace if arguments.seconds or steps else 1.0)
    telling.cancel()
    await fleet.stop()
    print(fleet.tally.words(), flush=True)
    return 0 if settled else 1


def _until(seconds: float | None) -> Callable[[], bool]:
    told: list[int] = []
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, told.append, number)
    end = None if seconds is None else time.monotonic() + seconds
    return lambda: bool(told) or (end is not None and time.monotonic() > end)


async def _tell(tally: Tally) -> None:
    """More and more rarely: a demonstration runs for days."""
    pause = TOLD_EVERY
    while True:
        await asyncio.sleep(pause)
        print(tally.words(), flush=True)
        pause = min(pause * 2, 3600.0)
