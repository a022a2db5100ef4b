"""The automatic pass of an assessment over a company with a hundred thousand records, and its pages."""

from __future__ import annotations

import statistics
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import psycopg

from anze.cli.bench.city import grow
from anze.cli.bench.figures import Figure, Outcome, milliseconds
from anze.cli.bench.pages import visit
from anze.cli.bench.scales import Connection, Size
from anze.records.acting.context import SYSTEM, acting
from anze.records.assessments import actions, books, planning
from anze.records.assessments.planning import Plan, schemes_for
from anze.records.people.actions import open_account
from anze.rules import assessment as rules
from anze.rules.catalogue.schemes import Scheme
from anze.rules.periods import ONE_DAY, add_months, day_of

MOST, MOST_PAGE = 2000, 300
TRADE, TARGET = "taxi", "second"
PASSWORD = "Zhishi-Yong-2026"  # noqa: S105 -- of an account in a throw-away database
PAGES = ("", "items/{item}/", "table/", "report/", "samples/", "review/")

# Of the kinds that the standard asks about, each kind as often; everything covers the vehicles in turn.
_ASKED = """
INSERT INTO evidence_record (company_id, kind, edition, status, number, title, happened_at, captured_at,
    received_at, values, valid_until, sealed_by_name, salt, digest, void_reason)
SELECT %(company)s, (%(kinds)s::text[])[1 + n %% %(asked)s], 'bench', 'sealed', 'KP-B-' || n, '台账' || n,
       at, at, at + interval '1 hour', '{}', (at + interval '400 days')::date, '甬安', md5(n::text),
       repeat('0', 64), ''
FROM generate_series(1, %(count)s::int) n,
     LATERAL (SELECT %(since)s::timestamptz + n %% (%(days)s * 24) * interval '1 hour' AS at) t
"""
_SUBJECTS = """
INSERT INTO evidence_subject (company_id, record_id, subject_type, subject)
SELECT r.company_id, r.id, 'vehicle', v.id
FROM evidence_record r
JOIN (SELECT id, row_number() OVER (ORDER BY id) AS place, count(*) OVER () AS all FROM fleet_vehicle
      WHERE company_id = %(company)s) v ON v.place = 1 + r.id %% v.all
WHERE r.company_id = %(company)s AND r.number LIKE 'KP-B-%%'
"""


def run(connection: Connection, size: Size, now: datetime, *, times: int = 3) -> Outcome:
    (company,) = grow(connection, replace(size, loose_records=0), now.date())
    connection.execute("UPDATE tenants_company SET trade = %s WHERE id = %s", [TRADE, company])
    (scheme,) = schemes_for(TRADE)
    _fill(connection, company, scheme, size.loose_records, now)
    people = _people(connection, company)
    with acting(SYSTEM, reads=(company,), at=now):
        account = open_account(username="bench-assessor", password=PASSWORD, person_id=people[1])
        planned = planning.plan(company_id=company, plan=_plan(scheme, people, now))
        passing = milliseconds(_pass(company, scheme, now), times=times)
        [starting] = milliseconds(lambda: actions.start(assessment_id=planned), times=1)
    item = scheme.items[-2].id
    shown = [(page, f"/assessments/{planned}/{page.format(item=item)}") for page in PAGES]
    visits = [visit("safety manager", account, page, address, times) for page, address in shown]
    (count,) = connection.execute(
        "SELECT count(*) FROM evidence_record WHERE company_id = %s", [company]
    ).fetchone() or (0,)
    conditions = len(scheme.rules) + len(scheme.vetoes)
    return Outcome(
        "assessing",
        "Assessments",
        f"A company with {count:,} records; {conditions} deductions and vetoes; median of {times}.",
        (
            Figure("automatic pass, nothing stored", statistics.median(passing), "ms", MOST),
            Figure("starting an assessment", starting, "ms", MOST),
            *(
                Figure(f"`/assessments/1/{one.page}`", one.taken, "ms", MOST_PAGE, one.queries)
                for one in visits
            ),
        ),
    )


def _pass(company: int, scheme: Scheme, now: datetime) -> Callable[[], object]:
    today = day_of(now)
    since = today.replace(month=1, day=1)
    return lambda: rules.findings(scheme, books.books_of(company, scheme, since, today), today)


def _fill(connection: Connection, company: int, scheme: Scheme, count: int, now: datetime) -> None:
    kinds, since = books.kinds_asked(scheme), add_months(day_of(now), -36)
    given = {
        "company": company,
        "kinds": kinds,
        "asked": len(kinds),
        "count": count,
        "since": since,
        "days": (day_of(now) - since).days,
    }
    cursor = psycopg.ClientCursor(connection)
    with connection.transaction():
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(_ASKED, given)
        cursor.execute(_SUBJECTS, given)
    connection.execute("ANALYZE")


def _people(connection: Connection, company: int) -> list[int]:
    sql = "SELECT id FROM people_person WHERE company_id = %s ORDER BY id LIMIT 2"
    rows = connection.execute(sql, [company])
    return [person for (person,) in rows.fetchall()]


def _plan(scheme: Scheme, people: list[int], now: datetime) -> Plan:
    first = day_of(now).replace(month=1, day=1)
    last = add_months(first, 12) - ONE_DAY
    return Plan("年度自评", scheme.id, TARGET, first, last, people[1], people[0])
