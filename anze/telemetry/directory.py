"""The terminals that are known, and what each is at an instant: vehicle, company, model, protocol, limits.

For the gateway. A position finds its vehicle by itself when it is stored; this tells who may speak, and how.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, LiteralString

import psycopg

AsyncConnection = psycopg.AsyncConnection[Any]


@dataclass(frozen=True, slots=True)
class Device:
    """A terminal; without a vehicle when it is installed in none at the instant asked about."""

    terminal_id: int
    phone: str  # the header's number without leading zeros
    device_id: str
    maker: str
    model: str
    protocol: int | None  # 2011, 2013, 2019; None: it never registered
    auth_digest: bytes | None
    items: dict[str, Any]  # how its model means additional items, where it differs from the standard
    vehicle_id: int | None
    company_id: int | None
    plate: str
    plate_colour: int | None

    def authenticates(self, code: str) -> bool:
        """Whether this is the code given at registration."""
        return self.auth_digest is not None and hmac.compare_digest(self.auth_digest, auth_digest(code))


def auth_digest(code: str) -> bytes:
    """The codes are random and long: a plain hash keeps them, at the speed of reconnecting fleets."""
    return hashlib.sha256(code.encode()).digest()


def canonical_phone(digits: str) -> str:
    """One spelling for the twelve digits of 2013 and the twenty of 2019."""
    return digits.lstrip("0")


DEVICES: LiteralString = """
SELECT t.id, t.phone, t.device_id, t.maker, t.model, t.protocol, t.auth_digest, coalesce(m.items, '{}'),
    i.vehicle_id, i.company_id, coalesce(i.plate, ''), i.plate_colour
FROM telemetry.terminal t
LEFT JOIN telemetry.model m USING (maker, model)
LEFT JOIN telemetry.installation i
    ON i.terminal_id = t.id AND i.since <= %(at)s AND (i.until IS NULL OR %(at)s < i.until)
"""
BY_PHONE: LiteralString = DEVICES + " WHERE t.phone = ANY(%(phones)s)"
REGISTER: LiteralString = """
UPDATE telemetry.terminal SET protocol = %(protocol)s, device_id = %(device_id)s, maker = %(maker)s,
    model = %(model)s, auth_digest = %(auth_digest)s, registered_at = %(at)s
WHERE id = %(terminal_id)s
"""


async def find(connection: AsyncConnection, phone: str, at: datetime) -> Device | None:
    """None: nobody has entered this number."""
    return (await find_all(connection, [phone], at))[0]


async def find_all(connection: AsyncConnection, phones: Sequence[str], at: datetime) -> list[Device | None]:
    """In the order asked."""
    names = [canonical_phone(phone) for phone in phones]
    cursor = await connection.execute(BY_PHONE, {"phones": names, "at": at})
    found = {device.phone: device for device in [Device(*row) async for row in cursor]}
    return [found.get(name) for name in names]


async def everybody(connection: AsyncConnection, at: datetime) -> dict[str, Device]:
    """By phone; for a gateway that starts and expects its whole fleet at once."""
    cursor = await connection.execute(DEVICES, {"at": at})
    return {device.phone: device for device in [Device(*row) async for row in cursor]}


@dataclass(frozen=True, slots=True)
class Introduction:
    """What a terminal said of itself when it registered, and the code that it will authenticate with."""

    terminal_id: int
    protocol: int
    device_id: str
    maker: str
    model: str
    code: str


async def register(connection: AsyncConnection, introductions: Sequence[Introduction], at: datetime) -> None:
    """All in one transaction; in one order, so that two gateways never wait for each other in a ring."""
    rows = [
        {
            "terminal_id": said.terminal_id,
            "protocol": said.protocol,
            "device_id": said.device_id.replace("\0", ""),
            "maker": said.maker.replace("\0", ""),
            "model": said.model.replace("\0", ""),
            "auth_digest": auth_digest(said.code),
            "at": at,
        }
        for said in sorted(introductions, key=lambda said: said.terminal_id)
    ]
    async with connection.transaction(), connection.cursor() as cursor:
        await cursor.executemany(REGISTER, rows)
