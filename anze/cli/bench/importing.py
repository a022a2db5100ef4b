"""A workbook of thousands of studies: read and previewed, then committed, in one process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from anze.cli.bench.city import SAFETY_MANAGER, grow
from anze.cli.bench.figures import Figure, Outcome
from anze.cli.bench.import_worker import KIND
from anze.cli.bench.recompute import decide_all
from anze.cli.bench.scales import Connection, Size
from anze.cli.bench.sealing import holder

CREW = 6  # drivers whom each row names
MOST_PREVIEW, MOST_COMMIT, MOST_MEMORY = 10, 20, 500


def run(connection: Connection, size: Size, rows: int, now: datetime) -> Outcome:
    (company,) = grow(connection, size, now.date())
    decide_all(range(company, company + 1), now)
    manager = holder(connection, company, SAFETY_MANAGER)
    names = [
        name
        for (name,) in connection.execute(
            "SELECT name FROM people_person WHERE company_id = %s AND driver ORDER BY id", [company]
        )
    ]
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory) / "studies.xlsx"
        path.write_bytes(_workbook(rows, names, now))
        words = [str(company), str(manager), now.isoformat(), str(path)]
        done = subprocess.run(
            [sys.executable, "-m", "anze.cli.bench.import_worker", *words], stdout=subprocess.PIPE, check=True
        )
        found = json.loads(done.stdout)
        size_on_disk = path.stat().st_size
    if found["made"] != rows:
        raise RuntimeError(f"导入了 {found['made']} 行，应为 {rows} 行")
    return Outcome(
        "importing",
        "Importing a workbook",
        f"{rows:,} studies with {CREW} drivers each, a file of {size_on_disk / 1024:,.0f} kB, into a company "
        f"with {len(names)} drivers: read, checked and kept; then sealed, decided and noted at once.",
        (
            Figure("preview", found["preview"], "s", MOST_PREVIEW),
            Figure("commit", found["commit"], "s", MOST_COMMIT),
            Figure("processor time of the process, without PostgreSQL's", found["busy"], "s"),
            Figure("peak memory of the process", found["peak"] / 2**20, "MB", MOST_MEMORY),
        ),
    )


def _workbook(rows: int, names: list[str], now: datetime) -> bytes:
    from anze.records.imports.targets import record_sheet
    from anze.records.imports.writing import list_of
    from anze.records.lawbook import lawbook

    sheet = record_sheet(lawbook().kinds[KIND])
    with list_of(sheet, _rows(rows, names, now)) as file:
        return file.read()


def _rows(count: int, names: list[str], now: datetime) -> Iterator[dict[str, str]]:
    """Over the last half-year, an hour apart."""
    for number in range(count):
        at = now - timedelta(days=1 + number % 180, hours=number // 180)
        crew = [names[(number * CREW + n) % len(names)] for n in range(min(CREW, len(names)))]
        yield {
            "title": f"第 {number + 1} 次驾驶员安全学习",
            "happened_at": f"{at:%Y-%m-%d %H:%M}",
            "values.topic": "冬季行车安全和事故案例",
            "values.place": "会议室",
            "values.hours": "2",
            "parts.participant": "、".join(dict.fromkeys(crew)),
        }
