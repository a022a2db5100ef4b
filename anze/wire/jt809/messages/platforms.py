"""What the platforms ask and tell each other: the roll-call (查岗) and texts.

A roll-call asks whether somebody watches; its answer names, in 2019, who answered. The questions of 2011 are
seen with and without the object they are put to; the length that adds up tells which.

809lib: layouts.
"""

from __future__ import annotations

from typing import Any

from anze.wire.fields import BYTE, DWORD, WORD, Kind, Seen, Text, When, since_2019
from anze.wire.header import Version
from anze.wire.jt809.kinds import CONTENT
from anze.wire.jt809.messages.vehicles import by_version
from anze.wire.jt809.tables import V2011, VERSIONS, Message, message
from anze.wire.tables import column

OBJECT = by_version(Text(12), Text(20))
SHORT_HEAD = 8


class ObjectType:
    """Whom the roll-call is put to; None where the question of 2011 begins with its id at once."""

    __slots__ = ()

    def read(self, data: bytes, at: int, seen: Seen) -> tuple[int | None, int]:
        if seen.version is not Version.V2019 and _is_short(data, at):
            return None, at
        return BYTE.read(data, at, seen)

    def write(self, value: Any, seen: Seen) -> bytes:
        bare = value is None and seen.version is not Version.V2019
        return b"" if bare else BYTE.write(value, seen)


def _is_short(data: bytes, at: int) -> bool:
    head = data[at : at + SHORT_HEAD]
    return len(head) == SHORT_HEAD and int.from_bytes(head[4:], "big") == len(data) - at - SHORT_HEAD


def told_to_whom(seen: Seen) -> bool:
    return seen.values["object_type"] is not None


def put_to(kind: Kind) -> Kind:
    return When(told_to_whom, kind)


@message(0x9301, "平台查岗请求", "809lib", verified=VERSIONS)
class RollCall(Message):
    object_type: int | None = column(ObjectType(), "查岗对象的类型：1 本平台 2 单一业户 3 所有业户")
    object_id: str | None = column(put_to(OBJECT), "查岗对象的 ID")
    minutes: int | None = column(since_2019(BYTE), "应答时限", "min", default=None)
    question_id: int = column(DWORD, "信息 ID")
    text: str = column(CONTENT, "信息内容")


@message(0x1301, "平台查岗应答", "809lib", verified=VERSIONS)
class RollCallAnswer(Message):
    object_type: int = column(BYTE, "查岗对象的类型")
    responder: str | None = column(since_2019(Text(16)), "查岗应答人姓名", default=None)
    telephone: str | None = column(since_2019(Text(20)), "查岗应答人联系电话", default=None)
    object_id: str = column(OBJECT, "查岗对象的 ID")
    source_id: int | None = column(since_2019(WORD), "源子业务类型标识", default=None)
    source_serial: int | None = column(since_2019(DWORD), "源报文序列号", default=None)
    question_id: int | None = column(by_version(DWORD, None), "信息 ID", default=None)
    text: str = column(CONTENT, "应答内容")


@message(0x9302, "下发平台间报文请求", "809lib", verified=(V2011,))
class Notice(Message):
    object_type: int = column(BYTE, "对象的类型")
    object_id: str = column(Text(12), "对象的 ID")
    notice_id: int = column(DWORD, "信息 ID")
    text: str = column(CONTENT, "信息内容")


@message(0x1302, "下发平台间报文应答", "809lib", verified=VERSIONS)
class NoticeAnswer(Message):
    source_id: int | None = column(since_2019(WORD), "源子业务类型标识", default=None)
    source_serial: int | None = column(since_2019(DWORD), "源报文序列号", default=None)
    notice_id: int | None = column(by_version(DWORD, None), "信息 ID", default=None)
