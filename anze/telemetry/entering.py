"""Entering terminals into the directory, and taking them out of vehicles. As the application, in a scope."""

from __future__ import annotations

from datetime import datetime
from typing import LiteralString, NamedTuple

from psycopg import errors

from anze.telemetry.directory import canonical_phone
from anze.telemetry.schema import Connection

INSTALL: LiteralString = """
INSERT INTO telemetry.installation (terminal_id, company_id, vehicle_id, plate, plate_colour, since)
VALUES (telemetry.terminal_of(%s), %s, %s, %s, %s, %s) RETURNING id
"""
REMOVE: LiteralString = """
UPDATE telemetry.installation SET until = %(until)s
WHERE id = %(id)s AND until IS NULL AND since < %(until)s RETURNING id
"""


class Entry(NamedTuple):
    phone: str
    company_id: int
    vehicle_id: int
    plate: str
    plate_colour: int  # GB/T 697.7: 1 blue, 2 yellow, 3 black, 4 white, 5 green, 9 other
    since: datetime


class InUse(ValueError):  # noqa: N818 -- a refusal
    """The terminal is in a vehicle at that time already, of whichever company."""


class NoTerminal(ValueError):  # noqa: N818 -- a refusal
    """Not a number that a terminal can have."""


def install(connection: Connection, entry: Entry) -> int:
    """The installation's id. Raises InUse, NoTerminal."""
    phone = canonical_phone(entry.phone)
    if not (phone.isascii() and phone.isdigit() and len(phone) <= 20):
        raise NoTerminal(entry.phone)
    values = [phone, entry.company_id, entry.vehicle_id, entry.plate, entry.plate_colour, entry.since]
    try:
        with connection.transaction():
            row = connection.execute(INSTALL, values).fetchone()
    except errors.ExclusionViolation:
        raise InUse(phone) from None
    assert row is not None
    return int(row[0])


def remove(connection: Connection, installation_id: int, until: datetime) -> bool:
    """False: not there, not in scope, or already out."""
    row = connection.execute(REMOVE, {"id": installation_id, "until": until}).fetchone()
    return row is not None
