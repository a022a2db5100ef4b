"""`anze bench`: the figures the product promises, measured here and now on a throw-away database."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from anze.cli import installation
from anze.cli.bench.figures import Outcome, machine, table
from anze.cli.bench.scales import FULL, SMALL, Connection, Scale
from anze.cli.database import gateway_conninfo, migrate
from anze.cli.home import CHECKOUT, Home, current_home

NAMES = (
    "wire", "company-year", "recompute", "reminders", "sealing", "importing", "ledgers", "reports", "packs",
    "assessing", "estimating", "pages", "positions", "gateway", "fleet", "kills", "starting",
)  # fmt: skip
ON_DATABASE = (
    "recompute", "reminders", "sealing", "importing", "ledgers", "reports", "packs", "assessing",
    "estimating", "pages",
)  # fmt: skip
ON_GATEWAY = ("gateway", "fleet", "kills")
PAGE = CHECKOUT / "docs" / "benchmarks.md"
HEAD = """# Benchmarks

Written by `make bench`; timings depend on the machine and are never asserted in tests.
"""


def add_parser(commands: Any) -> None:
    bench = commands.add_parser("bench", help="测量速度与内存,打印并保存表格")
    bench.add_argument("--only", choices=NAMES, help="只测这一项")
    bench.add_argument("--small", action="store_true", help="小数据,只看能否运行;不保存")
    bench.add_argument("--held", type=float, help="车队保持在线的秒数(默认 120)")
    bench.set_defaults(act=measure)


def measure(arguments: argparse.Namespace) -> int:
    kept = current_home()
    with throw_away() as home:
        outcomes, server = [], None
        for outcome, version in outcomes_of(arguments.only, home, scale_of(arguments)):
            server = version or server
            outcomes.append(outcome)
            print(table(outcome), flush=True)
    if not arguments.small:
        keep(kept, outcomes, machine(server))
    return 0


def scale_of(arguments: argparse.Namespace) -> Scale:
    scale = SMALL if arguments.small else FULL
    if arguments.held is None:
        return scale
    return replace(scale, gateway=replace(scale.gateway, held=arguments.held))


@contextmanager
def throw_away() -> Iterator[Home]:
    """A data directory of its own; Django, not yet set up, will find its place from the environment."""
    path = Path(tempfile.mkdtemp(prefix="anze-bench-"))
    os.environ["ANZE_HOME"] = str(path)
    os.environ.pop("DATABASE_URL", None)
    home = Home(path)
    home.prepare()
    try:
        yield home
    finally:
        shutil.rmtree(path, ignore_errors=True)


def outcomes_of(only: str | None, home: Home, scale: Scale) -> Iterator[tuple[Outcome, str | None]]:
    """Each benchmark as it ends, with the server's version where there was one."""
    installation.set_up_django()
    from anze.cli.bench import company_year, starting, wire

    if only in (None, "wire"):
        yield wire.run(seconds=scale.seconds), None
    if only in (None, "company-year"):
        people, vehicles = scale.company_year
        yield company_year.run(people=people, vehicles=vehicles), None
    if only in (None, *ON_DATABASE):
        with installation.opened(home) as server:
            assert server is not None
            migrate()
            with server.connect("postgres", "anze") as connection:
                for outcome in on_database(only, connection, scale):
                    yield outcome, connection.info.parameter_status("server_version")
    if only in (None, "positions"):
        yield on_positions(home, scale)
    if only in (None, *ON_GATEWAY):
        yield from on_gateway(only, home, scale)
    if only in (None, "starting"):
        yield starting.run(home.path / "starting"), None


def on_positions(home: Home, scale: Scale) -> tuple[Outcome, str | None]:
    from anze.cli.bench import positions

    vehicles, rounds = scale.fleet
    with installation.opened(home) as server:
        assert server is not None
        migrate()
        outcome = positions.run(server, home.positions, vehicles=vehicles, rounds=rounds, times=scale.times)
    return outcome, None


def on_gateway(only: str | None, home: Home, scale: Scale) -> Iterator[tuple[Outcome, str | None]]:
    """The kills come last: from then on the server is watched, and what it had cached is gone."""
    from anze.cli.bench import acknowledging, fleet, kills

    size = scale.gateway
    with installation.opened(home) as server:
        assert server is not None
        migrate()
        conninfo = gateway_conninfo(home)
        if only in (None, "gateway"):
            yield acknowledging.run(server, conninfo, size), None
        if only in (None, "fleet"):
            yield fleet.run(server, conninfo, size), None
        if only in (None, "kills"):
            yield kills.run(server, conninfo, kills=size.kills, terminals=size.reporting), None


def on_database(only: str | None, connection: Connection, scale: Scale) -> Iterator[Outcome]:
    """The pages come last: the bureau's are measured over the city that was decided before."""
    from anze.cli.bench import (
        assessing,
        estimating,
        importing,
        ledgers,
        packing,
        pages,
        recompute,
        reminding,
        reports,
        sealing,
    )

    now = datetime.now(UTC)
    runs: dict[str, Callable[[], Outcome]] = {
        "recompute": lambda: recompute.run(connection, scale.city, now),
        "reminders": lambda: reminding.run(connection, scale.city, now),
        "sealing": lambda: sealing.run(connection, scale.large, now, times=scale.times),
        "importing": lambda: importing.run(connection, scale.large, scale.rows, now),
        "ledgers": lambda: ledgers.run(connection, scale.papers, now),
        "reports": lambda: reports.run(connection, scale.large, now),
        "packs": lambda: packing.run(connection, scale.packed, now, each=scale.each),
        "assessing": lambda: assessing.run(connection, scale.huge, now),
        "estimating": lambda: estimating.run(connection, scale.estimated, now),
        "pages": lambda: pages.run(connection, scale.huge, scale.city, now),
    }
    for name in ON_DATABASE:
        if only in (None, name):
            yield runs[name]()


def keep(home: Home, outcomes: list[Outcome], here: str) -> None:
    """In the data directory; and in the manual, once every benchmark has been measured on this machine."""
    home.prepare()
    path = home.path / "benchmarks.json"
    known = json.loads(path.read_text("utf-8")) if path.exists() else {}
    when = {"machine": here, "on": f"{datetime.now(UTC):%Y-%m-%d}"}
    known |= {outcome.name: {**when, **outcome.stored()} for outcome in outcomes}
    path.write_text(json.dumps(known, ensure_ascii=False, indent=1), "utf-8")
    if all(name in known for name in NAMES):
        PAGE.write_text(page([known[name] for name in NAMES]), "utf-8")


def page(stored: list[dict[str, Any]]) -> str:
    """All benchmarks; the machine is that of the fullest line, the days those of the measurements."""
    here = max((entry["machine"] for entry in stored), key=len)
    days = sorted({entry["on"] for entry in stored})
    head = [HEAD, f"Machine: {here}. Measured: {', '.join(days)}.", ""]
    return "\n".join([*head, *(table(Outcome.of(entry)) for entry in stored)])
