"""A terminal for tests: it writes frames as the other side would, and reads what comes down."""

from __future__ import annotations

from datetime import UTC, datetime

from anze.wire.frame import FrameReader
from anze.wire.header import Header, Version, encode, parse
from anze.wire.messages import decode
from anze.wire.messages import encode as encode_body
from anze.wire.messages.general import PlatformAck
from anze.wire.messages.location import Location
from anze.wire.messages.registration import Authentication, Registration
from anze.wire.position import make_position
from anze.wire.session import Session
from anze.wire.tables import Message

PHONE = "13912345678"
AT = datetime(2026, 11, 28, 1, 2, 3, tzinfo=UTC)
POSITION = make_position(time=AT, latitude=31_234_567, longitude=121_234_567, speed=605)


class Device:
    """Numbers its messages itself."""

    def __init__(self, phone: str = PHONE, version: Version = Version.V2013) -> None:
        self.phone = phone
        self.version = version
        self.serial = -1

    def header(self, message: Message) -> Header:
        self.serial += 1
        spoken = Version.V2019 if self.version is Version.V2019 else Version.V2013
        return Header(message.ID, self.phone, self.serial, spoken)

    def say(self, message: Message) -> bytes:
        return b"".join(encode(self.header(message), encode_body(message, self.version)))

    def register(self) -> bytes:
        return self.say(
            Registration(
                province=31, city=115, maker="yzh", model="T-1", device="7654321", colour=2, plate="沪A12345"
            )
        )

    def authenticate(self, code: str = "abc") -> bytes:
        if self.version is Version.V2019:
            return self.say(Authentication(code=code, imei="123456789012345", software="1.0"))
        return self.say(Authentication(code=code))

    def report(self) -> bytes:
        return self.say(Location(position=POSITION._replace(version=self.version)))

    def heard(self, data: bytes) -> list[Message]:
        """The messages that the platform sent; parts are not for this device."""
        messages = []
        for frame in FrameReader().feed(data):
            assert isinstance(frame, bytes)
            header, body = parse(frame)
            assert header.terminal == self.phone
            found = decode(header.message_id, body, self.version)
            assert found is not None
            messages.append(found[0])
        return messages

    def acks(self, data: bytes) -> list[tuple[int, int, int]]:
        """(serial, message id, result) of each 0x8001."""
        heard = self.heard(data)
        assert all(isinstance(each, PlatformAck) for each in heard)
        return [
            (each.serial, each.message_id, each.result) for each in heard if isinstance(each, PlatformAck)
        ]


def at_work(device: Device, session: Session | None = None) -> Session:
    """The session, with the device authenticated on it."""
    session = session or Session()
    (authenticating,) = session.receive_bytes(device.authenticate(), 0.0)
    session.acknowledge(authenticating)  # type: ignore[arg-type]
    return session
