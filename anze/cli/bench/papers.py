"""Certificates, tests and maintenance of a large company for the benchmarks, in bulk as in `city`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import psycopg

from anze.cli.bench.scales import Connection


@dataclass(frozen=True, slots=True)
class Paper:
    """A record of every driver or vehicle each `days`, `times` of them; all but one in a hundred have any.

    `lasts`: days that it prints; None: its kind says how long it lasts.
    """

    kind: str
    of: str  # driver, vehicle
    days: int
    times: int
    lasts: int | None = None
    values: Mapping[str, str] = field(default_factory=dict)


PAPERS = (
    Paper("certificate.driving", "driver", 2100, 1, 2190, {"class": "a1"}),
    Paper("certificate.qualification", "driver", 2100, 1, 2190),
    Paper("health.checkup", "driver", 350, 3),
    Paper("driver.screening", "driver", 350, 3),
    Paper("driver.appraisal", "driver", 85, 4),
    Paper("vehicle.licence", "vehicle", 350, 2, 365, {"class": "large_coach"}),
    Paper("vehicle.permit", "vehicle", 1000, 1, 1095),
    Paper("vehicle.insurance", "vehicle", 350, 2, 365, {"type": "compulsory"}),
    Paper("vehicle.insurance", "vehicle", 350, 2, 365, {"type": "carrier"}),
    Paper("vehicle.equipment", "vehicle", 350, 1, 365, {"item": "extinguisher"}),
    Paper("vehicle.equipment", "vehicle", 1500, 1, None, {"item": "sign"}),
    Paper("vehicle.equipment", "vehicle", 1500, 1, None, {"item": "wedge"}),
    Paper("vehicle.equipment", "vehicle", 1500, 1, None, {"item": "hammer"}),
    Paper("vehicle.test", "vehicle", 170, 3),
    Paper("vehicle.maintenance", "vehicle", 28, 4, None, {"level": "first"}),
    Paper("vehicle.maintenance", "vehicle", 110, 3, None, {"level": "second"}),
)


def issue(connection: Connection, company: int, today: date) -> int:
    """How many records there are then."""
    cursor = psycopg.ClientCursor(connection)
    made = 0
    with connection.transaction():
        cursor.execute("SET LOCAL session_replication_role = replica")
        for place, paper in enumerate(PAPERS):
            given = {
                "company": company,
                "today": today,
                "place": place,
                "kind": paper.kind,
                "days": paper.days,
                "times": paper.times,
                "lasts": paper.lasts,
                "values": json.dumps(dict(paper.values)),
            }
            cursor.execute(_OF_DRIVERS if paper.of == "driver" else _OF_VEHICLES, given)
            made += cursor.rowcount
    connection.execute("ANALYZE evidence_record, evidence_participation, evidence_subject")
    return made


_ISSUED = """
WITH made AS (
INSERT INTO evidence_record (company_id, kind, edition, status, number, title, happened_at, captured_at,
    received_at, values, valid_until, sealed_by_name, salt, digest, void_reason)
SELECT %(company)s, %(kind)s, 'bench', 'sealed', 'ZJ-' || %(place)s || '-' || s.id || '-' || n, '证件',
       at, at, at + interval '1 hour',
       %(values)s::jsonb || jsonb_build_object('mileage', (400000 - (%(today)s::date - at::date) * 300)::text,
           'registered', (%(today)s::date - 200 - (s.id * 7 %% 4000)::int)::text),
       at::date + %(lasts)s::int, '甬安', md5(s.id || %(kind)s), repeat('0', 64), ''
FROM {subjects} s, generate_series(0, %(times)s::int - 1) n,
     LATERAL (SELECT %(today)s::timestamptz - interval '1 hour' - interval '1 day'
              * (n * %(days)s::int + (s.id * 37 + %(place)s * 11) %% %(days)s::int) AS at) t
WHERE s.company_id = %(company)s AND (s.id * 31 + %(place)s * 7) %% 100 > 0 {narrowed}
RETURNING id, split_part(number, '-', 3)::bigint AS subject
)
"""
_OF_DRIVERS = (
    _ISSUED.format(subjects="people_person", narrowed="AND s.driver")
    + """
INSERT INTO evidence_participation (company_id, record_id, person_id, role, attendance)
SELECT %(company)s, id, subject, 'subject', 'attended' FROM made
"""
)
_OF_VEHICLES = (
    _ISSUED.format(subjects="fleet_vehicle", narrowed="")
    + """
INSERT INTO evidence_subject (company_id, record_id, subject_type, subject)
SELECT %(company)s, id, 'vehicle', subject FROM made
"""
)
