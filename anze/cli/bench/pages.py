"""Pages at a hundred thousand obligations and records: for who sees all, for a driver, and for the bureau."""

from __future__ import annotations

import statistics
from datetime import datetime
from typing import Any, NamedTuple

from anze.cli.bench.city import BUREAU, PRINCIPAL, SAFETY_MANAGER, grow
from anze.cli.bench.figures import Figure, Outcome, milliseconds
from anze.cli.bench.recompute import decide_all
from anze.cli.bench.scales import Connection, Size
from anze.cli.bench.sealing import holder
from anze.records.acting.context import SYSTEM, acting
from anze.records.people.actions import open_account

MOST = 300
PASSWORD = "Zhishi-Yong-2026"  # noqa: S105 -- of accounts in a throw-away database
DETAILS = ("/records/{study}/", "/obligations/{obligation}/")
MANAGER_PAGES = (
    "/",
    "/obligations/",
    "/obligations/?state=missed",
    "/obligations/?page=1000",
    f"/posts/{SAFETY_MANAGER}/",
    f"/posts/{PRINCIPAL}/",
    "/company/",
    "/records/",
    "/records/?q=工作记录99",
    "/search/?q=工作记录99999",
    "/search/?q=没有这样的内容",
    "/search/?q=zw",
    "/search/records/?q=工作记录",
    "/search/records/?q=没有这样的内容",
    "/search/records/?q=NONE-SUCH",
    "/search/records/?q=赵工10",
    "/records/?page=1500",
    "/search/?q=0017",
    "/calendar/",
    f"/posts/{SAFETY_MANAGER}/print/",
    *DETAILS,
)
DRIVER_PAGES = ("/", "/obligations/", "/records/", "/search/?q=没有这样的内容", "/calendar/")
OFFICER_PAGES = (
    "/bureau/",
    "/bureau/?page=50",
    "/bureau/companies/{company}/",
    "/bureau/companies/{company}/obligations/",
    "/bureau/companies/{company}/calendar/",
    "/bureau/companies/{company}/search/?q=没有这样的内容",
    "/bureau/companies/{company}/search/?q=0017",
    "/bureau/search/?q=gs",
    f"/bureau/companies/{{company}}/posts/{SAFETY_MANAGER}/",
)


class Visit(NamedTuple):
    who: str
    page: str
    taken: float  # milliseconds
    queries: int | None  # of lists, for which there is a target


def run(connection: Connection, size: Size, city: Size, now: datetime, *, times: int = 7) -> Outcome:
    """The bureau's pages need a city; it is made if no benchmark has made it before."""
    (present,) = connection.execute("SELECT count(*) FROM tenants_company").fetchone() or (0,)
    if isinstance(present, int) and present < city.companies:
        decide_all(grow(connection, city, now.date()), now)
    (company,) = grow(connection, size, now.date())
    decide_all(range(company, company + 1), now)
    connection.execute("ANALYZE")
    people, shown = _accounts(connection, company, now), _shown(connection, company)
    visits = [
        visit(who, people[who], address, address.format(company=company, **shown), times)
        for who, pages in (
            ("safety manager", MANAGER_PAGES),
            ("driver", DRIVER_PAGES),
            ("officer", OFFICER_PAGES),
        )
        for address in pages
    ]
    (owed, kept, companies) = connection.execute(
        "SELECT (SELECT count(*) FROM duties_obligation WHERE company_id = %(c)s), "
        "(SELECT count(*) FROM evidence_record WHERE company_id = %(c)s), "
        "(SELECT count(*) FROM tenants_company)",
        {"c": company},
    ).fetchone() or (0, 0, 0)
    return Outcome(
        "pages",
        "Pages",
        f"A company with {owed:,} obligations and {kept:,} records, under a bureau over {companies:,} "
        f"companies; median of {times} requests.",
        tuple(
            Figure(f"{found.who}, `{found.page}`", found.taken, "ms", MOST, found.queries) for found in visits
        ),
    )


def visit(who: str, account: int, page: str, address: str, times: int) -> Visit:
    from django.contrib.auth import get_user_model
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client(SERVER_NAME="localhost")
    user = get_user_model()._default_manager.get(pk=account)
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")

    def fetch() -> None:
        answer: Any = client.get(address)
        if answer.status_code != 200:
            raise RuntimeError(f"{address} ({who}): {answer.status_code}")

    fetch()
    with CaptureQueriesContext(connection) as asked:
        fetch()
    queries = len(asked) if page not in DETAILS else None  # before the next request clears the log
    return Visit(who, page, statistics.median(milliseconds(fetch, times=times)), queries)


def _shown(connection: Connection, company: int) -> dict[str, object]:
    """The last study with everybody in it, and what it proves of one driver."""
    study, obligation = connection.execute(
        "SELECT r.id, (SELECT max(id) FROM duties_obligation WHERE company_id = r.company_id AND subject > 0 "
        "AND facts = ARRAY[r.id]) FROM evidence_record r "
        "WHERE company_id = %s AND kind = 'training.driver-study' ORDER BY happened_at DESC LIMIT 1",
        [company],
    ).fetchone() or (0, 0)
    return {"study": study, "obligation": obligation}


def _accounts(connection: Connection, company: int, now: datetime) -> dict[str, int]:
    (driver,) = connection.execute(
        "SELECT max(id) FROM people_person WHERE company_id = %s AND driver", [company]
    ).fetchone() or (0,)
    assert isinstance(driver, int)
    manager = holder(connection, company, SAFETY_MANAGER)
    with acting(SYSTEM, reads=(company,), at=now):
        return {
            "safety manager": open_account(username="bench-manager", password=PASSWORD, person_id=manager),
            "driver": open_account(username="bench-driver", password=PASSWORD, person_id=driver),
            "officer": open_account(
                username="bench-officer", password=PASSWORD, authority_id=BUREAU, officer_name="周监"
            ),
        }
