"""The reminders of a city, decided and queued by the job's own code in one process."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timedelta

from anze.cli.bench.city import grow
from anze.cli.bench.figures import Figure, Outcome
from anze.cli.bench.recompute import decide_all
from anze.cli.bench.scales import Connection, Size
from anze.rules.periods import midnight

SECONDS = 60
MORNING = timedelta(hours=9)
# On for forty days and silent until now: every step that passed in them speaks this morning.
_LADDERS = """
INSERT INTO reminders_ladder (company_id, since, hour, steps, folded, chain)
SELECT id, %(since)s, 8, '[[-3, "person", ["mail"]], [0, "person", ["mail"]], [1, "superior", ["mail"]],
    [3, "principal", ["mail"]]]', true, 0
FROM tenants_company
"""


def run(connection: Connection, size: Size, now: datetime) -> Outcome:
    """Uses the companies that are there, or makes the city first."""
    from anze.jobs.reminders import queue_at

    (there,) = connection.execute("SELECT count(*) FROM tenants_company").fetchone() or (0,)
    if not there:
        decide_all(grow(connection, size, now.date()), now)
    connection.execute("ANALYZE")
    morning = midnight(now.date()) + MORNING
    connection.execute(_LADDERS, {"since": morning - timedelta(days=40)})
    busy = time.process_time()
    first, queued = _timed(queue_at, morning)
    busy = time.process_time() - busy
    (sent, messages) = _counts(connection)
    again, _ = _timed(queue_at, morning + timedelta(minutes=5))
    next_day, more = _timed(queue_at, morning + timedelta(days=1))
    (companies,) = connection.execute("SELECT count(*) FROM reminders_ladder").fetchone() or (0,)
    return Outcome(
        "reminders",
        "Reminders of a city",
        f"{companies:,} companies switched on; {messages:,} messages about {sent:,} steps of obligations "
        "in the first morning. One process.",
        (
            Figure(f"computed and queued: {queued:,} messages", first, "s", SECONDS),
            Figure("processor time of the process, without PostgreSQL's", busy, "s"),
            Figure("five minutes later, nothing new", again, "s"),
            Figure(f"the next morning: {more:,} messages", next_day, "s", SECONDS),
        ),
    )


def _timed(act: Callable[[datetime], int], at: datetime) -> tuple[float, int]:
    started = time.perf_counter()
    count = act(at)
    return time.perf_counter() - started, count


def _counts(connection: Connection) -> tuple[int, int]:
    row = connection.execute(
        "SELECT (SELECT count(*) FROM reminders_sent), (SELECT count(*) FROM reminders_message)"
    ).fetchone()
    assert row is not None
    return row[0], row[1]
