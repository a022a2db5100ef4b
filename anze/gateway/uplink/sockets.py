"""The two connections of one account. The main link is opened from here; the slave link comes in.

Whoever connects to the slave link's port takes its place only after showing the code of the log-in: a
stranger displaces nobody.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress

from anze.wire.errors import MalformedError
from anze.wire.header import Version
from anze.wire.jt809.cipher import Cipher
from anze.wire.jt809.events import Link
from anze.wire.jt809.frame import FrameReader
from anze.wire.jt809.header import parse
from anze.wire.jt809.messages import decode
from anze.wire.jt809.messages.links import SlaveLogin

log = logging.getLogger(__name__)

CONNECT_SECONDS, KNOCK_SECONDS = 20.0, 10.0
PIECE = 65_536
LONGEST_KNOCK = 1_024
MOST_KNOCKS = 8


class Sockets:
    """`opened`, `received` and `lost` are told to the owner, who reads no socket itself."""

    def __init__(
        self,
        opened: Callable[[Link], Awaitable[None]],
        received: Callable[[Link, bytes], Awaitable[None]],
        lost: Callable[[Link], Awaitable[None]],
    ) -> None:
        self._opened, self._received, self._lost = opened, received, lost
        self._writers: dict[Link, asyncio.StreamWriter] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._listening: asyncio.Server | None = None
        self._knocks = 0

    def connect(self, host: str, port: int) -> None:
        """Open the main link; `opened` or `lost` follows."""
        self._start(self._connect(host, port))

    async def listen(self, host: str, port: int, admit: Callable[[bytes], bool]) -> None:
        """Raises OSError. `admit` says whether the first bytes of a connection make it the slave link."""

        async def knock(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            if self._knocks >= MOST_KNOCKS:
                writer.close()
                return
            self._knocks += 1
            try:
                first = await asyncio.wait_for(first_frame(reader), KNOCK_SECONDS)
            except (TimeoutError, OSError):
                first = b""
            finally:
                self._knocks -= 1
            if first and admit(first):
                self._start(self._serve(Link.SLAVE, reader, writer, first))
            else:
                writer.close()

        self._listening = await asyncio.start_server(knock, host, port)

    def write(self, link: Link, data: bytes) -> None:
        writer = self._writers.get(link)
        if data and writer is not None and not writer.is_closing():
            writer.write(data)

    async def drain(self, link: Link) -> None:
        """Wait until the peer takes what was written. Raises OSError when the link is gone."""
        writer = self._writers.get(link)
        if writer is None:
            raise ConnectionResetError(link.value)
        await writer.drain()

    def close(self, link: Link) -> None:
        """What was written still goes out; nothing is read any more."""
        writer = self._writers.pop(link, None)
        if writer is not None:
            writer.close()

    async def stop(self) -> None:
        if self._listening is not None:
            self._listening.close()
        for link in Link:
            self.close(link)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _start(self, act: Awaitable[None]) -> None:
        task = asyncio.ensure_future(act)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _connect(self, host: str, port: int) -> None:
        try:
            reader, writer = await asyncio.wait_for(asyncio.open_connection(host, port), CONNECT_SECONDS)
        except (OSError, TimeoutError) as error:
            log.warning("%s:%d cannot be reached: %s", host, port, error or "no answer")
            await self._lost(Link.MAIN)
            return
        await self._serve(Link.MAIN, reader, writer)

    async def _serve(
        self, link: Link, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, first: bytes = b""
    ) -> None:
        self.close(link)
        self._writers[link] = writer
        try:
            await self._opened(link)
            data = first or await reader.read(PIECE)
            while data and self._writers.get(link) is writer:
                await self._received(link, data)
                data = await reader.read(PIECE)
        except OSError as error:
            log.info("%s: %s", link.value, error)
        finally:
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()
        if self._writers.get(link) is writer:
            del self._writers[link]
            await self._lost(link)


async def first_frame(reader: asyncio.StreamReader) -> bytes:
    """What came, up to the first whole frame; empty where none comes."""
    frames, got = FrameReader(), b""
    while len(got) < LONGEST_KNOCK:
        data = await reader.read(LONGEST_KNOCK)
        if not data:
            return b""
        got += data
        if any(isinstance(frame, bytes) for frame in frames.feed(data)):
            return got
    return b""


def code_shown(first: bytes, version: Version, cipher: Cipher | None) -> int | None:
    """The code in 0x9001, where that is what the first frame is."""
    for frame in FrameReader().feed(first):
        if not isinstance(frame, bytes):
            continue
        try:
            header, body = parse(frame, version)
            if header.encrypted and cipher is not None:
                body = cipher.over(body, header.key)
            message = decode(header.message_id, body, version).message
        except MalformedError:
            return None
        return message.code if isinstance(message, SlaveLogin) else None
    return None
