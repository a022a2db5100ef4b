"""The monthly report of a company of three hundred people: as a page, as Word and as PDF."""

from __future__ import annotations

import statistics
from datetime import datetime
from typing import Any

from anze.cli.bench.city import SAFETY_MANAGER, grow
from anze.cli.bench.figures import Figure, Outcome, milliseconds
from anze.cli.bench.recompute import decide_all
from anze.cli.bench.scales import Connection, Size
from anze.cli.bench.sealing import holder
from anze.records.acting.context import SYSTEM, acting
from anze.records.people.actions import open_account
from anze.rules.periods import add_months, day_of

MOST = 5000
PASSWORD = "Zhishi-Yong-2026"  # noqa: S105 -- of an account in a throw-away database
SHAPES = {"page": "", "Word": "report.docx", "PDF": "report.pdf"}


def run(connection: Connection, size: Size, now: datetime, *, times: int = 3) -> Outcome:
    """Of the month that is over, with every obligation of it decided."""
    (company,) = grow(connection, size, now.date())
    decide_all(range(company, company + 1), now)
    connection.execute("ANALYZE")
    manager = holder(connection, company, SAFETY_MANAGER)
    with acting(SYSTEM, reads=(company,), at=now):
        account = open_account(username="bench-report", password=PASSWORD, person_id=manager)
    month = add_months(day_of(now).replace(day=1), -1)
    (people, due) = connection.execute(
        "SELECT (SELECT count(*) FROM people_person WHERE company_id = %(c)s), "
        "(SELECT count(*) FROM duties_obligation WHERE company_id = %(c)s AND month = %(m)s)",
        {"c": company, "m": month},
    ).fetchone() or (0, 0)
    return Outcome(
        "reports",
        "Monthly report",
        f"A company with {people:,} people; {due:,} obligations fall due in the month; median of {times}.",
        tuple(
            Figure(shape, _taken(account, f"/reports/{month:%Y-%m}/{ending}", times), "ms", MOST)
            for shape, ending in SHAPES.items()
        ),
    )


def _taken(account: int, address: str, times: int) -> float:
    from django.contrib.auth import get_user_model
    from django.test import Client

    client = Client(SERVER_NAME="localhost")
    user = get_user_model()._default_manager.get(pk=account)
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")

    def fetch() -> None:
        answer: Any = client.get(address)
        if answer.status_code != 200:
            raise RuntimeError(f"{address}: {answer.status_code}")

    return statistics.median(milliseconds(fetch, times=times))
