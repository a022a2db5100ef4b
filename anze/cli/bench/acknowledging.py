"""Positions through a gateway, each acknowledged when it is committed, beside a bare echo server.

Both are asyncio on the same event loop, one process, under the same load: each terminal sends one frame,
waits for the answer, and sends the next. Load, server and database share the machine.
"""

from __future__ import annotations

from pathlib import Path

from anze.cli.bench import stand
from anze.cli.bench.figures import Figure, Outcome
from anze.cli.bench.scales import GatewaySize
from anze.cli.postgres import Server

TITLE = "Positions through the gateway"
LEAST_RATIO, LEAST_RATE = 35.0, 20_000.0  # %, positions/s
MOST_MEMORY, MOST_WAIT = 4.0, 300.0  # KB a connection, ms


def run(server: Server, conninfo: str, size: GatewaySize) -> Outcome:
    program = stand.compiled(server.home.path)
    if program is None:
        return Outcome("gateway", TITLE, "Not measured: no C compiler here.", ())
    count, seconds = size.connections, size.seconds
    with server.connect("anze_owner", "anze") as owner:
        stand.install(owner, count)
        owner.execute("ANALYZE telemetry.terminal, telemetry.installation")
    with stand.echo() as serving:
        echoed = stand.load(program, serving.port, count, seconds, greet=False)
        echo_time = serving.busy() / echoed.acked
    with stand.gateway(conninfo) as serving:
        memory = _memory(serving, program, count)
    with stand.gateway(conninfo) as serving:
        stand.load(program, serving.port, count, min(2.0, seconds))  # opens the day's partitions
        before = serving.busy()
        full = stand.load(program, serving.port, count, seconds)
        full_time = (serving.busy() - before) / full.acked
        half = stand.load(program, serving.port, count, seconds, rate=full.rate / 2)
    ratio, cost = full.rate / echoed.rate * 100, echo_time * 1e6
    return Outcome(
        "gateway",
        TITLE,
        f"{count:,} connections, one frame a segment, six additional items; one gateway process, PostgreSQL "
        "and the load generator (C) share the cores. Every acknowledged position is committed to disk.",
        (
            Figure("acknowledged of what a bare echo server sends back", ratio, "%", least=LEAST_RATIO),
            Figure("positions acknowledged", full.rate, "/s", least=LEAST_RATE),
            Figure("frames echoed", echoed.rate, "/s"),
            Figure("acknowledgements at half of that, 99th percentile", half.p99, "ms", MOST_WAIT),
            Figure("acknowledgements at half of that, median", half.p50, "ms"),
            Figure("memory of an authenticated connection", memory, "KB", MOST_MEMORY),
            Figure("processor time of the gateway for a position", full_time * 1e6, "µs"),
            Figure("processor time of the echo server for a frame", cost, "µs"),
        ),
    )


def _memory(serving: stand.Serving, program: Path, count: int) -> float:
    """KB that each connection adds; a first few are opened before, for what only the first needs."""
    with stand.held(program, serving.port, min(50, count)):
        base = serving.memory()
    with stand.held(program, serving.port, count) as came:
        return (serving.memory() - base) / came / 1024
