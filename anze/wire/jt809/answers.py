"""Answers to questions of the upper platform: always a person's, never the program's."""

from __future__ import annotations

from dataclasses import dataclass

from anze.wire.jt809.events import Asked, RollCallAsked, SupervisionAsked
from anze.wire.jt809.messages import links
from anze.wire.jt809.messages.alarms import Handling, SupervisionAnswer
from anze.wire.jt809.messages.platforms import RollCallAnswer
from anze.wire.jt809.tables import CARRIERS, Message, carrier_of

BY_A_PERSON = frozenset((RollCallAnswer.ID, SupervisionAnswer.ID))
FROM_ABOVE = 0x9000
THIS_PLATFORM = 1


class NotForSendingError(ValueError):
    """A message that the session sends itself, that comes from above only, or that a person has to give."""


@dataclass(frozen=True, slots=True)
class Responder:
    """Who answers. In 2019 the answer to a roll-call bears both; otherwise the owner alone keeps them."""

    name: str
    telephone: str = ""

    def __post_init__(self) -> None:
        if not self.name.strip():
            raise ValueError("应答人姓名不能为空")


@dataclass(frozen=True, slots=True)
class Given:
    """An answer on its way: to what, by whom, under which serial. For the owner's record."""

    asked: Asked
    by: Responder
    serial: int


def check_sendable(message: Message) -> None:
    carried = carrier_of(message.ID) in CARRIERS or message.ID == links.LinkReport.ID
    if not carried or message.ID >= FROM_ABOVE or message.ID in BY_A_PERSON:
        raise NotForSendingError(f"0x{message.ID:04X}")


def roll_call_answer(asked: RollCallAsked, by: Responder, text: str) -> RollCallAnswer:
    question = asked.message
    return RollCallAnswer(
        object_type=question.object_type or THIS_PLATFORM,
        responder=by.name,
        telephone=by.telephone,
        object_id=question.object_id or "",
        source_id=question.ID,
        source_serial=asked.header.serial,
        question_id=question.question_id,
        text=text,
    )


def supervision_answer(asked: SupervisionAsked, result: Handling) -> SupervisionAnswer:
    return SupervisionAnswer(supervision_id=asked.message.supervision_id, result=int(result))
