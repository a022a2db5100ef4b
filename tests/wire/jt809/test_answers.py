"""Questions are answered by named persons, and by nothing else."""

from __future__ import annotations

from dataclasses import replace

import pytest

from anze.wire.errors import UnencodableError
from anze.wire.header import Version
from anze.wire.jt809.answers import Given, NotForSendingError, Responder
from anze.wire.jt809.events import Forgotten, Link, RollCallAsked, Unanswered
from anze.wire.jt809.messages import links
from anze.wire.jt809.messages.alarms import Handling, SupervisionAnswer
from anze.wire.jt809.messages.platforms import Notice, NoticeAnswer, RollCallAnswer
from anze.wire.jt809.pair import NotLoggedInError
from anze.wire.jt809.questions import MOST_QUESTIONS, NotAskedError
from anze.wire.jt809.tables import VERSIONS, Message
from tests.wire.jt809.upper import CALL, NOW, V2011, V2019, VEHICLE, Upper, at_work, called, urged

PERSON = Responder("张三", "13800000000")


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("link", [*Link])
def test_a_roll_call_waits_for_a_person_and_bears_the_name(version: Version, link: Link) -> None:
    upper = Upper(version)
    session = at_work(upper, slave=True)
    asked = called(session, upper, link)
    for minute in range(1, 3):
        session.handle_timer(NOW + 60 * minute)
    assert upper.messages(session.bytes_to_send(Link.MAIN)) == [links.KeepAlive()] * 2
    given = session.answer_roll_call(asked, by=PERSON, text="在岗", now=NOW)
    ((header, decoded),) = upper.heard(session.bytes_to_send(Link.MAIN))
    assert given == Given(asked, PERSON, header.serial)
    new = version is V2019
    assert decoded.message == RollCallAnswer(
        object_type=1,
        responder="张三" if new else None,
        telephone="13800000000" if new else None,
        object_id="310001",
        source_id=0x9301 if new else None,
        source_serial=asked.header.serial if new else None,
        question_id=None if new else 5,
        text="在岗",
    )
    assert (session.bytes_to_send(Link.SLAVE), session.open_questions) == (b"", 0)


def test_a_supervision_waits_for_a_person() -> None:
    upper = Upper()
    session = at_work(upper, slave=True)
    asked = urged(session, upper, Link.SLAVE)
    given = session.answer_supervision(asked, by=PERSON, result=Handling.DONE, now=NOW)
    ((header, decoded),) = upper.heard(session.bytes_to_send(Link.MAIN))
    assert given == Given(asked, PERSON, header.serial)
    assert (decoded.vehicle, decoded.message) == (VEHICLE, SupervisionAnswer(supervision_id=77, result=1))


@pytest.mark.parametrize("name", ["", "  ", "\t"])
def test_nobody_is_no_responder(name: str) -> None:
    with pytest.raises(ValueError, match="应答人姓名"):
        Responder(name)


def test_a_question_is_answered_once() -> None:
    upper = Upper()
    session = at_work(upper)
    asked = called(session, upper)
    session.answer_roll_call(asked, by=PERSON, text="在岗", now=NOW)
    with pytest.raises(NotAskedError):
        session.answer_roll_call(asked, by=PERSON, text="在岗", now=NOW)


def test_an_answer_that_cannot_be_sent_leaves_the_question_open() -> None:
    upper = Upper(V2019)
    session = at_work(upper)
    asked = called(session, upper)
    with pytest.raises(UnencodableError, match="查岗应答人姓名"):
        session.answer_roll_call(asked, by=Responder("很长很长很长很长的名字"), text="在岗", now=NOW)
    session.lost(Link.MAIN, NOW)
    with pytest.raises(NotLoggedInError):
        session.answer_roll_call(asked, by=PERSON, text="在岗", now=NOW)
    assert session.open_questions == 1


@pytest.mark.parametrize(("version", "seconds"), [(V2011, 600.0), (V2019, 600.0)])
def test_silence_is_told_once_and_a_late_answer_still_goes_out(version: Version, seconds: float) -> None:
    upper = Upper(version)
    session = at_work(upper)
    asked = called(session, upper)
    assert asked.due == NOW + seconds
    for at in (60, 170, 340, 510, 590):
        session.receive_bytes(Link.MAIN, upper.say(links.KeepAliveAnswer()), NOW + at)
        assert session.handle_timer(NOW + at) == []
    assert session.timer() == asked.due
    assert session.handle_timer(asked.due) == [Unanswered(asked)]
    assert session.handle_timer(asked.due + 1) == []
    session.bytes_to_send(Link.MAIN)
    session.answer_roll_call(asked, by=PERSON, text="在岗", now=asked.due + 2)
    assert len(upper.messages(session.bytes_to_send(Link.MAIN))) == 1


def test_the_limit_of_2019_is_the_questions_own() -> None:
    upper = Upper(V2019)
    session = at_work(upper)
    asked = called(session, upper)
    assert asked.message.minutes == 10
    assert asked.due == NOW + 600


def test_a_question_repeated_under_its_serial_is_the_same_and_as_old() -> None:
    upper = Upper()
    session = at_work(upper)
    asked = called(session, upper)
    upper.serial -= 1
    assert called(session, upper, now=NOW + 100) == asked
    session.answer_roll_call(asked, by=PERSON, text="在岗", now=NOW + 101)
    assert session.open_questions == 0


def test_another_question_under_the_same_serial_takes_its_place() -> None:
    upper = Upper()
    session = at_work(upper)
    asked = called(session, upper)
    upper.serial -= 1
    other = replace(asked.message, text="1+1=?")
    (again,) = session.receive_bytes(Link.MAIN, upper.say(other), NOW)
    assert again == replace(asked, message=other)
    assert session.open_questions == 1
    with pytest.raises(NotAskedError):
        session.answer_roll_call(asked, by=PERSON, text="在岗", now=NOW)


def test_a_question_that_the_owner_kept_can_be_answered_by_a_new_session() -> None:
    upper = Upper(V2011)
    (asked,) = at_work(upper).receive_bytes(Link.MAIN, upper.say(CALL), NOW)
    assert isinstance(asked, RollCallAsked)
    later = at_work(upper)
    given = later.answer_roll_call(later.recall(asked), by=Responder("郑值班"), text="在岗", now=NOW + 60)
    assert given.asked == asked
    (answer,) = upper.messages(later.bytes_to_send(Link.MAIN))
    assert isinstance(answer, RollCallAnswer)
    assert (answer.question_id, answer.text) == (CALL.question_id, "在岗")


def test_a_question_still_open_is_recalled_as_it_stands() -> None:
    upper, session = Upper(V2011), at_work(Upper(V2011))
    (asked,) = session.receive_bytes(Link.MAIN, upper.say(CALL), NOW)
    assert isinstance(asked, RollCallAsked)
    assert session.recall(replace(asked, due=asked.due + 1)) is asked
    assert session.open_questions == 1


def test_too_many_questions_forget_the_oldest_and_say_so() -> None:
    upper = Upper()
    session = at_work(upper)
    first = urged(session, upper)
    second = called(session, upper)
    for _ in range(MOST_QUESTIONS - 2):
        urged(session, upper)
    forgotten, _ = session.receive_bytes(Link.MAIN, upper.say(first.message, VEHICLE), NOW)
    assert forgotten == Forgotten(first)
    forgotten, _ = session.receive_bytes(Link.MAIN, upper.say(first.message, VEHICLE), NOW)
    assert forgotten == Forgotten(second)
    assert session.open_questions == MOST_QUESTIONS
    with pytest.raises(NotAskedError):
        session.answer_roll_call(second, by=PERSON, text="在岗", now=NOW)


@pytest.mark.parametrize(
    "message",
    [
        RollCallAnswer(object_type=1, object_id="1", question_id=1, text="在岗"),
        SupervisionAnswer(supervision_id=1, result=1),
        links.KeepAlive(),
        links.Login(user=1, password="", address="", port=1),
        Notice(object_type=0, object_id="1", notice_id=3, text=""),
    ],
)
def test_send_takes_no_answers_of_persons_and_nothing_of_the_links(message: Message) -> None:
    session = at_work(Upper())
    with pytest.raises(NotForSendingError):
        session.send(message, NOW)
    assert session.bytes_to_send(Link.MAIN) == b""


def test_a_text_is_confirmed_when_the_owner_says_so() -> None:
    upper = Upper()
    session = at_work(upper)
    assert session.send(NoticeAnswer(notice_id=3), NOW) == 1
    assert upper.messages(session.bytes_to_send(Link.MAIN)) == [NoticeAnswer(notice_id=3)]
