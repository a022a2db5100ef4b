"""The yardstick: a server that sends back what it receives, and does nothing else."""

from __future__ import annotations

import asyncio
from typing import cast

from anze.cli.simulate import run


class Echo(asyncio.Protocol):
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        self._transport.write(data)


def serve(port: int) -> None:
    """On the same event loop as the gateway, until killed."""
    run(_serve(port))


async def _serve(port: int) -> int:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(Echo, "127.0.0.1", port, backlog=4096)
    await server.serve_forever()
    return 0
