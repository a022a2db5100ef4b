from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from anze.wire.errors import Reason, UnencodableError
from anze.wire.header import Version
from anze.wire.jt809.events import (
    Cause,
    Connect,
    Disconnect,
    Garbled,
    KeptAlive,
    Link,
    LoginRefused,
    Lost,
    MessageReceived,
    Refusal,
    Refused,
    SlaveDown,
    Undecodable,
)
from anze.wire.jt809.frame import wrap
from anze.wire.jt809.header import Header, build
from anze.wire.jt809.messages import links
from anze.wire.jt809.messages.platforms import Notice
from anze.wire.jt809.messages.vehicles import DriverTold
from anze.wire.jt809.pair import NotLoggedInError
from anze.wire.jt809.session import Session
from anze.wire.jt809.states import State
from anze.wire.jt809.tables import VERSIONS
from tests.wire.jt809.upper import CODE, NOW, V2011, V2019, VEHICLE, Upper, account, at_work, kinds, opened

DRIVER = DriverTold(driver="张三", number="310", licence="31", issuer="")
OK = links.LoginAnswer(result=0, code=CODE)


@pytest.mark.parametrize("version", VERSIONS)
def test_it_connects_and_logs_in(version: Version) -> None:
    session, upper = Session(account(version)), Upper(version)
    assert (session.timer(), session.handle_timer(NOW)) == (None, [])
    session.start(NOW)
    assert session.timer() == NOW
    assert session.handle_timer(NOW) == [Connect()]
    assert (session.state(Link.MAIN), session.timer()) == (State.OPENING, None)
    session.opened(Link.MAIN, NOW)
    ((header, decoded),) = upper.heard(session.bytes_to_send(Link.MAIN))
    assert decoded.message == links.Login(
        user=12,
        password="secret",
        platform=31_000_001 if version is V2019 else None,
        address="192.0.2.1",
        port=9001,
    )
    assert header.time == (datetime(2026, 11, 28, 1, 2, 3, tzinfo=UTC) if version is V2019 else None)
    assert "secret" not in repr(account())
    events = session.receive_bytes(Link.MAIN, upper.say(OK), NOW)
    assert kinds(events) == ["LoggedIn"]
    assert session.state(Link.MAIN) is State.WORKING


@pytest.mark.parametrize(
    ("result", "text"),
    [(1, "IP 地址不正确"), (4, "密码错误"), (5, "资源紧张，稍后再连接（已经占用）"), (9, "其他")],
)
def test_a_refused_log_in_says_why_and_waits_longer_each_time(result: int, text: str) -> None:
    session, upper, now = Session(account()), Upper(), NOW
    session.start(now)
    for wait in (10.0, 20.0, 40.0, 70.0, 70.0):
        assert session.handle_timer(now) == [Connect()]
        session.opened(Link.MAIN, now)
        refused, gone = session.receive_bytes(
            Link.MAIN, upper.say(links.LoginAnswer(result=result, code=0)), now
        )
        assert isinstance(refused, LoginRefused)
        assert (refused.result, refused.text, refused.retry) == (result, text, now + wait)
        assert gone == Disconnect(Link.MAIN, Cause.REFUSED)
        assert session.lost(Link.MAIN, now) == []
        assert session.timer() == now + wait
        assert session.handle_timer(now + wait - 0.1) == []
        now += wait


def test_a_connection_that_cannot_be_opened_waits_longer_and_success_begins_anew() -> None:
    session, upper = Session(account()), Upper()
    session.start(NOW)
    session.handle_timer(NOW)
    assert session.lost(Link.MAIN, NOW) == [Lost(Link.MAIN, NOW + 10)]
    session.handle_timer(NOW + 10)
    assert session.lost(Link.MAIN, NOW + 10) == [Lost(Link.MAIN, NOW + 30)]
    session.handle_timer(NOW + 30)
    session.opened(Link.MAIN, NOW + 30)
    session.receive_bytes(Link.MAIN, upper.say(OK), NOW + 30)
    assert session.lost(Link.MAIN, NOW + 40) == [Lost(Link.MAIN, NOW + 50)]


def test_a_log_in_without_an_answer_is_given_up() -> None:
    session = opened(Session(account()))
    assert session.timer() == NOW + 30
    assert session.handle_timer(NOW + 30) == [
        Disconnect(Link.MAIN, Cause.NO_ANSWER),
        Lost(Link.MAIN, NOW + 40),
    ]


def test_an_idle_link_is_kept_alive_and_a_silent_one_given_up() -> None:
    upper = Upper()
    session = at_work(upper)
    for minute in (1, 2):
        assert session.timer() == NOW + 60 * minute
        assert session.handle_timer(NOW + 60 * minute) == []
        assert upper.messages(session.bytes_to_send(Link.MAIN)) == [links.KeepAlive()]
    assert session.receive_bytes(Link.MAIN, upper.say(links.KeepAliveAnswer()), NOW + 121) == [KeptAlive(1)]
    session.handle_timer(NOW + 180)
    session.handle_timer(NOW + 240)
    assert session.timer() == NOW + 300
    assert session.handle_timer(NOW + 301) == [
        Disconnect(Link.MAIN, Cause.SILENCE),
        Lost(Link.MAIN, NOW + 311),
    ]
    assert session.bytes_to_send(Link.MAIN) == b""


def test_a_probe_is_answered_when_all_before_it_was_read() -> None:
    upper, session = Upper(), at_work(Upper())
    session.send(DRIVER, NOW, VEHICLE)
    assert (session.probe(NOW), session.probe(NOW)) == (1, 2)
    assert upper.messages(session.bytes_to_send(Link.MAIN)) == [DRIVER, *[links.KeepAlive()] * 2]
    answers = upper.say(links.KeepAliveAnswer()) * 3
    assert session.receive_bytes(Link.MAIN, answers, NOW) == [KeptAlive(1), KeptAlive(2)]
    session.lost(Link.MAIN, NOW)
    with pytest.raises(NotLoggedInError):
        session.probe(NOW)
    at = NOW + 10
    session.handle_timer(at)
    session.opened(Link.MAIN, at)
    session.receive_bytes(Link.MAIN, upper.say(OK), at)
    assert session.probe(at) == 1


def test_the_slave_link_wants_the_code_of_the_log_in() -> None:
    upper = Upper()
    session = at_work(upper)
    session.opened(Link.SLAVE, NOW)
    wrong = upper.say(links.SlaveLogin(code=CODE + 1))
    assert kinds(session.receive_bytes(Link.SLAVE, wrong, NOW + 20)) == ["SlaveRefused"]
    assert upper.messages(session.bytes_to_send(Link.SLAVE)) == [links.SlaveLoginAnswer(result=1)]
    # Wrong codes do not keep it open.
    assert session.timer() == NOW + 30
    right = upper.say(links.SlaveLogin(code=CODE))
    assert kinds(session.receive_bytes(Link.SLAVE, right, NOW + 25)) == ["SlaveUp"]
    assert upper.messages(session.bytes_to_send(Link.SLAVE)) == [links.SlaveLoginAnswer(result=0)]


def test_without_a_log_in_no_code_is_right() -> None:
    session, upper = Session(account()), Upper()
    session.opened(Link.SLAVE, NOW)
    assert kinds(session.receive_bytes(Link.SLAVE, upper.say(links.SlaveLogin(code=0)), NOW)) == [
        "SlaveRefused"
    ]
    assert session.handle_timer(NOW + 30) == [Disconnect(Link.SLAVE, Cause.NO_ANSWER), Lost(Link.SLAVE, None)]


def test_the_slave_link_is_kept_alive_by_the_upper_platform() -> None:
    upper = Upper()
    session = at_work(upper, slave=True)
    assert session.receive_bytes(Link.SLAVE, upper.say(links.SlaveKeepAlive()), NOW + 50) == []
    assert upper.messages(session.bytes_to_send(Link.SLAVE)) == [links.SlaveKeepAliveAnswer()]
    for at in (60, 120, 170, 200):
        session.receive_bytes(Link.MAIN, upper.say(links.KeepAliveAnswer()), NOW + at)
        session.handle_timer(NOW + at)
    assert session.handle_timer(NOW + 230) == [Disconnect(Link.SLAVE, Cause.SILENCE), Lost(Link.SLAVE, None)]


def test_the_loss_of_the_main_link_is_told_over_the_slave_link_which_carries_on() -> None:
    upper = Upper()
    session = at_work(upper, slave=True)
    assert session.lost(Link.MAIN, NOW) == [Lost(Link.MAIN, NOW + 10)]
    assert upper.messages(session.bytes_to_send(Link.SLAVE)) == [links.MainLost(reason=0)]
    session.send(DRIVER, NOW, VEHICLE)
    assert upper.messages(session.bytes_to_send(Link.SLAVE)) == [DRIVER]
    assert session.bytes_to_send(Link.MAIN) == b""


def test_without_its_slave_link_the_upper_platform_speaks_over_the_main_link() -> None:
    upper = Upper()
    session = at_work(upper, slave=True)
    (down,) = session.receive_bytes(Link.SLAVE, upper.say(links.SlaveLogout(code=CODE)), NOW)
    assert isinstance(down, SlaveDown)
    assert down.reason is None
    assert upper.messages(session.bytes_to_send(Link.SLAVE)) == [links.SlaveLogoutAnswer()]
    assert session.lost(Link.SLAVE, NOW) == [Lost(Link.SLAVE, None)]
    notice = Notice(object_type=0, object_id="1", notice_id=3, text="通知")
    (received,) = session.receive_bytes(Link.MAIN, upper.say(notice), NOW)
    assert isinstance(received, MessageReceived)
    assert (received.link, received.decoded.message) == (Link.MAIN, notice)
    # A text is answered by nobody but the owner.
    assert session.bytes_to_send(Link.MAIN) == b""


def test_a_slave_link_that_the_upper_platform_calls_broken_is_closed() -> None:
    upper = Upper()
    session = at_work(upper, slave=True)
    events = session.receive_bytes(Link.MAIN, upper.say(links.SlaveLost(reason=1)), NOW)
    assert kinds(events) == ["SlaveDown", "Disconnect"]
    assert events[1] == Disconnect(Link.SLAVE, Cause.GONE)
    assert kinds(session.receive_bytes(Link.MAIN, upper.say(links.SlaveLost(reason=0)), NOW)) == ["SlaveDown"]


def test_leaving_logs_out_and_does_not_come_back() -> None:
    upper = Upper()
    session = at_work(upper, slave=True)
    assert session.leave(NOW) == []
    assert upper.messages(session.bytes_to_send(Link.SLAVE)) == [links.Closing(reason=1)]
    assert upper.messages(session.bytes_to_send(Link.MAIN)) == [links.Logout(user=12, password="secret")]
    assert session.leave(NOW) == []
    events = session.receive_bytes(Link.MAIN, upper.say(links.LogoutAnswer()) + upper.say(OK), NOW + 1)
    assert events == [Disconnect(Link.MAIN, Cause.LEFT)]
    session.lost(Link.SLAVE, NOW)
    assert session.timer() is None
    assert session.opened(Link.MAIN, NOW) == [Disconnect(Link.MAIN, Cause.LEFT)]
    session.start(NOW + 9)
    assert session.handle_timer(NOW + 9) == [Connect()]


def test_leaving_does_not_wait_for_ever_nor_for_a_log_in() -> None:
    session = at_work(Upper())
    session.leave(NOW)
    assert session.handle_timer(NOW + 30) == [Disconnect(Link.MAIN, Cause.NO_ANSWER), Lost(Link.MAIN, None)]
    session = opened(Session(account()))
    assert session.leave(NOW) == [Disconnect(Link.MAIN, Cause.LEFT)]
    assert session.leave(NOW) == []
    assert session.timer() is None


def test_starting_twice_changes_nothing() -> None:
    session = at_work(Upper())
    session.start(NOW)
    assert session.state(Link.MAIN) is State.WORKING
    assert session.timer() == NOW + 60


@pytest.mark.parametrize(
    ("link", "message"),
    [
        (Link.MAIN, links.KeepAlive()),
        (Link.MAIN, OK),
        (Link.MAIN, links.LogoutAnswer()),
        (Link.MAIN, links.SlaveKeepAlive()),
        (Link.SLAVE, links.KeepAliveAnswer()),
    ],
)
def test_what_is_not_in_its_place_is_refused_and_not_answered(link: Link, message: links.KeepAlive) -> None:
    upper = Upper()
    session = at_work(upper, slave=True)
    (refused,) = session.receive_bytes(link, upper.say(message), NOW)
    assert isinstance(refused, Refused)
    assert (refused.link, refused.refusal) == (link, Refusal.NOT_ALLOWED)
    assert session.bytes_to_send(link) == b""


def test_before_its_log_in_nobody_is_heard() -> None:
    upper = Upper()
    session = opened(Session(account()))
    session.opened(Link.SLAVE, NOW)
    for link in Link:
        assert kinds(session.receive_bytes(link, upper.say(links.UpperClosing(reason=0)), NOW)) == ["Refused"]
    session = Session(account())
    assert session.receive_bytes(Link.MAIN, upper.say(OK), NOW) == []


def test_what_does_not_read_becomes_an_event_with_its_bytes() -> None:
    upper = Upper()
    session = at_work(upper)
    short = wrap(build(Header(0x9101, 1, 1, V2011), b"\1"))
    other = wrap(build(Header(0x9101, 1, 1, V2019), b""))
    unknown = wrap(build(Header(0x9900, 1, 1, V2011), b"\7"))
    undecodable, known = session.receive_bytes(Link.MAIN, short + unknown, NOW)
    assert isinstance(undecodable, Undecodable)
    assert undecodable.body == b"\1"
    assert isinstance(known, MessageReceived)
    assert (known.decoded.message, known.decoded.rest) == (None, b"\7")
    # The frame of the other version has eight bytes more: they are no body of this one.
    assert kinds(session.receive_bytes(Link.MAIN, other + b"noise[", NOW)) == ["Undecodable", "Garbled"]
    assert session.kept == 0
    # What the noise ended with has begun a frame.
    assert session.receive_bytes(Link.MAIN, bytes(30) + b"]", NOW) == [
        Garbled(Link.MAIN, Reason.CHECKSUM, bytes(30))
    ]


def test_a_frame_too_short_for_the_agreed_version_is_garbled() -> None:
    session = opened(Session(account(V2019)))
    frame = wrap(build(Header(0x1002, 1, 1, V2011), b"\0"))
    (garbled,) = session.receive_bytes(Link.MAIN, frame, NOW)
    assert isinstance(garbled, Garbled)


def test_what_waited_to_go_out_is_lost_with_its_connection() -> None:
    session = at_work(Upper())
    session.send(DRIVER, NOW, VEHICLE)
    session.lost(Link.MAIN, NOW)
    assert session.bytes_to_send(Link.MAIN) == b""
    with pytest.raises(NotLoggedInError):
        session.send(DRIVER, NOW, VEHICLE)


@pytest.mark.parametrize(
    ("field", "value", "title"),
    [("password", "far too long", "密码"), ("port", 70_000, "端口"), ("user", -1, "用户名")],
)
def test_an_account_that_cannot_log_in_is_refused_by_the_field(field: str, value: object, title: str) -> None:
    with pytest.raises(UnencodableError, match=title):
        replace(account(), **{field: value})  # type: ignore[arg-type]
