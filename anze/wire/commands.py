"""Commands on their way: which reply belongs to which, and which never came.

Rule 1: a reply that names a serial answers the command sent under it; 0x0107, 0x0608 and 0x1003 name none
        and answer the oldest command of their kind.
Rule 2: a command with an answer of its own is not done by an acknowledgement that says success;
        by one that says anything else, it is.
Rule 3: at most MOST_COMMANDS wait for one terminal.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from anze.wire.events import Answered, Unanswered
from anze.wire.header import Header
from anze.wire.messages.general import TerminalAck
from anze.wire.tables import MESSAGES, Message

MOST_COMMANDS = 32


class Pending(NamedTuple):
    """A command without its reply; `frames` are kept of those that went out in parts."""

    header: Header
    due: float
    frame_count: int
    frames: tuple[bytes, ...]

    def sent_as(self, serial: int) -> bool:
        """Whether the serial is that of the command, or of one of its parts."""
        return (serial - self.header.serial) & 0xFFFF < self.frame_count


class Commands:
    """The commands of one connection that wait for replies."""

    __slots__ = ("_pending",)

    def __init__(self) -> None:
        self._pending: list[Pending] = []

    def add(self, header: Header, frames: tuple[bytes, ...], due: float) -> None:
        self._pending.append(Pending(header, due, len(frames), frames if len(frames) > 1 else ()))

    def count(self, terminal: str) -> int:
        return sum(each.header.terminal == terminal for each in self._pending)

    def forget(self, terminal: str) -> None:
        self._pending = [each for each in self._pending if each.header.terminal != terminal]

    def answered(self, header: Header, message: Message) -> Answered | None:
        """The command that the message replies to; None when it replies to none."""
        serial: int | None = getattr(message, "serial", None)
        for each in self._pending:
            if each.header.terminal != header.terminal or not _answers(each, message, serial):
                continue
            result = message.result if isinstance(message, TerminalAck) else 0
            if result or not (isinstance(message, TerminalAck) and _has_answer(each.header.message_id)):
                self._pending.remove(each)
            return Answered(header, each.header.serial, each.header.message_id, result, message)
        return None

    def frames(self, terminal: str, serial: int, parts: Iterable[int]) -> list[bytes]:
        """The parts of a command that the terminal asks for again."""
        for each in self._pending:
            if each.header.terminal == terminal and each.sent_as(serial):
                return [each.frames[part - 1] for part in set(parts) if 1 <= part <= len(each.frames)]
        return []

    def overdue(self, now: float) -> list[Unanswered]:
        late = [each for each in self._pending if each.due <= now]
        self._pending = [each for each in self._pending if each.due > now]
        return [Unanswered(each.header.terminal, each.header.serial, each.header.message_id) for each in late]

    @property
    def timer(self) -> float | None:
        return min((each.due for each in self._pending), default=None)


def _answers(pending: Pending, message: Message, serial: int | None) -> bool:
    if isinstance(message, TerminalAck):
        return message.message_id == pending.header.message_id and pending.sent_as(message.serial)
    if pending.header.message_id not in message.ANSWERS:
        return False
    return serial is None or pending.sent_as(serial)


def _has_answer(message_id: int) -> bool:
    return any(message_id in each.ANSWERS for each in MESSAGES.values())
