"""A terminal at the other end of a socket: registers, authenticates, reports, reads its answers."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any, ClassVar

from anze.wire.frame import MARK, FrameReader
from anze.wire.header import Header, Version, encode, parse
from anze.wire.messages import decode
from anze.wire.messages import encode as body_of
from anze.wire.messages.general import PlatformAck, TerminalAck
from anze.wire.messages.location import Location, Locations
from anze.wire.messages.registration import Authentication, Registration, RegistrationAnswer
from anze.wire.position import Position, make_position
from anze.wire.tables import Message

PATIENCE = 10.0


class Terminal:
    """`everybody`: those connected, for the scene's end to hang up."""

    everybody: ClassVar[list[Terminal]] = []

    def __init__(self, phone: str, version: Version = Version.V2013, device: str = "T000001") -> None:
        self.phone, self.version, self.device = phone, version, device
        self.code = ""
        self.serial = 0
        self._frames = FrameReader()
        self._unread: list[tuple[Header, Message]] = []
        self.reader: asyncio.StreamReader
        self.writer: asyncio.StreamWriter

    async def connect(self, port: int, **more: Any) -> Terminal:
        self.reader, self.writer = await asyncio.open_connection("127.0.0.1", port, **more)
        self.everybody.append(self)
        return self

    async def introduce(self, port: int) -> Terminal:
        """Connect, register and authenticate."""
        await self.connect(port)
        assert await self.register() == 0
        assert await self.authenticate() == 0
        return self

    async def register(self) -> int:
        message = Registration(
            province=33, city=2, maker="ANZE1", model="A1", device=self.device, colour=2, plate="浙B12345"
        )
        await self.send(message)
        answer = await self.wait_for(RegistrationAnswer)
        self.code = answer.code
        return int(answer.result)

    async def authenticate(self, code: str | None = None) -> int:
        serial = await self.send(
            Authentication(code=self.code if code is None else code, imei="1" * 15, software="1")
        )
        return await self.ack(serial)

    async def report(self, *positions: Position) -> list[int]:
        """The results, in order, after all were sent at once."""
        serials = [await self.send(Location(position=position)) for position in positions]
        return [await self.ack(serial) for serial in serials]

    async def send_position(self, position: Position) -> int:
        return await self.send(Location(position=position))

    async def backfill(self, entries: Sequence[Position | bytes]) -> int:
        serial = await self.send(Locations(count=len(entries), kind=1, entries=tuple(entries)))
        return await self.ack(serial)

    async def send(self, message: Message) -> int:
        self.serial = (self.serial + 1) & 0xFFFF
        header = Header(message.ID, self.phone, self.serial, self.version)
        for frame in encode(header, body_of(message, self.version)):
            self.writer.write(frame)
        await self.writer.drain()
        return self.serial

    async def answer(self, header: Header, result: int = 0) -> None:
        await self.send(TerminalAck(serial=header.serial, message_id=header.message_id, result=result))

    async def ack(self, serial: int) -> int:
        while True:
            answer = await self.wait_for(PlatformAck)
            if answer.serial == serial:
                return int(answer.result)

    async def wait_for(self, kind: type[Any]) -> Any:
        return (await self.receive(kind))[1]

    async def receive(self, kind: type[Any]) -> tuple[Header, Any]:
        """The next message of the kind; others before it are dropped."""
        while True:
            while self._unread:
                header, message = self._unread.pop(0)
                if isinstance(message, kind):
                    return header, message
            data = await asyncio.wait_for(self.reader.read(65536), PATIENCE)
            if not data:
                raise ConnectionResetError
            for frame in self._frames.feed(data):
                assert isinstance(frame, bytes)
                header, body = parse(frame)
                found = decode(header.message_id, body, self.version)
                assert found is not None
                self._unread.append((header, found[0]))

    async def closed(self) -> bool:
        """Whether the platform has ended the connection."""
        try:
            return await asyncio.wait_for(self.reader.read(1), PATIENCE) == b""
        except ConnectionResetError:
            return True

    async def close(self) -> None:
        self.writer.close()
        with suppress(OSError):
            await self.writer.wait_closed()

    @classmethod
    async def hang_up(cls) -> None:
        for terminal in cls.everybody:
            await terminal.close()
        cls.everybody.clear()


def at(time: datetime, **more: Any) -> Position:
    values: dict[str, Any] = {
        "latitude": 29_870_000,
        "longitude": 121_550_000,
        "speed": 605,
        "status_bits": 3,
    }
    return make_position(time=time, **{**values, **more})


NOISE = b"\x00\x01garbage" + MARK + b"\x7d\x09half" + MARK
