"""Who speaks: registrations and authentications, looked up and answered.

Rule: nobody but the directory says who may speak: unknown numbers, terminals in no vehicle, another device
      under a known number, and wrong codes are refused and kept.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Callable, Coroutine
from typing import Any, Protocol

from anze.gateway.fleet import Fleet
from anze.gateway.link import Link
from anze.gateway.metrics import Metrics
from anze.telemetry.directory import Device, Introduction
from anze.wire import events as wire
from anze.wire.header import Header, Version

log = logging.getLogger(__name__)


class Owner(Protocol):
    """What of the gateway takes part."""

    fleet: Fleet
    links: set[Link]
    metrics: Metrics
    took: Callable[[Device], None]

    def keep(self, link: Link, raw: bytes, reason: str, header: Header | None) -> None: ...


class Introductions:
    """Each a task of its own: the directory is in the database."""

    def __init__(self, owner: Owner) -> None:
        self._owner = owner
        self._tasks: set[asyncio.Task[None]] = set()
        self._introducing: set[tuple[Link, str]] = set()

    def registering(self, link: Link, event: wire.Registering) -> None:
        self._introduce(link, event.header, self._register(link, event))

    def authenticating(self, link: Link, event: wire.Authenticating) -> None:
        self._introduce(link, event.header, self._authenticate(link, event))

    def _introduce(self, link: Link, header: Header, act: Coroutine[Any, Any, None]) -> None:
        """One at a time for each terminal of a link: what comes meanwhile is not answered, and sent again."""
        key = (link, header.terminal)
        if key in self._introducing:
            act.close()
            return
        self._introducing.add(key)
        task = asyncio.get_running_loop().create_task(self._introduced(key, act))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _introduced(self, key: tuple[Link, str], act: Coroutine[Any, Any, None]) -> None:
        try:
            await act
        except Exception as error:  # no database: no answer, so that the terminal tries again
            log.warning("terminal %s could not be looked up: %s", key[1], error)
        finally:
            self._introducing.discard(key)

    async def _register(self, link: Link, event: wire.Registering) -> None:
        said, header = event.message, event.header
        device = await self._owner.fleet.find(header.terminal, fresh=True)
        if link not in self._owner.links:  # gone while it was looked up
            return
        refusal = _why_not_register(device, said.device)
        if refusal or device is None:
            self._owner.keep(link, said.plate.encode(), f"registration-{refusal.name.lower()}", header)
            link.send(link.session.acknowledge(event, refusal))
            return
        code = secrets.token_urlsafe(12)
        version = link.session.version(header.terminal) or header.version
        introduction = Introduction(
            device.terminal_id, int(version), said.device, said.maker, said.model, code
        )
        await self._owner.fleet.register(device, introduction)
        link.send(link.session.acknowledge(event, wire.RegistrationResult.OK, code=code))

    async def _authenticate(self, link: Link, event: wire.Authenticating) -> None:
        header = event.header
        device = await self._owner.fleet.find(header.terminal)
        if device is None or not device.authenticates(event.message.code):
            device = await self._owner.fleet.find(header.terminal, fresh=True)
        if device is None or not device.authenticates(event.message.code):
            self._owner.keep(link, event.message.code.encode(), "wrong-code", header)
            link.send(link.session.acknowledge(event, wire.Result.FAILED))
            return
        if link not in self._owner.links:  # gone while it was looked up
            return
        if device.protocol is not None:
            link.session.learn(header.terminal, Version(device.protocol))
        self._owner.fleet.take(device, header.terminal, link)
        self._owner.took(device)
        self._owner.metrics.terminals.set(self._owner.fleet.terminals)
        link.send(link.session.acknowledge(event))


def _why_not_register(device: Device | None, device_id: str) -> wire.RegistrationResult:
    if device is None:
        return wire.RegistrationResult.NO_TERMINAL
    if device.vehicle_id is None:
        return wire.RegistrationResult.NO_VEHICLE
    if device.device_id and device.device_id != device_id.replace("\0", ""):
        return wire.RegistrationResult.TERMINAL_TAKEN
    return wire.RegistrationResult.OK
