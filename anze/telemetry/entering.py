"""Entering terminals into the directory, and taking them out of vehicles. As the application, in a scope."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import LiteralString, NamedTuple

from psycopg import errors

from anze.telemetry.directory import canonical_phone
from anze.telemetry.schema import Connection

INSTALL: LiteralString = """
INSERT INTO telemetry.installation (terminal_id, company_id, vehicle_id, plate, plate_colour, since, until)
VALUES (telemetry.terminal_of(%s), %s, %s, %s, %s, %s, %s) RETURNING id, terminal_id
"""
REMOVE: LiteralString = """
UPDATE telemetry.installation SET until = %(until)s
WHERE id = %(id)s AND until IS NULL AND since < %(until)s RETURNING id
"""
MOVE: LiteralString = """
UPDATE telemetry.installation SET since = %(since)s, until = %(until)s, plate_colour = %(plate_colour)s
WHERE id = %(id)s AND company_id = %(company_id)s RETURNING terminal_id
"""
DESCRIBE: LiteralString = """
UPDATE telemetry.terminal SET device_id = %(device_id)s, maker = %(maker)s, model = %(model)s,
    protocol = %(protocol)s, sim = %(sim)s
WHERE id = %(terminal_id)s RETURNING id
"""
# Of those companies alone; an installation that is being changed is not asked.
DURING: LiteralString = """
SELECT i.vehicle_id, i.plate, t.phone, i.since, i.until
FROM telemetry.installation i JOIN telemetry.terminal t ON t.id = i.terminal_id
WHERE i.company_id = ANY(%(companies)s) AND (i.vehicle_id = %(vehicle)s OR t.phone = %(phone)s)
    AND tstzrange(i.since, i.until) && tstzrange(%(since)s, %(until)s) AND i.id <> %(but)s
ORDER BY i.since
"""


class Entry(NamedTuple):
    phone: str
    company_id: int
    vehicle_id: int
    plate: str
    plate_colour: int  # GB/T 697.7: 1 blue, 2 yellow, 3 black, 4 white, 5 green, 9 other
    since: datetime
    until: datetime | None = None


class Installed(NamedTuple):
    id: int
    terminal_id: int


class Description(NamedTuple):
    """What is known of a terminal before it has registered; registering, it says most of it itself."""

    device_id: str = ""
    maker: str = ""
    model: str = ""
    protocol: int | None = None
    sim: str = ""


class Occupied(NamedTuple):
    """An installation that touches a period."""

    vehicle_id: int
    plate: str
    phone: str
    since: datetime
    until: datetime | None


class InUse(ValueError):  # noqa: N818 -- a refusal
    """The terminal is in a vehicle at that time already, of whichever company."""


class NoTerminal(ValueError):  # noqa: N818 -- a refusal
    """Not a number that a terminal can have."""


def known_phone(typed: str) -> str:
    """As the directory spells it. Raises NoTerminal."""
    phone = canonical_phone(typed)
    if not (phone.isascii() and phone.isdigit() and len(phone) <= 20):
        raise NoTerminal(typed)
    return phone


def install(connection: Connection, entry: Entry) -> Installed:
    """Raises InUse, NoTerminal."""
    phone = known_phone(entry.phone)
    with _in_use(connection, phone):
        row = connection.execute(INSTALL, [phone, *entry[1:]]).fetchone()
    assert row is not None
    return Installed(*row)


def move(connection: Connection, company_id: int, installation_id: int, entry: Entry) -> int | None:
    """Another period or colour of plate; the terminal's id. None: not the company's. Raises InUse."""
    values = {**entry._asdict(), "id": installation_id, "company_id": company_id}
    with _in_use(connection, entry.phone):
        row = connection.execute(MOVE, values).fetchone()
    return None if row is None else int(row[0])


def describe(connection: Connection, terminal_id: int, description: Description) -> bool:
    """False: another company has it by now; it is not ours to describe."""
    values = {**description._asdict(), "terminal_id": terminal_id}
    return connection.execute(DESCRIBE, values).fetchone() is not None


def remove(connection: Connection, installation_id: int, until: datetime) -> bool:
    """False: not there, not in scope, or already out."""
    row = connection.execute(REMOVE, {"id": installation_id, "until": until}).fetchone()
    return row is not None


def during(
    connection: Connection, companies: Sequence[int], entry: Entry, *, but: int | None = None
) -> list[Occupied]:
    """What the companies themselves know to be in the way of the entry: its vehicle's, its terminal's."""
    values = {
        "companies": list(companies),
        "vehicle": entry.vehicle_id,
        "phone": canonical_phone(entry.phone),
        "since": entry.since,
        "until": entry.until,
        "but": but or 0,
    }
    return [Occupied(*row) for row in connection.execute(DURING, values)]


@contextmanager
def _in_use(connection: Connection, phone: str) -> Iterator[None]:
    try:
        with connection.transaction():
            yield
    except errors.ExclusionViolation:
        raise InUse(phone) from None
