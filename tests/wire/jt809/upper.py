"""An upper platform for tests: it writes frames as the other side would, and reads what comes up."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from anze.wire.header import Version
from anze.wire.jt809.account import Account, Timing
from anze.wire.jt809.events import Connect, Event, Link, LoggedIn, RollCallAsked, SlaveUp, SupervisionAsked
from anze.wire.jt809.frame import FrameReader, wrap
from anze.wire.jt809.header import Header, build, parse
from anze.wire.jt809.messages import Decoded, Vehicle, decode, encode
from anze.wire.jt809.messages.alarms import Supervision
from anze.wire.jt809.messages.links import LoginAnswer, SlaveLogin
from anze.wire.jt809.messages.platforms import RollCall
from anze.wire.jt809.session import Session
from anze.wire.jt809.tables import Message

V2011, V2019 = Version.V2011, Version.V2019
PLATFORM, CODE = 31_000_001, 4711
NOW = datetime(2026, 11, 28, 1, 2, 3, tzinfo=UTC).timestamp()
VEHICLE = Vehicle(plate="沪A12345", colour=2)
TIMING = Timing(keep_alive=60, silence=180, login=30, first_retry=10, longest_retry=70, roll_call=600)
CALL = RollCall(object_type=1, object_id="310001", question_id=5, text="请值班人员应答")
URGED = Supervision(
    source=1, kind=2, time=None, supervision_id=77, until=datetime(2026, 11, 28, 3, tzinfo=UTC), level=0,
    supervisor="李四", telephone="021-12345678", mail="",
)  # fmt: skip


def account(version: Version = V2011) -> Account:
    return Account(PLATFORM, 12, "secret", "192.0.2.1", 9001, version, TIMING)


class Upper:
    """Numbers its messages itself."""

    def __init__(self, version: Version = V2011) -> None:
        self.version = version
        self.serial = 99

    def say(self, message: Message, vehicle: Vehicle | None = None) -> bytes:
        self.serial += 1
        message_id, body = encode(message, self.version, vehicle)
        return wrap(build(Header(message_id, PLATFORM, self.serial, self.version), body))

    def heard(self, data: bytes) -> list[tuple[Header, Decoded]]:
        found = []
        for frame in FrameReader().feed(data):
            assert isinstance(frame, bytes)
            header, body = parse(frame, self.version)
            assert header.platform == PLATFORM
            found.append((header, decode(header.message_id, body, self.version)))
        return found

    def messages(self, data: bytes) -> list[Message | None]:
        return [decoded.message for _, decoded in self.heard(data)]


def opened(session: Session, now: float = NOW) -> Session:
    """The session, with the main link open and the log-in sent."""
    session.start(now)
    assert session.handle_timer(now) == [Connect()]
    assert session.opened(Link.MAIN, now) == []
    return session


def at_work(upper: Upper, *, slave: bool = False, now: float = NOW) -> Session:
    """A session that has logged in, perhaps with its slave link up; what it sent so far is read."""
    session = opened(Session(account(upper.version)), now)
    events = session.receive_bytes(Link.MAIN, upper.say(LoginAnswer(result=0, code=CODE)), now)
    assert [type(each) for each in events] == [LoggedIn]
    if slave:
        session.opened(Link.SLAVE, now)
        events = session.receive_bytes(Link.SLAVE, upper.say(SlaveLogin(code=CODE)), now)
        assert [type(each) for each in events] == [SlaveUp]
    for link in Link:
        session.bytes_to_send(link)
    return session


def called(session: Session, upper: Upper, link: Link = Link.MAIN, now: float = NOW) -> RollCallAsked:
    call = replace(CALL, minutes=10 if upper.version is V2019 else None)
    (asked,) = session.receive_bytes(link, upper.say(call), now)
    assert isinstance(asked, RollCallAsked)
    return asked


def urged(session: Session, upper: Upper, link: Link = Link.MAIN) -> SupervisionAsked:
    (asked,) = session.receive_bytes(link, upper.say(URGED, VEHICLE), NOW)
    assert isinstance(asked, SupervisionAsked)
    return asked


def kinds(events: list[Event]) -> list[str]:
    return [type(each).__name__ for each in events]
