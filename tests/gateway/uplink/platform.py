"""An authority's platform for tests, on real sockets: both versions, refusing, silent or well."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

from anze.wire.header import Version
from anze.wire.jt809.cipher import Cipher
from anze.wire.jt809.frame import FrameReader, wrap
from anze.wire.jt809.header import Header, build, parse
from anze.wire.jt809.messages import Vehicle, decode, encode, links
from anze.wire.jt809.messages.vehicles import Fix, PositionSent, PositionsSent, Watched
from anze.wire.jt809.tables import Message

ACCESS, USER, PASSWORD, CODE = 31_000_001, 12, "geheim", 4711
M = TypeVar("M", bound=Message)
Said = tuple[Vehicle | None, Message]


class Platform:
    """`heard`: everything that came up over either link, keep-alives aside."""

    def __init__(
        self,
        version: Version,
        *,
        results: tuple[int, ...] = (),
        echoes: bool = True,
        cipher: Cipher | None = None,
    ) -> None:
        self.version, self.echoes, self.cipher = version, echoes, cipher
        self.results = list(results)  # of the first log-ins; then success
        self.heard: list[Said] = []
        self.logins: list[links.Login] = []
        self.port = 0
        self._server: asyncio.Server | None = None
        self._main: asyncio.StreamWriter | None = None
        self._slave: asyncio.StreamWriter | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._serial = 0

    async def open(self) -> Platform:
        self._server = await asyncio.start_server(self._serve_main, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def close(self) -> None:
        """As after a crash: nothing is said, nobody is let in."""
        if self._server is not None:
            self._server.close()
        for writer in (self._main, self._slave):
            if writer is not None:
                writer.transport.abort()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._main = self._slave = None

    def say(self, message: Message, vehicle: Vehicle | None = None, *, slave: bool = True) -> None:
        writer = self._slave if slave else self._main
        assert writer is not None
        writer.write(self._frame(message, vehicle))

    def cut(self) -> None:
        """The main link breaks."""
        assert self._main is not None
        self._main.transport.abort()

    @property
    def slave_up(self) -> bool:
        return self._slave is not None

    def of(self, kind: type[M]) -> list[M]:
        return [message for _, message in self.heard if isinstance(message, kind)]

    def places(self, kind: type[PositionSent] | type[PositionsSent] | None = None) -> list[Fix | Watched]:
        found: list[Fix | Watched] = []
        for _, message in self.heard:
            if isinstance(message, PositionSent) and kind is not PositionsSent:
                found.append(message.place)
            elif isinstance(message, PositionsSent) and kind is not PositionSent:
                found += message.places
        return found

    def _frame(self, message: Message, vehicle: Vehicle | None = None) -> bytes:
        self._serial += 1
        message_id, body = encode(message, self.version, vehicle)
        header = Header(message_id, ACCESS, self._serial, self.version)
        if self.cipher is not None:
            header = header._replace(encrypted=1, key=self._serial)
            body = self.cipher.over(body, header.key)
        return wrap(build(header, body))

    async def _serve_main(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        self._main = writer
        with suppress(OSError, asyncio.CancelledError):
            await self._read(reader, writer)
        writer.transport.abort()
        self._tasks.discard(task)

    async def _read(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        frames = FrameReader()
        while data := await reader.read(65_536):
            for frame in frames.feed(data):
                assert isinstance(frame, bytes), frame
                header, body = parse(frame, self.version)
                assert header.platform == ACCESS
                assert header.encrypted == (self.cipher is not None)
                if self.cipher is not None:
                    body = self.cipher.over(body, header.key)
                found = decode(header.message_id, body, self.version)
                assert found.message is not None
                self._take(found.vehicle, found.message, writer)

    def _take(self, vehicle: Vehicle | None, message: Message, writer: asyncio.StreamWriter) -> None:
        match message:
            case links.Login():
                self._login(message, writer)
            case links.KeepAlive():
                if self.echoes:
                    writer.write(self._frame(links.KeepAliveAnswer()))
            case links.Logout():
                self.heard.append((vehicle, message))
                writer.write(self._frame(links.LogoutAnswer()))
            case _:
                self.heard.append((vehicle, message))

    def _login(self, login: links.Login, writer: asyncio.StreamWriter) -> None:
        self.logins.append(login)
        right = (login.user, login.password) == (USER, PASSWORD)
        result = self.results.pop(0) if self.results else 0 if right else links.LoginResult.WRONG_PASSWORD
        writer.write(self._frame(links.LoginAnswer(result=int(result), code=CODE)))
        if result == 0:
            task = asyncio.ensure_future(self._open_slave(login.address, login.port))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _open_slave(self, address: str, port: int) -> None:
        try:
            reader, writer = await asyncio.open_connection(address, port)
        except OSError:
            return
        try:
            writer.write(self._frame(links.SlaveLogin(code=CODE)))
            assert await asyncio.wait_for(reader.read(100), 5)
            self._slave = writer
            await self._read(reader, writer)
        except (OSError, asyncio.CancelledError, TimeoutError):
            pass
        finally:
            writer.transport.abort()
            if self._slave is writer:
                self._slave = None


async def until(fact: Callable[[], bool], what: str, seconds: float = 20) -> None:
    for _ in range(int(seconds * 50)):
        if fact():
            return
        await asyncio.sleep(0.02)
    raise AssertionError(f"never: {what}")
