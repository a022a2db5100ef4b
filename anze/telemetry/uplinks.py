"""Links to authorities' platforms: who logs in where, and the positions that wait to be passed on.

Rule 1: a position waits from the group commit that stores it until the platform is known to have read it.
Rule 2: one process at a time holds an account: an advisory lock that goes with its connection.
Rule 3: what a disabled link had waiting stays; nothing is added to it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, LiteralString, NamedTuple

import psycopg
from psycopg import errors
from psycopg.rows import class_row

from anze.telemetry.schema import Connection

AsyncConnection = psycopg.AsyncConnection[Any]
Secrets = tuple[int, int, int, int]  # M1, IA1, IC1, key
CHANNEL = "anze_uplink"
LOCKS = 0x809  # the first half of the advisory lock of each account


class AccountTaken(ValueError):  # noqa: N818 -- a refusal
    """The account, or the port for its slave link, is entered already."""


@dataclass(frozen=True, slots=True)
class Account:
    """As a process needs it to log in."""

    id: int
    company_id: int
    version: int  # 2011, 2019
    host: str
    port: int
    platform: int  # access code
    platform_id: str
    account: int
    password: str = field(repr=False)
    slave_address: str
    slave_port: int
    m1: int | None = field(default=None, repr=False)  # with the three below: what hides the bodies
    ia1: int | None = field(default=None, repr=False)
    ic1: int | None = field(default=None, repr=False)
    key: int | None = field(default=None, repr=False)

    @property
    def cipher(self) -> Secrets | None:
        """All four, or None: the link is not encrypted."""
        if self.m1 is None or self.ia1 is None or self.ic1 is None or self.key is None:
            return None
        return self.m1, self.ia1, self.ic1, self.key


class Waiting(NamedTuple):
    """A position to be passed on; units as in `rows.Position`."""

    id: int
    received_at: datetime
    device_time: datetime
    terminal_id: int
    vehicle_id: int
    longitude: int
    latitude: int
    altitude: int
    speed: int
    direction: int
    alarm: int
    status: int
    source: int
    items: bytes
    plate: str
    plate_colour: int


class Mounted(NamedTuple):
    """A terminal in a vehicle of the company now: what the platform wants registered."""

    installation_id: int
    plate: str
    plate_colour: int
    maker: str
    model: str
    device_id: str
    sim: str


class Entered(NamedTuple):
    """An account and how its link is, without its password."""

    id: int
    company_id: int
    name: str
    version: int
    host: str
    port: int
    platform: int
    account: int
    slave_address: str
    slave_port: int
    enabled: bool
    state: str
    state_since: datetime | None
    detail: str
    unsendable: int


@dataclass(frozen=True, slots=True)
class NewUplink:
    company_id: int
    name: str
    version: int
    host: str
    port: int
    platform: int
    platform_id: str
    account: int
    password: str = field(repr=False)
    slave_address: str
    slave_port: int
    cipher: Secrets | None = field(default=None, repr=False)


ENTER: LiteralString = """
INSERT INTO telemetry.uplink (company_id, name, version, host, port, platform, platform_id, account, password,
    slave_address, slave_port, m1, ia1, ic1, key)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s) RETURNING id
"""
ENTERED: LiteralString = """
SELECT id, company_id, name, version, host, port, platform, account, slave_address, slave_port, enabled,
    state, state_since, detail, unsendable
FROM telemetry.uplink WHERE company_id = ANY(%s) ORDER BY id
"""
ENABLE: LiteralString = (
    "UPDATE telemetry.uplink SET enabled = %s WHERE id = %s AND company_id = %s RETURNING id"
)
ENABLED: LiteralString = """
SELECT id, company_id, version, host, port, platform, platform_id, account, password, slave_address,
    slave_port, m1, ia1, ic1, key
FROM telemetry.uplink WHERE enabled ORDER BY id
"""
# The vehicle as it was called at that time; a terminal is in one at a time.
NEXT: LiteralString = """
SELECT w.id, w.received_at, w.device_time, w.terminal_id, w.vehicle_id, w.longitude, w.latitude, w.altitude,
    w.speed, w.direction, w.alarm, w.status, w.source, w.items, i.plate, i.plate_colour
FROM (SELECT * FROM telemetry.upward WHERE uplink_id = %s AND id > %s ORDER BY id LIMIT %s) w
CROSS JOIN LATERAL (
    SELECT plate, plate_colour FROM telemetry.installation
    WHERE terminal_id = w.terminal_id AND vehicle_id = w.vehicle_id ORDER BY since DESC LIMIT 1
) i ORDER BY w.id
"""
MOUNTED: LiteralString = """
SELECT i.id, i.plate, i.plate_colour, t.maker, t.model, t.device_id, coalesce(nullif(t.sim, ''), t.phone)
FROM telemetry.installation i JOIN telemetry.terminal t ON t.id = i.terminal_id
WHERE i.company_id = %(company)s AND i.since <= %(at)s AND (i.until IS NULL OR %(at)s < i.until)
ORDER BY i.id
"""
ARRIVED: LiteralString = "DELETE FROM telemetry.upward WHERE uplink_id = %s AND id = ANY(%s)"
TELL: LiteralString = """
UPDATE telemetry.uplink SET state = %(state)s, detail = %(detail)s, state_since = %(at)s
WHERE id = %(id)s AND (state, detail) IS DISTINCT FROM (%(state)s, %(detail)s)
"""
UNSENDABLE: LiteralString = "UPDATE telemetry.uplink SET unsendable = unsendable + %s WHERE id = %s"


def enter(connection: Connection, new: NewUplink) -> int:
    """The link's id; its process is told when the caller's transaction commits. Raises AccountTaken."""
    values = [
        new.company_id, new.name, new.version, new.host, new.port, new.platform, new.platform_id, new.account,
        new.password, new.slave_address, new.slave_port, *(new.cipher or [None] * 4),
    ]  # fmt: skip
    try:
        with connection.transaction():
            row = connection.execute(ENTER, values).fetchone()
    except errors.UniqueViolation as error:
        raise AccountTaken(error.diag.constraint_name) from None
    assert row is not None
    return int(row[0])


def entered(connection: Connection, company_ids: Sequence[int]) -> list[Entered]:
    return [Entered(*row) for row in connection.execute(ENTERED, [list(company_ids)])]


def enable(connection: Connection, uplink_id: int, company_id: int, enabled: bool) -> bool:
    """False: not there, or not in scope."""
    return connection.execute(ENABLE, [enabled, uplink_id, company_id]).fetchone() is not None


async def accounts(connection: AsyncConnection) -> list[Account]:
    async with connection.cursor(row_factory=class_row(Account)) as cursor:
        await cursor.execute(ENABLED)
        return await cursor.fetchall()


async def hold(connection: AsyncConnection, uplink_id: int) -> bool:
    """Hold the account as long as the connection lives. False: another process holds it."""
    cursor = await connection.execute("SELECT pg_try_advisory_lock(%s, %s)", [LOCKS, uplink_id])
    return await cursor.fetchone() == (True,)


async def waiting(connection: AsyncConnection, uplink_id: int, after: int, most: int) -> list[Waiting]:
    """The next ones, in the order in which they were stored."""
    cursor = await connection.execute(NEXT, [uplink_id, after, most])
    return [Waiting(*row) for row in await cursor.fetchall()]


async def arrived(connection: AsyncConnection, uplink_id: int, ids: Sequence[int]) -> None:
    await connection.execute(ARRIVED, [uplink_id, list(ids)])


async def mounted(connection: AsyncConnection, company_id: int, at: datetime) -> list[Mounted]:
    cursor = await connection.execute(MOUNTED, {"company": company_id, "at": at})
    return [Mounted(*row) for row in await cursor.fetchall()]


async def tell(connection: AsyncConnection, uplink_id: int, state: str, detail: str, at: datetime) -> None:
    await connection.execute(TELL, {"id": uplink_id, "state": state, "detail": detail, "at": at})


async def count_unsendable(connection: AsyncConnection, uplink_id: int, count: int) -> None:
    await connection.execute(UNSENDABLE, [count, uplink_id])
