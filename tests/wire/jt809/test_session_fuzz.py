"""Nothing the upper platform sends raises, is answered for a person, or makes memory grow."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from anze.wire.frame import Bad
from anze.wire.header import Version
from anze.wire.jt809.events import Connect, Disconnect, Link
from anze.wire.jt809.frame import LONGEST, FrameReader, wrap
from anze.wire.jt809.header import Header, build, parse
from anze.wire.jt809.messages import Vehicle, encode, links
from anze.wire.jt809.questions import MOST_QUESTIONS
from anze.wire.jt809.session import Session
from anze.wire.jt809.tables import VERSIONS, Message
from tests.wire.jt809.upper import CODE, account
from tests.wire.jt809.values import messages

# All that the session says by itself.
OWN = frozenset((0x1001, 0x1005, 0x1007, 0x9002, 0x9004, 0x9006))


@st.composite
def frames(draw: st.DrawFn) -> bytes:
    """A frame of any message, sometimes encrypted, sometimes damaged."""
    message, version, vehicle = draw(messages() | LOGINS)
    message_id, body = encode(message, version, vehicle)
    encrypted = draw(st.sampled_from([0] * 9 + [1]))
    frame = bytearray(
        wrap(build(Header(message_id, 1, draw(st.integers(0, 9)), version, None, encrypted), body))
    )
    for _ in range(draw(st.sampled_from([0, 0, 0, 1, 3]))):
        frame[draw(st.integers(0, len(frame) - 1))] = draw(st.integers(0, 255))
    return bytes(frame)


Drawn = tuple[Message, Version, Vehicle | None]
LOGINS: st.SearchStrategy[Drawn] = st.tuples(
    st.sampled_from([links.LoginAnswer(result=0, code=CODE), links.SlaveLogin(code=CODE)]),
    st.sampled_from(VERSIONS),
    st.none(),
)


def hold(session: Session, version: Version, link: Link, data: bytes, now: float) -> None:
    for event in [*session.receive_bytes(link, data, now), *session.handle_timer(now)]:
        if isinstance(event, Connect):
            session.opened(Link.MAIN, now)
        elif isinstance(event, Disconnect) and event.link is Link.SLAVE:
            session.opened(Link.SLAVE, now)
    for each in Link:
        for frame in FrameReader().feed(session.bytes_to_send(each)):
            assert not isinstance(frame, Bad)
            assert parse(frame, version)[0].message_id in OWN
    due = session.timer()
    assert due is None or due > now
    assert session.kept <= 2 * LONGEST
    assert session.open_questions <= MOST_QUESTIONS


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.sampled_from(VERSIONS),
    st.lists(st.tuples(st.sampled_from(Link), frames() | st.binary(max_size=50)), max_size=15),
    st.integers(1, 700),
)
def test_whatever_arrives_becomes_events(
    version: Version, pieces: list[tuple[Link, bytes]], chunk: int
) -> None:
    session, now = Session(account(version)), 0.0
    session.start(now)
    session.opened(Link.SLAVE, now)
    hold(session, version, Link.MAIN, b"", now)
    hold(session, version, Link.MAIN, wrap(_login(version)), now)
    for link, data in pieces:
        for at in range(0, len(data), chunk):
            now += 1.7
            hold(session, version, link, data[at : at + chunk], now)


def _login(version: Version) -> bytes:
    message_id, body = encode(links.LoginAnswer(result=0, code=CODE), version)
    return build(Header(message_id, 1, 1, version), body)


def test_a_peer_that_never_ends_its_frame_costs_little() -> None:
    session = Session(account())
    session.start(0.0)
    hold(session, Version.V2011, Link.MAIN, b"", 0.0)
    for n in range(300):
        hold(session, Version.V2011, Link.MAIN, b"[" * (n % 7 == 0) + bytes(1000), 0.001 * n)
