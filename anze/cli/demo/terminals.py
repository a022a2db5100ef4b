"""Each vehicle of the demonstration has a terminal, from the day the company begins its records."""

from __future__ import annotations

from datetime import datetime

from anze.cli.database import raw_connection
from anze.records.acting.context import SYSTEM, acting
from anze.records.fleet import queries as fleet

FIRST_PHONE = 13_957_400_001
YELLOW = 2
SPEED_LIMIT = 100  # km/h, of a coach

INSTALL = """
INSERT INTO telemetry.installation
    (terminal_id, company_id, vehicle_id, plate, plate_colour, speed_limit, since)
VALUES (telemetry.terminal_of(%s), %s, %s, %s, %s, %s, %s)
"""


def install_terminals(company_ids: list[int], since: datetime, now: datetime) -> int:
    """Consecutive numbers over all companies. Answers how many."""
    with acting(SYSTEM, reads=tuple(company_ids), at=now):
        rows = [row for company in company_ids for row in fleet.vehicles(company_id=company)]
        values = [
            [str(FIRST_PHONE + number), row.company_id, row.id, row.plate, YELLOW, SPEED_LIMIT, since]
            for number, row in enumerate(rows)
        ]
        with raw_connection("default") as connection, connection.cursor() as cursor:
            cursor.executemany(INSTALL, values)
    return len(rows)
