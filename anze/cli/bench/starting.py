"""How long `anze run` takes until it answers: the first start with the demonstration, and the second."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from anze.cli.bench.figures import Figure, Outcome

PATIENCE = 600.0  # seconds
MOST = 5


def run(home: Path) -> Outcome:
    """`home` is empty; afterwards it holds a demonstration."""
    first, second = start(home), start(home)
    return Outcome(
        "starting",
        "Starting",
        "`anze run` until `/healthz` answers; the first start makes the database and the demonstration.",
        (Figure("second start", second, "s", MOST), Figure("first start", first, "s")),
    )


def start(home: Path) -> float:
    """Seconds until it answered. It is stopped again."""
    port = free_port()
    started = time.perf_counter()
    running = subprocess.Popen(
        command(port),
        env={**os.environ, "ANZE_HOME": str(home)},
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        while not answers(port):
            if running.poll() is not None:
                raise RuntimeError("anze run 自己结束了。")
            if time.perf_counter() - started > PATIENCE:
                raise RuntimeError("anze run 没有应答。")
            time.sleep(0.02)
        return time.perf_counter() - started
    finally:
        running.send_signal(signal.SIGINT)
        running.wait(60)


def command(port: int) -> list[str]:
    return [sys.executable, "-m", "anze.cli", "run", "--port", str(port)]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=1) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False
