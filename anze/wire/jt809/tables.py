"""A message between platforms: a table with its id, the business that carries it, its source, and a mark.

    @message(0x9401, "报警督办请求", "809lib", verified=(V2011,))
    class Supervision(Message):
        urged_until: datetime | None = column(UtcTime(), "督办截止时间")

`verified` are the versions whose layout a worked frame of somebody else confirms; a test holds the marks
against tests/wire/jt809/vectors.jsonl. A layout without it is the source's word alone.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar, TypeVar, dataclass_transform

from anze.wire.header import Version
from anze.wire.tables import Table, column, table

V2011, V2019 = Version.V2011, Version.V2019
VERSIONS = (V2011, V2019)
# Messages inside another: the high byte of their id names the business that carries them.
CARRIERS = frozenset((0x1200, 0x9200, 0x1300, 0x9300, 0x1400, 0x9400))


class Message(Table):
    """A table with a message id."""

    __slots__ = ()
    ID: ClassVar[int] = -1
    TITLE: ClassVar[str] = ""
    SOURCE: ClassVar[str] = ""
    VERIFIED: ClassVar[frozenset[Version]] = frozenset()


MessageClass = TypeVar("MessageClass", bound=type[Message])
MESSAGES: dict[int, type[Message]] = {}


@dataclass_transform(kw_only_default=True, frozen_default=True, field_specifiers=(column,))
def message(
    message_id: int, title: str, source: str, verified: tuple[Version, ...] = ()
) -> Callable[[MessageClass], MessageClass]:
    """A message: registered under its id, so that `decode` finds it."""

    def declare(cls: MessageClass) -> MessageClass:
        made = table(cls)
        made.ID, made.TITLE, made.SOURCE, made.VERIFIED = message_id, title, source, frozenset(verified)
        assert message_id not in MESSAGES, f"0x{message_id:04X}"
        MESSAGES[message_id] = made
        return made

    return declare


def carrier_of(message_id: int) -> int:
    """The id in the header of the frame: the business that carries the message, or its own."""
    business = message_id & 0xFF00
    return business if business in CARRIERS else message_id
