"""Keeps one part of `anze run` alive: started again when it dies, given up when it dies at once each time.

The pages' process is not kept: without it there is nothing to run for. A part stands in the process group of
its keeper, so whoever stops the group stops both. Only the standard library is read, to stay small.
"""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import NamedTuple

NAMES = {"work": "后台任务", "gateway": "接入网关", "simulate": "模拟车队"}


class Patience(NamedTuple):
    """Seconds. Who lived shorter than `quick` died at once; `deaths` of them in a row, and it is given up."""

    quick: float = 30.0
    deaths: int = 5
    delay: float = 1.0  # before the second start; doubled from then on


PATIENCE = Patience()


@dataclass
class Keeper:
    name: str
    command: Sequence[str]
    patience: Patience = PATIENCE
    _told: tuple[int, int] = field(default_factory=os.pipe)  # a signal writes, waiting reads

    def keep(self) -> int:
        """Until SIGTERM or SIGINT. What was given up stays down, and the rest goes on without it."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: os.write(self._told[1], b"."))
        deaths = 0
        while not self._ends_within(0):
            began = time.monotonic()
            code = self._live()
            if self._ends_within(0):
                break
            deaths = deaths + 1 if time.monotonic() - began < self.patience.quick else 1
            if deaths >= self.patience.deaths:
                self._give_up(deaths, code)
                break
            delay = self.patience.delay * 2 ** (deaths - 1)
            say(f"{self.name}意外停止（{_how(code)}），{delay:g} 秒后重新启动。")
            self._ends_within(delay)
        return 0

    def _live(self) -> int:
        child = subprocess.Popen(self.command)
        if self._ends_within(0):  # told while it was being started: perhaps before it stood in the group
            child.terminate()
        return child.wait()

    def _give_up(self, deaths: int, code: int) -> None:
        say(
            f"{self.name}连续 {deaths} 次启动后很快停止（{_how(code)}），不再重试；其余部分继续运行。"
            "请按上面的报错排除原因，再重新启动。"
        )
        self._ends_within(None)

    def _ends_within(self, seconds: float | None) -> bool:
        """Whether it is told to end; stays told."""
        return bool(select.select([self._told[0]], [], [], seconds)[0])


def say(text: str) -> None:
    print(text, flush=True)


def _how(code: int) -> str:
    if code >= 0:
        return f"退出码 {code}"
    with suppress(ValueError):
        return f"信号 {signal.Signals(-code).name}"
    return f"信号 {-code}"


def follow_supervisor() -> None:
    """End politely when the process that supervises us is gone: nobody else would stop us."""
    pid = int(os.environ.get("ANZE_SUPERVISOR", "0"))
    if pid:
        threading.Thread(target=_await_end, args=(pid,), name="supervisor", daemon=True).start()


def _await_end(pid: int) -> None:
    if not hasattr(os, "pidfd_open"):  # not Linux: Ctrl-C still ends both
        return
    with suppress(ProcessLookupError):
        select.select([os.pidfd_open(pid)], [], [])
    os.kill(os.getpid(), signal.SIGTERM)


def main(words: Sequence[str]) -> int:
    """`words`: of the part's command."""
    follow_supervisor()
    command = [sys.executable, "-m", "anze.cli", *words]
    return Keeper(NAMES.get(words[0], words[0]), command).keep()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
