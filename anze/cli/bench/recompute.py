"""A city decided again by two processes, facts read from and verdicts written to PostgreSQL."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from datetime import datetime
from typing import NamedTuple

from anze.cli.bench.city import act_further, grow
from anze.cli.bench.figures import Figure, Outcome
from anze.cli.bench.scales import Connection, Size
from anze.rules.periods import add_months, midnight

PROCESSES = 2
SECONDS, MEGABYTES = 60, 1024


class Run(NamedTuple):
    seconds: float
    written: int
    memory: int  # bytes: the sum of the processes' peaks
    busy: float  # seconds of processor time of both, PostgreSQL's not included


def run(connection: Connection, size: Size, now: datetime) -> Outcome:
    """Leaves the city decided as of `now`."""
    today = now.date()
    before = add_months(today, -1)
    ids = grow(connection, size, before)
    first = decide_all(ids, midnight(before))
    connection.execute("VACUUM ANALYZE duties_obligation")
    act_further(connection, ids[::10], before, today)
    moved = decide_all(ids, now)
    still = decide_all(ids, now)
    (count,) = connection.execute("SELECT count(*) FROM duties_obligation").fetchone() or (0,)
    (records,) = connection.execute("SELECT count(*) FROM evidence_record").fetchone() or (0,)
    assert isinstance(count, int)
    return Outcome(
        "recompute",
        "A city decided again",
        f"{len(ids):,} companies, {records:,} records, {count:,} obligations; "
        f"{PROCESSES} processes, their start included.",
        (
            Figure(
                f"a month later, a tenth of the companies with new records: {moved.written:,} written",
                moved.seconds,
                "s",
                SECONDS,
            ),
            Figure("processor time of the processes, without PostgreSQL's", moved.busy, "s"),
            Figure("memory of the processes, peaks added", moved.memory / 2**20, "MB", MEGABYTES),
            Figure("again, nothing changed", still.seconds, "s", SECONDS),
            Figure(f"from nothing: all {first.written:,} written", first.seconds, "s"),
            Figure("memory of the processes then", first.memory / 2**20, "MB", MEGABYTES),
        ),
    )


def decide_all(ids: range, at: datetime) -> Run:
    command = [sys.executable, "-m", "anze.cli.bench.worker", at.isoformat()]
    started = time.perf_counter()
    working = [
        subprocess.Popen(
            [*command, str(ids.start + n), str(ids.stop), str(PROCESSES)], stdout=subprocess.PIPE
        )
        for n in range(PROCESSES)
    ]
    said = [process.communicate()[0] for process in working]
    seconds = time.perf_counter() - started
    if any(process.returncode for process in working):
        raise RuntimeError("重新判定的进程失败,见上文。")
    answers = [json.loads(text) for text in said]
    written = sum(answer["inserted"] + answer["updated"] for answer in answers)
    peak, busy = (sum(answer[name] for answer in answers) for name in ("peak", "busy"))
    return Run(seconds, written, peak, busy)
