"""One process that imports: `python -m anze.cli.bench.import_worker COMPANY MANAGER INSTANT FILE`.

Answers one line of JSON. A process of its own, so that its memory is its own.
"""

from __future__ import annotations

import json
import sys
import time
from datetime import datetime
from pathlib import Path

from anze.cli.bench.worker import peak_memory

KIND = "training.driver-study"


def measure(company: int, manager: int, at: datetime, path: Path) -> dict[str, float]:
    from anze.records.acting.context import Actor, acting
    from anze.records.imports.actions import commit, upload

    actor = Actor(None, "安全员", manager, company, roles=frozenset({"safety_manager"}))
    started = time.perf_counter()
    with acting(actor, reads=(company,), at=at), path.open("rb") as file:
        key = upload(of=KIND, name=path.name, file=file, size=path.stat().st_size)
    previewed = time.perf_counter()
    with acting(actor, reads=(company,), at=at):
        made = commit(import_id=key).made
    ended = time.perf_counter()
    return {
        "preview": previewed - started,
        "commit": ended - previewed,
        "made": made,
        "busy": time.process_time(),
        "peak": peak_memory(),
    }


def main(words: list[str]) -> int:
    from anze.cli.installation import set_up_django

    set_up_django()
    company, manager, at, path = words
    print(json.dumps(measure(int(company), int(manager), datetime.fromisoformat(at), Path(path))))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
