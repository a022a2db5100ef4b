from __future__ import annotations

import pytest

from anze.wire.commands import MOST_COMMANDS
from anze.wire.errors import NotHereError, TooManyCommandsError, UnencodableError
from anze.wire.events import Answered, MessageReceived, Unanswered, Unasked
from anze.wire.frame import FrameReader
from anze.wire.header import Version, parse
from anze.wire.messages.general import PartsWantedByTerminal, TerminalAck
from anze.wire.messages.location import LocationAnswer, LocationQuery
from anze.wire.messages.parameters import Parameters, ParametersSet, Setting, SomeParametersQuery, settings
from anze.wire.messages.registration import Attributes, AttributesQuery
from anze.wire.messages.text import TextMessage
from anze.wire.session import Session
from tests.wire.terminal import PHONE, POSITION, Device, at_work

ATTRIBUTES = Attributes(
    types=1, maker="yzh", model="T-1", device="7654321", iccid="12345678901234567890",
    hardware="1", firmware="2", gnss=3, network=4,
)  # fmt: skip


@pytest.fixture
def device() -> Device:
    return Device(version=Version.V2019)


@pytest.fixture
def session(device: Device) -> Session:
    return at_work(device)


def test_a_text_is_answered_by_the_acknowledgement_of_its_serial(device: Device, session: Session) -> None:
    text = TextMessage(flags=8, kind=1, text="请减速，前方事故")
    first = session.command(PHONE, text, 1.0)
    second = session.command(PHONE, text, 1.0)
    assert device.heard(session.bytes_to_send()) == [text, text]
    ack = TerminalAck(serial=second, message_id=0x8300, result=0)
    (answered,) = session.receive_bytes(device.say(ack), 2.0)
    assert isinstance(answered, Answered)
    assert (answered.serial, answered.message_id, answered.result) == (second, 0x8300, 0)
    assert session.handle_timer(31.0) == [Unanswered(PHONE, first, 0x8300)]
    assert session.timer() is None


def test_a_roll_call_waits_for_its_own_answer(device: Device, session: Session) -> None:
    serial = session.command(PHONE, LocationQuery(), 1.0)
    accepted = TerminalAck(serial=serial, message_id=0x8201, result=0)
    (answered,) = session.receive_bytes(device.say(accepted), 2.0)
    assert isinstance(answered, Answered)
    assert session.timer() == 31.0
    (answered,) = session.receive_bytes(device.say(LocationAnswer(serial=serial, position=POSITION)), 3.0)
    assert isinstance(answered, Answered)
    assert isinstance(answered.message, LocationAnswer)
    assert session.timer() is None


def test_a_refusal_ends_the_waiting(device: Device, session: Session) -> None:
    serial = session.command(PHONE, LocationQuery(), 1.0)
    refused = TerminalAck(serial=serial, message_id=0x8201, result=3)
    (answered,) = session.receive_bytes(device.say(refused), 2.0)
    assert isinstance(answered, Answered)
    assert answered.result == 3
    assert session.timer() is None


def test_an_answer_without_a_serial_answers_the_oldest(device: Device, session: Session) -> None:
    serial = session.command(PHONE, AttributesQuery(), 1.0)
    session.command(PHONE, AttributesQuery(), 1.0)
    (answered,) = session.receive_bytes(device.say(ATTRIBUTES), 2.0)
    assert isinstance(answered, Answered)
    assert (answered.serial, answered.message) == (serial, ATTRIBUTES)


def test_an_answer_nobody_waits_for_is_a_message(device: Device, session: Session) -> None:
    session.command(PHONE, LocationQuery(), 1.0)
    wrong = LocationAnswer(serial=999, position=POSITION)
    events = session.receive_bytes(device.say(ATTRIBUTES) + device.say(wrong), 2.0)
    assert [type(event) for event in events] == [MessageReceived, MessageReceived]


def test_another_terminal_answers_nothing(device: Device, session: Session) -> None:
    other = Device("2", Version.V2019)
    at_work(other, session)
    serial = session.command(PHONE, LocationQuery(), 1.0)
    (event,) = session.receive_bytes(other.say(LocationAnswer(serial=serial, position=POSITION)), 2.0)
    assert isinstance(event, MessageReceived)


def test_parameters_are_set_by_name_and_read_back(device: Device, session: Session) -> None:
    wanted = settings(top_speed=100, driving_limit=14400, server="gps.example.cn")
    session.command(PHONE, ParametersSet(settings=wanted), 1.0)
    (heard,) = device.heard(session.bytes_to_send())
    assert heard == ParametersSet(settings=wanted)
    serial = session.command(PHONE, SomeParametersQuery(ids=(0x55, 0xF0F0)), 1.0)
    answer = Parameters(
        serial=serial, settings=(Setting(0x55, 100), Setting(0xF0F0, b"raw"), Setting(0x57, b"x"))
    )
    (answered,) = session.receive_bytes(device.say(answer), 2.0)
    assert isinstance(answered, Answered)
    assert answered.message == answer
    assert [each.name for each in answer.settings] == ["top_speed", "", "driving_limit"]


def test_what_does_not_fit_is_refused_by_name(session: Session) -> None:
    with pytest.raises(UnencodableError, match="文本信息：GBK"):
        session.command(PHONE, TextMessage(flags=1, kind=1, text="😀"), 1.0)
    with pytest.raises(UnencodableError, match="参数 0xF0F0 未知"):
        session.command(PHONE, ParametersSet(settings=(Setting(0xF0F0, 5),)), 1.0)
    with pytest.raises(UnencodableError, match="标志"):
        session.command(PHONE, TextMessage(flags=300, kind=1, text=""), 1.0)
    with pytest.raises(UnencodableError, match="文本信息：None"):
        session.command(PHONE, TextMessage(flags=1, kind=1, text=None), 1.0)  # type: ignore[arg-type]
    assert session.timer() is None


def test_a_command_needs_its_terminal_here(session: Session) -> None:
    with pytest.raises(NotHereError):
        session.command("1", LocationQuery(), 1.0)
    session.displace(PHONE)
    with pytest.raises(NotHereError):
        session.command(PHONE, LocationQuery(), 1.0)


def test_only_so_many_commands_wait(session: Session) -> None:
    for _ in range(MOST_COMMANDS):
        session.command(PHONE, LocationQuery(), 1.0)
    with pytest.raises(TooManyCommandsError):
        session.command(PHONE, LocationQuery(), 1.0)
    session.displace(PHONE)
    assert session.handle_timer(99.0) == []


def test_a_long_command_goes_in_parts_that_can_be_asked_for_again(device: Device, session: Session) -> None:
    serial = session.command(PHONE, TextMessage(flags=1, kind=1, text="字" * 1000), 1.0)
    headers = [
        parse(frame)[0] for frame in FrameReader().feed(session.bytes_to_send()) if isinstance(frame, bytes)
    ]
    assert [(each.serial, each.part, each.total) for each in headers] == [(serial, 1, 2), (serial + 1, 2, 2)]
    wanted = PartsWantedByTerminal(serial=serial, parts=(2, 0, 9))
    (unasked,) = session.receive_bytes(device.say(wanted), 2.0)
    assert isinstance(unasked, Unasked)
    (again,) = FrameReader().feed(session.bytes_to_send())
    assert isinstance(again, bytes)
    assert parse(again)[0] == headers[1]
    session.receive_bytes(device.say(PartsWantedByTerminal(serial=77, parts=(1,))), 2.0)
    assert session.bytes_to_send() == b""
    ack = TerminalAck(serial=serial + 1, message_id=0x8300, result=0)
    (answered,) = session.receive_bytes(device.say(ack), 3.0)
    assert isinstance(answered, Answered)
    assert answered.serial == serial
