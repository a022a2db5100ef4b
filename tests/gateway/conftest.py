"""A gateway before the throw-away database, and terminals in its directory."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any

import pytest

from anze.gateway.server import Server
from anze.gateway.settings import Settings
from tests.gateway.terminal import Terminal
from tests.telemetry.conftest import Connection, Fleet, fleet, gateway, owner

__all__ = ["Connection", "Fleet", "fleet", "gateway", "owner"]


def conninfo() -> str:
    from django.conf import settings

    from anze.cli.database import gateway_conninfo

    return gateway_conninfo(settings.HOME)


@asynccontextmanager
async def served(**settings: Any) -> AsyncIterator[Server]:
    server = Server(Settings(port=0, **settings), conninfo())  # port 0: any
    await server.start()
    try:
        yield server
    finally:
        await server.stop()


@pytest.fixture
def play(fleet: Fleet) -> Callable[..., None]:
    """Runs a scene before a gateway."""

    def run(scene: Callable[[Server], Coroutine[Any, Any, None]], **settings: Any) -> None:
        async def whole() -> None:
            async with served(**settings) as server:
                try:
                    await asyncio.wait_for(scene(server), 60)
                finally:
                    await Terminal.hang_up()

        asyncio.run(whole())

    return run
