"""One process that decides companies again: `python -m anze.cli.bench.worker INSTANT FIRST STOP STEP`.

Answers one line of JSON. A process of its own, as the jobs are: its memory is its own.
"""

from __future__ import annotations

import json
import sys
import time
from datetime import datetime
from pathlib import Path

BATCH = 100  # companies in one transaction


def peak_memory() -> int:
    """The most bytes of memory that this process ever held."""
    lines = Path("/proc/self/status").read_text("utf-8").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) * 1024


def recompute(at: datetime, companies: list[int]) -> dict[str, float]:
    from anze.records.acting.context import SYSTEM, acting
    from anze.records.duties.deciding import redecide_companies

    done: dict[str, float] = {"inserted": 0, "updated": 0, "deleted": 0}
    for start in range(0, len(companies), BATCH):
        batch = companies[start : start + BATCH]
        with acting(SYSTEM, reads=tuple(batch), at=at):
            stored = redecide_companies(company_ids=batch)
        for name, count in stored._asdict().items():
            done[name] += count
    return done


def main(words: list[str]) -> int:
    from anze.cli.installation import set_up_django

    set_up_django()
    at, numbers = datetime.fromisoformat(words[0]), [int(word) for word in words[1:]]
    done = recompute(at, list(range(*numbers)))
    print(json.dumps({**done, "peak": peak_memory(), "busy": time.process_time()}))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
