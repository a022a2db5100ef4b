"""How the platform answers what it was told: by 0x8001, or by the answer that the message has of its own.

JT/T 808-2013 §8.2, §8.6, §8.53 (0x8800 for 0x0801).
"""

from __future__ import annotations

from anze.wire.events import (
    Awaiting,
    MessageReceived,
    PositionReported,
    PositionsReported,
    Registering,
    RegistrationResult,
    Result,
)
from anze.wire.messages.general import PlatformAck
from anze.wire.messages.media import MediaAnswer, MediaData
from anze.wire.messages.registration import RegistrationAnswer
from anze.wire.tables import Message


def answer_to(event: Awaiting, result: Result | RegistrationResult, code: str) -> list[Message]:
    """The messages that answer the event; a ValueError when a registration is to succeed without a code."""
    serial, message_id = event.header.serial, event.header.message_id
    if isinstance(event, Registering):
        if not result and not code:
            raise ValueError("鉴权码不能为空：有的终端收到空鉴权码就不再鉴权")
        return [RegistrationAnswer(serial=serial, result=int(result), code="" if result else code)]
    if isinstance(event, MessageReceived) and isinstance(event.message, MediaData) and not result:
        return [MediaAnswer(media_id=event.message.media_id)]
    parts: tuple[int, ...] = ()
    if isinstance(event, PositionReported | PositionsReported | MessageReceived):
        parts = event.serials
    return [
        PlatformAck(serial=each, message_id=message_id, result=int(result)) for each in parts or (serial,)
    ]
