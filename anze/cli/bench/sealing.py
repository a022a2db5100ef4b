"""Sealing a study of two hundred drivers: from the act to the commit, with everything it decides again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from anze.cli.bench.city import SAFETY_MANAGER, grow
from anze.cli.bench.figures import Outcome, milliseconds, spread
from anze.cli.bench.recompute import decide_all
from anze.cli.bench.scales import Connection, Size
from anze.records.acting.context import SYSTEM, Actor, acting
from anze.records.duties.actions import seal_records
from anze.records.evidence.actions import Draft, PartInput, draft_record

MOST = 50


def run(connection: Connection, size: Size, now: datetime, *, times: int) -> Outcome:
    (company,) = grow(connection, size, now.date())
    decide_all(range(company, company + 1), now)
    manager = holder(connection, company, SAFETY_MANAGER)
    actor = Actor(None, "安全员", manager, company, roles=frozenset({"safety_manager"}))
    drafts = _drafts(connection, company, manager, now, times + 3)

    def seal() -> None:
        with acting(actor, reads=(company,), at=now):
            seal_records(record_ids=[drafts.pop()])

    milliseconds(seal, times=3)
    taken = milliseconds(seal, times=times)
    (count,) = connection.execute(
        "SELECT count(*) FROM duties_obligation WHERE company_id = %s", [company]
    ).fetchone() or (0,)
    return Outcome(
        "sealing",
        "Sealing a record",
        f"A study of {size.most_drivers} drivers in a company with {size.most_drivers + size.clerks} people "
        f"and {count:,} obligations; {times} times, commit included.",
        spread("one seal", taken, MOST),
    )


def holder(connection: Connection, company: int, position: str) -> int:
    (person,) = connection.execute(
        "SELECT person_id FROM people_holding WHERE company_id = %s AND position = %s", [company, position]
    ).fetchone() or (0,)
    assert isinstance(person, int)
    return person


def _drafts(connection: Connection, company: int, manager: int, now: datetime, count: int) -> list[int]:
    """Studies on different days of the last half-year."""
    drivers = [
        person
        for (person,) in connection.execute(
            "SELECT id FROM people_person WHERE company_id = %s AND driver ORDER BY id", [company]
        )
    ]
    with acting(SYSTEM, reads=(company,), at=now):
        return [
            draft_record(draft=_study(manager, drivers, now - timedelta(days=1 + 5 * n)))
            for n in range(count)
        ]


def _study(manager: int, drivers: Sequence[object], at: datetime) -> Draft:
    crew = [PartInput(person, "participant") for person in drivers if isinstance(person, int)]
    return Draft(
        kind="training.driver-study",
        title="驾驶员安全学习",
        happened_at=at,
        values={"topic": "冬季行车安全", "hours": "2.5"},
        parts=[PartInput(manager, "organiser"), *crew],
    )
