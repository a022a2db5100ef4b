"""A made-up city for the benchmarks: companies, people, posts and sealed records, inserted in bulk.

Rows go in as the superuser with triggers off: what is measured is deciding, sealing and showing, not this.
Everything follows from the ids, so two runs build the same city.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import psycopg

from anze.cli.bench.scales import Connection, Size
from anze.records.lawbook import lawbook
from anze.rules.periods import add_months

Cursor = psycopg.ClientCursor[tuple[Any, ...]]
TRADE, AREA = "coach", "330200"
PRINCIPAL, SAFETY_MANAGER = "coach.principal", "coach.safety_manager"
BUREAU = 1


@dataclass(frozen=True, slots=True)
class Act:
    """A record that every company makes each `every` months, but for `gaps` percent of them.

    `by`: whoever holds the role; `crew`: the drivers take part too.
    """

    kind: str
    every: int
    by: str
    role: str
    values: Mapping[str, str] = field(default_factory=dict)
    hours: str | None = None
    crew: str | None = None
    gaps: int = 8


ACTS = (
    Act("training.driver-study", 1, SAFETY_MANAGER, "organiser", {"topic": "行车安全"}, "2.5", "participant"),
    Act("violation.query", 1, SAFETY_MANAGER, "recorder", {"found": "0"}, None, "subject"),
    Act("meeting.leading-group", 3, PRINCIPAL, "chair", {"topics": "季度工作"}, gaps=12),
    Act("meeting.safety", 1, SAFETY_MANAGER, "organiser", {"type": "regular", "minutes": "例会"}),
    Act(
        "inspection.safety",
        2,
        PRINCIPAL,
        "inspector",
        {"scope": "comprehensive", "place": "车站", "found": "0"},
    ),
    Act("archive.check", 3, SAFETY_MANAGER, "inspector", {"scope": "all"}),
    Act("policy.issue", 6, PRINCIPAL, "signer", {"document": "work_plan"}, gaps=20),
    Act(
        "expense.payment",
        3,
        PRINCIPAL,
        "signer",
        {"amount": "12000", "category": "training", "purpose": "培训"},
    ),
    Act("target.plan", 6, PRINCIPAL, "signer", {"year": "2026", "targets": "零责任事故"}),
    Act("training.plan", 6, PRINCIPAL, "signer", {"year": "2026"}),
)


def grow(connection: Connection, size: Size, today: date) -> range:
    """New companies under the one bureau, with their records up to yesterday. Answers their ids."""
    (last,) = connection.execute("SELECT coalesce(max(id), 0) FROM tenants_company").fetchone() or (0,)
    first = last + 1
    ids = range(first, first + size.companies)
    judged_from = add_months(today.replace(day=1), -size.months)
    given = {
        "first": first,
        "last": ids.stop - 1,
        "least": size.least_drivers,
        "spread": size.most_drivers - size.least_drivers + 1,
        "judged_from": judged_from,
        "vehicles": size.vehicles,
        "clerks": size.clerks,
        "trade": TRADE,
        "area": AREA,
        "bureau": BUREAU,
        "principal": PRINCIPAL,
        "manager": SAFETY_MANAGER,
    }
    cursor = psycopg.ClientCursor(connection)  # writes values into the text: types follow from the place
    with connection.transaction():
        cursor.execute("SET LOCAL session_replication_role = replica")
        for statement in (_BUREAU, _COMPANIES, _SUPERVISIONS, _PEOPLE, _HOLDINGS, _VEHICLES):
            cursor.execute(statement, given)
        cursor.execute("ANALYZE people_person, people_holding, tenants_company")
        for month in range(size.months + 1):
            act_in_month(cursor, ids, add_months(judged_from, month), before=today)
        if size.loose_records:
            _loose(cursor, ids, judged_from, today, size.loose_records)
    connection.execute("SELECT setval('people_person_id_seq', (SELECT max(id) FROM people_person))")
    connection.execute("SELECT setval('tenants_company_id_seq', (SELECT max(id) FROM tenants_company))")
    connection.execute("ANALYZE")
    return ids


def act_further(connection: Connection, ids: range, since: date, today: date) -> None:
    """These companies make their records from the month of `since` up to today."""
    cursor = psycopg.ClientCursor(connection)
    month = since.replace(day=1)
    with connection.transaction():
        cursor.execute("SET LOCAL session_replication_role = replica")
        while month < today:
            act_in_month(cursor, ids, month, before=today)
            month = add_months(month, 1)


def act_in_month(cursor: Cursor, ids: range, month: date, *, before: date) -> None:
    """The records of one month, gaps left out; none on or after the day `before`."""
    for place, act in enumerate(ACTS):
        if (month.month - 1) % act.every:
            continue
        given = {
            "first": ids.start,
            "last": ids.stop - 1,
            "step": ids.step,
            "month": month,
            "before": before,
            "place": place,
            "kind": act.kind,
            "prefix": lawbook().kinds[act.kind].prefix,
            "values": json.dumps(dict(act.values)),
            "hours": act.hours,
            "gaps": act.gaps,
            "by": act.by,
            "role": act.role,
            "crew": act.crew,
        }
        cursor.execute(_RECORDS, given)


def _loose(cursor: Cursor, ids: range, since: date, until: date, count: int) -> None:
    given = {
        "first": ids.start,
        "last": ids.stop - 1,
        "since": since,
        "days": (until - since).days,
        "count": count,
        "by": SAFETY_MANAGER,
    }
    cursor.execute(_LOOSE, given)
    cursor.execute(_LOOSE_PARTS, given)


_BUREAU = """
INSERT INTO tenants_authority (id, name, area) VALUES (%(bureau)s, '甬城市交通运输局', %(area)s)
ON CONFLICT DO NOTHING
"""
_COMPANIES = """
INSERT INTO tenants_company (id, name, short_name, pinyin, trade, area, employees, vehicles, started_on,
    judged_from)
SELECT c, '甬城第' || c || '客运有限公司', '客运' || c, 'ke yun ' || c, %(trade)s, %(area)s,
       %(least)s + c * 37 %% %(spread)s + %(clerks)s, %(vehicles)s, %(judged_from)s::date - 3650,
       %(judged_from)s
FROM generate_series(%(first)s::int, %(last)s::int) c
"""
_SUPERVISIONS = """
INSERT INTO tenants_supervision (authority_id, company_id, since)
SELECT %(bureau)s, c, %(judged_from)s::date - 3650 FROM generate_series(%(first)s::int, %(last)s::int) c
"""
# The first person is the principal, the second the safety manager, the clerks follow, then the drivers.
_PEOPLE = """
INSERT INTO people_person (company_id, name, pinyin, phone, driver, joined_on, salt, version)
SELECT c.id, substr('赵钱孙李周吴郑王冯陈', 1 + n %% 10, 1) || '工' || n, 'zhao gong ' || n || ' zg', '',
       n > %(clerks)s, c.judged_from - 400, md5(c.id || ' ' || n), 1
FROM tenants_company c, generate_series(1, c.employees) n
WHERE c.id BETWEEN %(first)s AND %(last)s ORDER BY c.id, n
"""
_HOLDINGS = """
INSERT INTO people_holding (company_id, person_id, position, alone, since, left_open)
SELECT company_id, min(id) + p.place, p.position, p.place = 0, min(joined_on), 0
FROM people_person, (VALUES (0, %(principal)s), (1, %(manager)s)) p(place, position)
WHERE company_id BETWEEN %(first)s AND %(last)s GROUP BY company_id, p.place, p.position
"""
_VEHICLES = """
INSERT INTO fleet_vehicle (company_id, plate, since, version)
SELECT c, '浙B' || lpad(n::text, 5, '0'), %(judged_from)s, 1
FROM generate_series(%(first)s::int, %(last)s::int) c, generate_series(1, %(vehicles)s::int) n
"""
_RECORDS = """
WITH made AS (
INSERT INTO evidence_record (company_id, kind, edition, status, number, title, happened_at, captured_at,
    received_at, hours, values, sealed_by_name, salt, digest, void_reason)
SELECT c.id, %(kind)s, 'bench', 'sealed', %(prefix)s || to_char(%(month)s::date, '-YYYY-MM') || '-B'
       || %(place)s, '台账', at, at + interval '5 hours', at + interval '6 hours', %(hours)s::numeric,
       %(values)s::jsonb, '甬安', md5(c.id || %(kind)s), repeat('0', 64), ''
FROM (SELECT id, judged_from,
             %(month)s::date + (id * 13 + %(place)s * 5) %% 24 * interval '1 day' + interval '2 hours' AS at
      FROM tenants_company
      WHERE id BETWEEN %(first)s AND %(last)s AND (id - %(first)s) %% %(step)s = 0) c
WHERE at < %(before)s
  AND (id * 7919 + %(place)s * 104729 + extract(month FROM %(month)s::date)::int * 31) %% 100 >= %(gaps)s
ON CONFLICT DO NOTHING RETURNING id, company_id
), led AS (
INSERT INTO evidence_participation (company_id, record_id, person_id, role, attendance)
SELECT m.company_id, m.id, h.person_id, %(role)s, 'attended'
FROM made m JOIN people_holding h USING (company_id) WHERE h.position = %(by)s
)
INSERT INTO evidence_participation (company_id, record_id, person_id, role, attendance)
SELECT m.company_id, m.id, p.id, %(crew)s,
       CASE WHEN (p.id * 31 + m.id) %% 20 = 0 THEN 'absent' ELSE 'attended' END
FROM made m JOIN people_person p USING (company_id) WHERE p.driver AND %(crew)s IS NOT NULL
"""
_LOOSE = """
INSERT INTO evidence_record (company_id, kind, edition, status, number, title, happened_at, captured_at,
    received_at, values, sealed_by_name, salt, digest, void_reason)
SELECT c, 'other.record', 'bench', 'sealed', 'QT-L-' || n, '日常工作记录' || n, at, at,
       at + interval '1 hour', '{"content": "例行工作"}', '甬安', md5(n::text), repeat('0', 64), ''
FROM generate_series(%(first)s::int, %(last)s::int) c, generate_series(1, %(count)s::int) n,
     LATERAL (SELECT %(since)s::timestamptz + n %% (%(days)s * 24) * interval '1 hour' AS at) t
"""
_LOOSE_PARTS = """
INSERT INTO evidence_participation (company_id, record_id, person_id, role, attendance)
SELECT r.company_id, r.id, h.person_id, 'recorder', 'attended'
FROM evidence_record r JOIN people_holding h USING (company_id)
WHERE r.company_id BETWEEN %(first)s AND %(last)s AND r.number LIKE 'QT-L-%%' AND h.position = %(by)s
"""
