"""A part that dies is started again, one that cannot live is given up, and stopping is obeyed at once."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from anze.cli import keeping

KEEPER = """
import sys
from anze.cli.keeping import Keeper, Patience
sys.exit(Keeper("后台任务", [sys.executable, "-c", sys.argv[1]], Patience({patience})).keep())
"""
SLEEPS = "import time; print('lives', flush=True); time.sleep(60)"
DIES = "import sys; print('lives', flush=True); sys.exit(3)"
ROOT = Path(keeping.__file__).parents[2]


@contextmanager
def kept(part: str, patience: str) -> Iterator[subprocess.Popen[str]]:
    """As under the supervisor: in a group of its own."""
    words = [sys.executable, "-c", KEEPER.format(patience=patience), part]
    keeper = subprocess.Popen(
        words, stdout=subprocess.PIPE, text=True, cwd=ROOT, start_new_session=True, encoding="utf-8"
    )
    try:
        yield keeper
    finally:
        with suppress(ProcessLookupError):
            os.killpg(keeper.pid, signal.SIGKILL)
        keeper.wait()
        assert keeper.stdout is not None
        keeper.stdout.close()


def line(keeper: subprocess.Popen[str]) -> str:
    assert keeper.stdout is not None
    return keeper.stdout.readline().strip()


def child_of(keeper: subprocess.Popen[str]) -> int:
    return int(Path(f"/proc/{keeper.pid}/task/{keeper.pid}/children").read_text().split()[0])


def test_what_was_killed_is_started_again() -> None:
    with kept(SLEEPS, "quick=0.0, delay=0.1") as keeper:
        for _ in range(3):
            assert line(keeper) == "lives"
            os.kill(child_of(keeper), signal.SIGKILL)
            assert line(keeper) == "后台任务意外停止（信号 SIGKILL），0.1 秒后重新启动。"
        assert line(keeper) == "lives"


def test_what_dies_at_once_is_given_up_and_waits_for_the_end() -> None:
    with kept(DIES, "deaths=3, delay=0.1") as keeper:
        said = [line(keeper) for _ in range(6)]
        assert said[::2] == ["lives"] * 3
        assert said[1] == "后台任务意外停止（退出码 3），0.1 秒后重新启动。"
        assert said[3] == "后台任务意外停止（退出码 3），0.2 秒后重新启动。"
        assert said[5].startswith("后台任务连续 3 次启动后很快停止（退出码 3），不再重试；其余部分继续运行。")
        with pytest.raises(subprocess.TimeoutExpired):
            keeper.wait(0.5)
        os.killpg(keeper.pid, signal.SIGTERM)
        assert keeper.wait(5) == 0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_whoever_stops_the_group_stops_part_and_keeper(number: signal.Signals) -> None:
    with kept(SLEEPS, "") as keeper:
        assert line(keeper) == "lives"
        began = time.monotonic()
        os.killpg(keeper.pid, number)
        assert keeper.wait(5) == 0
        assert time.monotonic() - began < 3


def test_told_between_two_starts_it_starts_no_more() -> None:
    with kept(DIES, "delay=30.0") as keeper:
        assert line(keeper) == "lives"
        assert "30 秒后重新启动" in line(keeper)
        os.killpg(keeper.pid, signal.SIGTERM)
        assert keeper.wait(5) == 0
        assert line(keeper) == ""


def test_a_keeper_reads_nothing_heavy() -> None:
    loaded = "import anze.cli.keeping, sys; print('django' in sys.modules, 'honcho' in sys.modules)"
    answer = subprocess.run(
        [sys.executable, "-c", loaded], check=True, capture_output=True, text=True, cwd=ROOT
    )
    assert answer.stdout.split() == ["False", "False"]
