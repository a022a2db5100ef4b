from __future__ import annotations

import pytest

from anze.wire.errors import Reason
from anze.wire.events import (
    Authenticating,
    Garbled,
    HeartbeatReceived,
    LoggedOut,
    MessageReceived,
    PartsMissing,
    PositionReported,
    PositionsReported,
    Refusal,
    Refused,
    Registering,
    RegistrationResult,
    Result,
    Unasked,
    Undecodable,
    Unknown,
)
from anze.wire.frame import MARK, wrap
from anze.wire.header import Header, Version, build, encode
from anze.wire.messages import encode as encode_body
from anze.wire.messages.general import Heartbeat, PartsWanted, TerminalAck, TimeAnswer, TimeQuery
from anze.wire.messages.location import Location, Locations
from anze.wire.messages.media import MediaAnswer, MediaData
from anze.wire.messages.registration import LogOut, RegistrationAnswer
from anze.wire.packages import ATTEMPTS, MOST_MESSAGES, WAIT
from anze.wire.session import MOST_TERMINALS, Session
from anze.wire.states import State
from tests.wire.terminal import AT, PHONE, POSITION, Device, at_work

MEDIA = MediaData(media_id=9, kind=0, format=0, event=1, channel=1, position=POSITION, data=bytes(2500))


@pytest.mark.parametrize("version", list(Version))
def test_register_authenticate_work(version: Version) -> None:
    device, session = Device(version=version), Session()
    (registering,) = session.receive_bytes(device.register(), 1.0)
    assert isinstance(registering, Registering)
    assert registering.message.plate == "沪A12345"
    assert session.state(PHONE) is State.CONNECTED
    assert session.bytes_to_send() == b""
    (answer,) = device.heard(session.acknowledge(registering, code="K-1"))
    assert answer == RegistrationAnswer(serial=0, result=0, code="K-1")
    assert session.state(PHONE) is State.REGISTERED
    assert session.version(PHONE) is version

    (authenticating,) = session.receive_bytes(device.authenticate("K-1"), 2.0)
    assert isinstance(authenticating, Authenticating)
    assert authenticating.message.code == "K-1"
    assert session.terminals() == ()
    assert device.acks(session.acknowledge(authenticating)) == [(1, 0x0102, 0)]
    assert session.terminals() == (PHONE,)

    (reported,) = session.receive_bytes(device.report(), 3.0)
    assert isinstance(reported, PositionReported)
    assert reported.position == POSITION._replace(version=version)
    assert session.state(PHONE) is State.WORKING
    assert session.bytes_to_send() == b""
    assert device.acks(session.acknowledge(reported)) == [(2, 0x0200, 0)]
    assert session.last_heard(PHONE) == 3.0


@pytest.mark.parametrize("version", list(Version))
def test_reports_of_every_day_come_as_the_first(version: Version) -> None:
    device = Device(version=version)
    session = at_work(device)
    reports = [session.receive_bytes(device.report(), at) for at in (1.0, 2.0, 3.0)]
    for serial, (reported,) in enumerate(reports, 1):
        assert isinstance(reported, PositionReported)
        assert reported.position == POSITION._replace(version=session.version(PHONE) or version)
        assert device.acks(session.acknowledge(reported)) == [(serial, 0x0200, 0)]
    short = session.receive_bytes(device.say(Location(position=POSITION))[:-12] + b"\x7e", 4.0)
    assert [type(event) for event in short] == [Garbled]
    assert session.last_heard(PHONE) == 3.0


def test_a_refused_registration_and_authentication_change_nothing() -> None:
    device, session = Device(), Session()
    (registering,) = session.receive_bytes(device.register(), 0.0)
    assert isinstance(registering, Registering)
    assert device.heard(session.acknowledge(registering, RegistrationResult.NO_VEHICLE, code="x")) == [
        RegistrationAnswer(serial=0, result=2)
    ]
    (authenticating,) = session.receive_bytes(device.authenticate(), 0.0)
    assert isinstance(authenticating, Authenticating)
    assert device.acks(session.acknowledge(authenticating, Result.FAILED)) == [(1, 0x0102, 1)]
    assert session.state(PHONE) is State.CONNECTED


def test_no_registration_succeeds_with_an_empty_code() -> None:
    session = Session()
    (registering,) = session.receive_bytes(Device().register(), 0.0)
    assert isinstance(registering, Registering)
    with pytest.raises(ValueError, match="鉴权码"):
        session.acknowledge(registering)


def test_an_unauthenticated_position_is_refused_with_an_answer() -> None:
    device, session = Device(), Session()
    (refused,) = session.receive_bytes(device.report(), 0.0)
    assert isinstance(refused, Refused)
    assert refused.refusal is Refusal.UNAUTHENTICATED
    assert device.acks(session.bytes_to_send()) == [(0, 0x0200, 1)]
    assert session.last_heard(PHONE) is None
    assert session.version(PHONE) is None


def test_an_acknowledgement_from_nobody_is_not_answered() -> None:
    session = Session()
    (refused,) = session.receive_bytes(Device().say(TerminalAck(serial=1, message_id=0x8201, result=0)), 0.0)
    assert isinstance(refused, Refused)
    assert session.bytes_to_send() == b""


def test_many_terminals_share_a_connection_and_one_does_not_speak_for_another() -> None:
    first, second, stranger = Device("1"), Device("2"), Device("3")
    session = at_work(second, at_work(first))
    assert session.terminals() == ("1", "2")
    events = session.receive_bytes(first.report() + second.report() + stranger.report(), 1.0)
    assert [type(event) for event in events] == [PositionReported, PositionReported, Refused]
    (logged_out,) = session.receive_bytes(first.say(LogOut()), 2.0)
    assert isinstance(logged_out, LoggedOut)
    assert (session.state("1"), session.state("2")) == (State.CONNECTED, State.WORKING)


def test_the_newest_connection_wins() -> None:
    device = Device()
    old = at_work(device)
    new = at_work(device)
    old.displace(PHONE)
    old.displace("of nobody")
    assert old.terminals() == ()
    (refused,) = old.receive_bytes(device.report(), 1.0)
    assert isinstance(refused, Refused)
    assert refused.refusal is Refusal.DISPLACED
    assert new.terminals() == (PHONE,)
    assert at_work(device, old).terminals() == (PHONE,)


def test_heartbeats_are_answered_at_once() -> None:
    device = Device()
    session = at_work(device)
    heart = device.say(Heartbeat())
    vendor = wrap(build(device.header(Heartbeat()), b"\x5d\x10"))
    assert session.receive_bytes(heart + vendor, 1.0) == [
        HeartbeatReceived(Header(2, PHONE, 1, Version.V2013)),
        HeartbeatReceived(Header(2, PHONE, 2, Version.V2013), b"\x5d\x10"),
    ]
    assert device.acks(session.bytes_to_send()) == [(1, 2, 0), (2, 2, 0)]
    assert session.bytes_to_send() == b""


def test_back_filled_positions_keep_the_good_ones() -> None:
    device = Device()
    session = at_work(device)
    (reported,) = session.receive_bytes(
        device.say(Locations(count=3, kind=1, entries=(POSITION, b"broken", POSITION))), 1.0
    )
    assert isinstance(reported, PositionsReported)
    assert reported.message.positions == (POSITION, POSITION)
    assert not reported.message.complete
    assert device.acks(session.acknowledge(reported)) == [(1, 0x0704, 0)]


def test_bad_bytes_end_nothing() -> None:
    device = Device()
    session = at_work(device)
    wrong_length = bytearray(build(device.header(Heartbeat()), b""))
    wrong_length[3] = 9
    events = session.receive_bytes(MARK + b"x" * 21 + MARK + wrap(bytes(wrong_length)) + device.report(), 1.0)
    assert [type(event) for event in events] == [Garbled, Garbled, PositionReported]
    assert isinstance(events[0], Garbled)
    assert events[0] == Garbled(Reason.CHECKSUM, b"x" * 21)
    assert isinstance(events[1], Garbled)
    assert events[1].reason is Reason.LENGTH


def test_what_does_not_decode_is_answered_as_wrong_and_kept() -> None:
    device = Device()
    session = at_work(device)
    short = wrap(build(device.header(Location(position=POSITION)), bytes(27)))
    (undecodable,) = session.receive_bytes(short, 1.0)
    assert isinstance(undecodable, Undecodable)
    assert (undecodable.body, undecodable.reason) == (bytes(27), Reason.TRUNCATED)
    assert device.acks(session.bytes_to_send()) == [(1, 0x0200, 2)]


def test_an_unknown_message_is_answered_as_unsupported_and_kept() -> None:
    device = Device()
    session = at_work(device)
    (unknown,) = session.receive_bytes(wrap(build(Header(0x0F00, PHONE, 5, Version.V2013), b"abc")), 1.0)
    assert unknown == Unknown(Header(0x0F00, PHONE, 5, Version.V2013), b"abc")
    assert device.acks(session.bytes_to_send()) == [(5, 0x0F00, 3)]


def test_an_encrypted_body_is_refused_clearly() -> None:
    device = Device()
    session = at_work(device)
    header = Header(0x0200, PHONE, 5, Version.V2013, encryption=1)
    (refused,) = session.receive_bytes(wrap(build(header, bytes(28))), 1.0)
    assert isinstance(refused, Refused)
    assert refused.refusal is Refusal.ENCRYPTED
    assert device.acks(session.bytes_to_send()) == [(5, 0x0200, 3)]


def test_a_message_that_asks_is_replied_to_by_its_own_answer() -> None:
    device = Device(version=Version.V2019)
    session = at_work(device)
    (asked,) = session.receive_bytes(device.say(TimeQuery()), 1.0)
    assert isinstance(asked, MessageReceived)
    assert device.heard(session.reply(asked, TimeAnswer(time=AT))) == [TimeAnswer(time=AT)]


def test_a_picture_in_parts_is_acknowledged_part_by_part_and_then_as_a_whole() -> None:
    device = Device()
    session = at_work(device)
    frames = encode(Header(0x0801, PHONE, 10, Version.V2013), encode_body(MEDIA, Version.V2013))
    assert session.receive_bytes(frames[2] + frames[0], 1.0) == []
    assert device.acks(session.bytes_to_send()) == [(12, 0x0801, 0), (10, 0x0801, 0)]
    (received,) = session.receive_bytes(frames[1], 2.0)
    assert isinstance(received, MessageReceived)
    assert received.message == MEDIA
    assert device.heard(session.acknowledge(received)) == [MediaAnswer(media_id=9)]
    assert device.acks(session.acknowledge(received, Result.FAILED)) == [(11, 0x0801, 1)]


def test_positions_in_parts_are_acknowledged_only_when_all_are_durable() -> None:
    device = Device()
    session = at_work(device)
    body = encode_body(Locations(count=40, kind=1, entries=(POSITION,) * 40), Version.V2013)
    frames = encode(Header(0x0704, PHONE, 10, Version.V2013), body)
    assert session.receive_bytes(frames[0], 1.0) == []
    assert session.bytes_to_send() == b""
    (reported,) = session.receive_bytes(frames[1], 1.0)
    assert isinstance(reported, PositionsReported)
    assert len(reported.message.positions) == 40
    assert device.acks(session.acknowledge(reported)) == [(10, 0x0704, 0), (11, 0x0704, 0)]


def test_missing_parts_are_asked_for_then_given_up() -> None:
    device = Device()
    session = at_work(device)
    frames = encode(Header(0x0801, PHONE, 10, Version.V2013), encode_body(MEDIA, Version.V2013))
    session.receive_bytes(frames[1], 0.0)
    session.bytes_to_send()
    assert session.kept > 1000
    for _ in range(ATTEMPTS):
        due = session.timer()
        assert due is not None
        assert session.handle_timer(due) == []
        assert device.heard(session.bytes_to_send()) == [PartsWanted(serial=10, parts=(1, 3))]
    (missing,) = session.handle_timer(WAIT * (ATTEMPTS + 1))
    assert isinstance(missing, PartsMissing)
    assert missing.missing == (1, 3)
    assert (session.timer(), session.kept) == (None, 0)


def test_too_many_unfinished_messages_cost_the_oldest() -> None:
    device = Device()
    session = at_work(device)
    for n in range(MOST_MESSAGES + 1):
        header = Header(0x0801, PHONE, n * 100, Version.V2013, total=2, part=1)
        events = session.receive_bytes(wrap(build(header, b"a")), 0.0)
    assert [type(event) for event in events] == [PartsMissing]


def test_a_connection_holds_only_so_many_terminals() -> None:
    session = Session()
    for n in range(MOST_TERMINALS):
        (event,) = session.receive_bytes(Device(str(n + 1)).authenticate(), 0.0)
        assert isinstance(event, Authenticating)
    (refused,) = session.receive_bytes(Device("99999").authenticate(), 0.0)
    assert isinstance(refused, Refused)
    assert refused.refusal is Refusal.CROWDED


def test_a_late_acknowledgement_belongs_to_nothing() -> None:
    device = Device()
    session = at_work(device)
    ack = TerminalAck(serial=77, message_id=0x8201, result=0)
    (unasked,) = session.receive_bytes(device.say(ack), 1.0)
    assert isinstance(unasked, Unasked)
    assert unasked.message == ack
    assert session.bytes_to_send() == b""


def test_the_directory_tells_2011_from_2013_but_never_unmakes_2019() -> None:
    old, new = Device("1"), Device("2", Version.V2019)
    session = at_work(new, at_work(old))
    for phone in ("1", "2", "3"):
        session.learn(phone, Version.V2011)
    assert (session.version("1"), session.version("2"), session.version("3")) == (
        Version.V2011,
        Version.V2019,
        None,
    )
