"""The door of a port with TLS: an address is asked for before the handshake.

Without TLS a link is asked when it is made. With it asyncio makes the link after the handshake only, and
thousands of connections that never finish theirs would be counted by nobody.
"""

from __future__ import annotations

import asyncio
import logging
import socket
import ssl

from anze.gateway.admission import Address
from anze.gateway.gateway import Gateway
from anze.gateway.link import Link
from anze.gateway.settings import Settings

log = logging.getLogger(__name__)

HANDSHAKE_SECONDS = 10.0
PAUSE = 0.5  # s after an accept that failed: no files left, as a rule


class Door:
    """`run` until it is cancelled, then `close`."""

    def __init__(self, gateway: Gateway, settings: Settings, backlog: int) -> None:
        self._gateway = gateway
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(settings.certificate, settings.key)
        family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
        place = (settings.host, settings.port)
        self.socket = socket.create_server(place, family=family, backlog=backlog, reuse_port=True)
        self.socket.setblocking(False)
        self._entering: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            try:
                connection, name = await loop.sock_accept(self.socket)
            except OSError as error:
                log.warning("a connection could not be accepted: %s", error)
                await asyncio.sleep(PAUSE)
                continue
            address = self._gateway.admit(name[0])
            if address is None:
                connection.close()
                continue
            task = loop.create_task(self._enter(connection, address))
            self._entering.add(task)
            task.add_done_callback(self._entering.discard)

    def close(self) -> None:
        self.socket.close()
        for task in self._entering:
            task.cancel()

    async def _enter(self, connection: socket.socket, address: Address) -> None:
        link = Link(self._gateway)
        link.address = address
        try:
            await asyncio.get_running_loop().connect_accepted_socket(
                lambda: link, connection, ssl=self._context, ssl_handshake_timeout=HANDSHAKE_SECONDS
            )
        except (OSError, asyncio.CancelledError) as error:  # TLS's own errors and time-outs are OSErrors
            if link not in self._gateway.links:
                self._gateway.dismiss(address)
            if isinstance(error, asyncio.CancelledError):
                raise
            self._gateway.metrics.bad.labels("handshake").inc()
