"""What records alone say to the standard, for a believable city: most companies small, few large.

So many companies of each size are made, and estimated as the daily job does; for the whole city the time is
extrapolated, and the line says so.
"""

from __future__ import annotations

import time
from datetime import datetime
from typing import NamedTuple

import psycopg

from anze.cli.bench.city import grow
from anze.cli.bench.figures import Figure, Outcome
from anze.cli.bench.scales import Connection, Size
from anze.jobs.estimates import estimate_all
from anze.records.assessments import books
from anze.records.assessments.planning import schemes_for
from anze.rules.periods import add_months, day_of

TRADE = "taxi"
CITY, SECONDS = 5000, 600
MONTHS = 36


class Share(NamedTuple):
    """So many of a hundred companies have so many records of the kinds that the standard asks about."""

    hundredths: int
    records: int


SHARES = (Share(70, 150), Share(25, 1500), Share(5, 12_000))

_RECORDS = """
INSERT INTO evidence_record (company_id, kind, edition, status, number, title, happened_at, captured_at,
    received_at, values, valid_until, sealed_by_name, salt, digest, void_reason)
SELECT c.id, (%(kinds)s::text[])[1 + n %% %(asked)s], 'bench', 'sealed', 'CS-B-' || n, '台账' || n,
       at, at, at + interval '1 hour', '{}', (at + interval '400 days')::date, '甬安', md5(n::text),
       repeat('0', 64), ''
FROM unnest(%(companies)s::bigint[], %(counts)s::int[]) AS c(id, count), generate_series(1, c.count) n,
     LATERAL (
         SELECT %(since)s::timestamptz + (n * 7919 + c.id) %% (%(days)s * 24) * interval '1 hour' AS at
     ) t
"""


def run(connection: Connection, size: Size, now: datetime) -> Outcome:
    ids = grow(connection, size, now.date())
    connection.execute("UPDATE tenants_company SET trade = %s WHERE id = ANY(%s)", [TRADE, list(ids)])
    _fill(connection, ids, now)
    counted = connection.execute(
        "SELECT count(*) FROM evidence_record WHERE company_id = ANY(%s)", [list(ids)]
    )
    (records,) = counted.fetchone() or (0,)
    began, busy = time.perf_counter(), time.process_time()
    done = estimate_all(now, ids)
    each, busy = (time.perf_counter() - began) / len(ids), (time.process_time() - busy) / len(ids)
    if done.failed or done.done != len(ids):
        raise RuntimeError(f"{len(ids)} 家企业中只测算了 {done.done} 家。")
    sizes = ", ".join(f"{share.hundredths} % with {share.records:,}" for share in SHARES)
    return Outcome(
        "estimating",
        "A city estimated by its records",
        f"{len(ids):,} taxi companies, {records:,} records: {sizes}, and those that every company makes; "
        f"one process.",
        (
            Figure("a company", each * 1000, "ms"),
            Figure("processor time for it, without PostgreSQL's", busy * 1000, "ms"),
            Figure(f"{CITY:,} such companies, extrapolated from these", each * CITY, "s", SECONDS),
        ),
    )


def _fill(connection: Connection, ids: range, now: datetime) -> None:
    (scheme,) = schemes_for(TRADE)
    kinds, since = books.kinds_asked(scheme), add_months(day_of(now), -MONTHS)
    given = {
        "companies": list(ids),
        "counts": [_records(place * 100 // len(ids)) for place in range(len(ids))],
        "kinds": kinds,
        "asked": len(kinds),
        "since": since,
        "days": (day_of(now) - since).days,
    }
    cursor = psycopg.ClientCursor(connection)
    with connection.transaction():
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(_RECORDS, given)
    connection.execute("ANALYZE")


def _records(place: int) -> int:
    """Of the company at this hundredth of the city."""
    for share in SHARES:
        place -= share.hundredths
        if place < 0:
            return share.records
    return SHARES[-1].records
