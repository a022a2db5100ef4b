"""Which terminal speaks on which link, here and, told through the database, in other gateways.

Rule 1: the newest connection wins: who authenticated before, here or elsewhere, is displaced.
Rule 2: what the directory says of a terminal is asked for again after a while, and whenever a code is wrong.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from anze.gateway.bundles import Bundles
from anze.gateway.database import Reconnecting
from anze.gateway.link import Link
from anze.telemetry import directory
from anze.telemetry.directory import Device, Introduction, canonical_phone

KNOWN_SECONDS = 300.0


class Known(NamedTuple):
    device: Device | None
    asked: float


class Seat(NamedTuple):
    """Where a terminal speaks, and since when by the wall clock, which gateways share."""

    link: Link
    taken_at: float


class Fleet:
    def __init__(self, conninfo: str) -> None:
        self._database = Reconnecting(conninfo)
        self._lookups = Bundles(self._look_up)
        self._registrations = Bundles(self._register)
        self._known: dict[str, Known] = {}
        self._seats: dict[str, Seat] = {}  # by the phone as the directory spells it
        self._ids: dict[int, str] = {}

    @property
    def terminals(self) -> int:
        return len(self._seats)

    async def load(self) -> None:
        """A gateway that starts expects its whole fleet at once."""
        now = time.monotonic()
        async with self._database.connection() as connection:
            found = await directory.everybody(connection, datetime.now(UTC))
        self._known = {phone: Known(device, now) for phone, device in found.items()}

    async def find(self, terminal: str, *, fresh: bool = False) -> Device | None:
        """None: nobody has entered this number. A number that is no number is nobody's."""
        phone, now = canonical_phone(terminal), time.monotonic()
        known = self._known.get(phone)
        if known is not None and not fresh and now - known.asked < KNOWN_SECONDS:
            return known.device
        device = await self._lookups.ask(phone)
        if device is not None:
            self._known[phone] = Known(device, now)
        else:
            self._known.pop(phone, None)
        return device

    async def register(self, device: Device, said: Introduction) -> None:
        await self._registrations.ask(said)
        self._known.pop(device.phone, None)

    def take(self, device: Device, terminal: str, link: Link) -> None:
        """The terminal has authenticated on the link."""
        before = self._seats.get(device.phone)
        if before is not None and before.link is not link:
            self._displace(before.link, device.phone)
        self._seats[device.phone] = Seat(link, time.time())
        self._ids[device.terminal_id] = device.phone
        link.devices[terminal] = device

    def displaced(self, phone: str, taken_at: float) -> None:
        """It has authenticated at another gateway; here, too, but later: then the notice is old news."""
        seat = self._seats.get(phone)
        if seat is not None and seat.taken_at < taken_at:
            del self._seats[phone]
            self._displace(seat.link, phone)

    def drop(self, link: Link, terminal: str | None = None) -> None:
        """The terminal has logged out, or (None) the link with all its terminals has gone."""
        for name in [terminal] if terminal is not None else list(link.devices):
            device = link.devices.pop(name, None)
            seat = self._seats.get(device.phone) if device is not None else None
            if device is not None and seat is not None and seat.link is link:
                del self._seats[device.phone]
                self._ids.pop(device.terminal_id, None)

    def link_of(self, terminal_id: int) -> tuple[Link, str] | None:
        """Where the terminal speaks, and under which number there."""
        seat = self._seats.get(self._ids.get(terminal_id, ""))
        if seat is None:
            return None
        named = (name for name, device in seat.link.devices.items() if device.terminal_id == terminal_id)
        return next(((seat.link, name) for name in named), None)

    async def close(self) -> None:
        await self._database.close()

    async def _look_up(self, phones: Sequence[str]) -> Sequence[Device | None]:
        async with self._database.connection() as connection:
            return await directory.find_all(connection, phones, datetime.now(UTC))

    async def _register(self, introductions: Sequence[Introduction]) -> Sequence[None]:
        async with self._database.connection() as connection:
            await directory.register(connection, introductions, datetime.now(UTC))
        return [None] * len(introductions)

    def _displace(self, link: Link, phone: str) -> None:
        for name in [name for name, device in link.devices.items() if device.phone == phone]:
            link.session.displace(name)
            del link.devices[name]
        if not link.devices:
            link.close()
