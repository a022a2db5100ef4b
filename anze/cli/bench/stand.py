"""The test stand: terminals in the directory, a server process, and load.c, compiled where it is needed."""

from __future__ import annotations

import json
import multiprocessing
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import psycopg

from anze.cli.bench.echo import serve as serve_echo
from anze.cli.gateway import serve_one
from anze.gateway.settings import Settings
from anze.telemetry.directory import auth_digest
from anze.wire.header import Header, Version, encode
from anze.wire.messages import encode as body_of
from anze.wire.messages.registration import Authentication

SOURCE = Path(__file__).with_name("load.c")
COMPILERS = ("cc", "gcc", "clang")
FIRST_PHONE, CODE, COMPANY = 13_000_000_000, "bench", 1
PATIENCE = 60.0
BUSY = 3  # processes: echo or gateway, load, database
# Mileage, oil, recorder speed, signal, satellites, and an active-safety item's kind: six as usual.
TAIL = "010400012345020203e8030202584c0130310109300119"
# No bench and no test is refused for coming from one address.
UNLIMITED: dict[str, Any] = {
    "links_an_address": 18_000,
    "arrivals_a_second": 50_000.0,
    "frames_a_second": 10_000_000.0,
}

INSTALL = """
WITH made AS (
    INSERT INTO telemetry.terminal (phone, protocol, auth_digest)
    SELECT (%(first)s::bigint + n)::text, 2013, %(digest)s FROM generate_series(0, %(count)s - 1) n
    ON CONFLICT (phone) DO UPDATE SET auth_digest = excluded.auth_digest
    RETURNING id, phone::bigint - %(first)s AS n
)
INSERT INTO telemetry.installation (terminal_id, company_id, vehicle_id, plate, plate_colour, since)
SELECT id, %(company)s, n + 1, '浙B' || lpad(n::text, 5, '0'), 2, now() - INTERVAL '30 days' FROM made
"""


@dataclass(frozen=True, slots=True)
class Serving:
    pid: int
    port: int
    process: BaseProcess

    def memory(self) -> int:
        """Bytes that are resident now."""
        lines = Path(f"/proc/{self.pid}/status").read_text("utf-8").splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) * 1024

    def busy(self) -> float:
        """Seconds of processor time so far, in user and kernel."""
        return processor_time(self.pid)


def processor_time(pid: int) -> float:
    words = Path(f"/proc/{pid}/stat").read_text("utf-8").rsplit(")", 1)[1].split()
    return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")


def install(owner: psycopg.Connection[Any], count: int, first: int = FIRST_PHONE) -> None:
    """Terminals with consecutive numbers in vehicles 1 to `count`, all with one code."""
    asked = {"first": first, "count": count, "company": COMPANY, "digest": auth_digest(CODE)}
    owner.execute(INSTALL, asked)


@contextmanager
def echo() -> Iterator[Serving]:
    with _serving(serve_echo, lambda port: (port,)) as found:
        yield found


@contextmanager
def gateway(conninfo: str, **settings: Any) -> Iterator[Serving]:
    """A process of its own, as in operation; killed at the end."""

    def arguments(port: int) -> tuple[Any, ...]:
        return Settings(port=port, **{**UNLIMITED, **settings}), conninfo, os.getpid()

    with _serving(serve_one, arguments) as found:
        yield found


@contextmanager
def _serving(target: Callable[..., None], arguments: Callable[[int], tuple[Any, ...]]) -> Iterator[Serving]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    found = start(target, arguments(port), port)
    try:
        yield found
    finally:
        found.process.kill()
        found.process.join()


def start(target: Callable[..., None], arguments: tuple[Any, ...], port: int) -> Serving:
    """Returns when it accepts connections."""
    process = multiprocessing.get_context("spawn").Process(target=target, args=arguments, daemon=True)
    process.start()
    until = time.monotonic() + PATIENCE
    while not _accepts(port):
        if not process.is_alive() or time.monotonic() > until:
            process.kill()
            raise RuntimeError("服务进程没有开始监听。")
        time.sleep(0.02)
    assert process.pid is not None
    return Serving(process.pid, port, process)


def compiled(directory: Path) -> Path | None:
    """The load generator; None: no C compiler here."""
    compiler = next(filter(None, map(shutil.which, COMPILERS)), None)
    if compiler is None:
        return None
    program = directory / "load"
    subprocess.run([compiler, "-O2", "-o", str(program), str(SOURCE)], check=True)
    return program


@dataclass(frozen=True, slots=True)
class Load:
    """What the load generator answers: counts, seconds, milliseconds."""

    ready: int
    failed: int
    opened_in: float
    seconds: float
    sent: int
    acked: int
    in_time: int
    refused: int
    skipped: int
    p50: float
    p99: float
    longest: float

    @property
    def rate(self) -> float:
        return self.in_time / self.seconds


def load(
    program: Path, port: int, count: int, seconds: float, *, rate: float = 0, greet: bool = True
) -> Load:
    """Raises RuntimeError where not every terminal came through."""
    with _holding(program, port, count, seconds, rate=rate, greet=greet) as running:
        answer, words = running.communicate(timeout=PATIENCE * 2 + seconds)
    if running.returncode:
        raise RuntimeError(f"load: {words}")
    found = Load(**json.loads(answer))
    if found.failed or found.refused:
        raise RuntimeError(f"负载没有全部通过：{found}")
    return found


@contextmanager
def held(program: Path, port: int, count: int) -> Iterator[int]:
    """So many authenticated connections that say nothing; answers how many came through."""
    with _holding(program, port, count, 0) as running:
        assert running.stderr is not None
        yield int(running.stderr.readline().split()[1])


@contextmanager
def _holding(
    program: Path, port: int, count: int, seconds: float, *, rate: float = 0, greet: bool = True
) -> Iterator[subprocess.Popen[str]]:
    terminals = program.with_suffix(".terminals")
    terminals.write_text("".join(_line(FIRST_PHONE + number, greet) for number in range(count)), "ascii")
    words = [str(program), "127.0.0.1", str(port), str(terminals), str(seconds), f"{rate:.1f}", TAIL]
    pipe = subprocess.PIPE
    with subprocess.Popen(words, stdin=pipe, stdout=pipe, stderr=pipe, text=True) as running:
        try:
            yield running
        finally:
            running.kill()


def _line(phone: int, greet: bool) -> str:
    message = Authentication(code=CODE)
    header = Header(message.ID, str(phone), 0, Version.V2013)
    hello = encode(header, body_of(message, Version.V2013))[0].hex() if greet else "-"
    return f"{phone:012d} {hello}\n"


def _accepts(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True
