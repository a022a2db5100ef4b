"""Ledgers of a company with thousands of people and vehicles, each with its papers; and a long list."""

from __future__ import annotations

from datetime import datetime

from anze.cli.bench.city import SAFETY_MANAGER, grow
from anze.cli.bench.figures import Figure, Outcome
from anze.cli.bench.pages import MOST, PASSWORD, visit
from anze.cli.bench.papers import issue
from anze.cli.bench.scales import Connection, Size
from anze.cli.bench.sealing import holder
from anze.records.acting.context import SYSTEM, acting
from anze.records.evidence import newest
from anze.records.people.actions import open_account

PAGES = (
    "/expiries/",
    "/expiries/?days=180",
    "/expiries/?state=missing",
    "/expiries/counts/",
    "/scrappage/",
    "/people/",
    "/people/?q=zg",
    "/fleet/",
    "/fleet/?q=0017",
    "/records/?kind=other.record",
    "/records/?kind=other.record&page=1000",
    "/records/?kind=vehicle.maintenance",
    "/search/records/?q=浙B00017",
)


def run(connection: Connection, size: Size, now: datetime, *, times: int = 7) -> Outcome:
    today = now.date()
    (company,) = grow(connection, size, today)
    papers = issue(connection, company, today)
    manager = holder(connection, company, SAFETY_MANAGER)
    with acting(SYSTEM, reads=(company,), at=now):
        newest.keep_whole(company)
        account = open_account(username="bench-ledgers", password=PASSWORD, person_id=manager)
    connection.execute("VACUUM ANALYZE evidence_newest")
    visits = [visit("safety manager", account, page, page, times) for page in PAGES]
    return Outcome(
        "ledgers",
        "Ledgers",
        f"{size.most_drivers + size.clerks:,} people, {size.vehicles:,} vehicles, their {papers:,} papers, "
        f"{size.loose_records:,} other records; median of {times} requests.",
        tuple(
            Figure(f"{found.who}, `{found.page}`", found.taken, "ms", MOST, found.queries) for found in visits
        ),
    )
