"""Nothing a peer sends raises, and what is kept of it stays small."""

from __future__ import annotations

import random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from anze.wire.events import (
    Authenticating,
    MessageReceived,
    PositionReported,
    PositionsReported,
    Registering,
    RegistrationResult,
    Result,
)
from anze.wire.frame import LONGEST, wrap
from anze.wire.header import Header, Version, build
from anze.wire.messages import encode
from anze.wire.messages.registration import Authentication
from anze.wire.packages import MOST_BYTES
from anze.wire.session import Session
from tests.wire.terminal import PHONE, Device, at_work
from tests.wire.values import messages

PHONES = st.sampled_from(["1", "2", "13912345678"])
AWAITING = (Registering, Authenticating, PositionReported, PositionsReported, MessageReceived)


@st.composite
def frames(draw: st.DrawFn) -> bytes:
    """A frame of any message, whole or a part, sometimes damaged."""
    message, version = draw(messages())
    body = encode(message, version)
    total = draw(st.sampled_from([0, 0, 0, 2, 3, 60_000]))
    part = draw(st.integers(1, min(total, 3))) if total else 0
    spoken = Version.V2019 if version is Version.V2019 else Version.V2013
    header = Header(
        message.ID, draw(PHONES), draw(st.integers(0, 9)), spoken, draw(st.sampled_from([0] * 9 + [1]))
    )
    frame = bytearray(wrap(build(header._replace(total=total, part=part), body)))
    for _ in range(draw(st.sampled_from([0, 0, 0, 1, 3]))):
        frame[draw(st.integers(0, len(frame) - 1))] = draw(st.integers(0, 255))
    return bytes(frame)


def hold(session: Session, data: bytes, now: float) -> None:
    for event in [*session.receive_bytes(data, now), *session.handle_timer(now)]:
        if isinstance(event, Registering):
            session.acknowledge(event, RegistrationResult(int(now) % 2), code="abc")
        elif isinstance(event, AWAITING):
            session.acknowledge(event, Result(int(now) % 2))
    session.bytes_to_send()
    due = session.timer()
    assert due is None or due > now
    assert session.kept <= LONGEST + MOST_BYTES


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(frames() | st.binary(max_size=50), max_size=12), st.integers(1, 700))
def test_whatever_arrives_becomes_events(pieces: list[bytes], chunk: int) -> None:
    session = Session()
    data = b"".join(pieces)
    for n, at in enumerate(range(0, len(data), chunk)):
        hold(session, data[at : at + chunk], n * 1.7)


def test_a_peer_that_never_finishes_its_parts_costs_little() -> None:
    session, chance = at_work(Device()), random.Random(1)
    for n in range(6000):
        serial = chance.randrange(1, 3000)
        header = Header(0x0801, PHONE, serial, Version.V2013, 0, 60_000, 1 + n % 60_000)
        hold(session, wrap(build(header, bytes(1000))), n / 1000)


def test_a_stranger_s_parts_cost_nothing() -> None:
    session = Session()
    for n in range(1, 500):
        hold(session, wrap(build(Header(0x0102, "1", n, Version.V2013, 0, 60_000, n), bytes(1000))), n / 1000)
        assert session.kept == 0


def test_one_part_of_one_is_a_whole_message() -> None:
    """Some terminals set the bit always."""
    device, session = Device(), Session()
    body = encode(Authentication(code="abc"), Version.V2013)
    whole = wrap(build(device.header(Authentication(code="abc"))._replace(total=1, part=1), body))
    (event,) = session.receive_bytes(whole, 0.0)
    assert isinstance(event, Authenticating)
