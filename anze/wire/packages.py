"""Messages in parts: put together, asked for again, given up.

Rule 1: parts belong together by message, terminal, total, and the first part's serial: serial − part + 1.
Rule 2: a part sent again may come under a new serial; it joins a message that misses that part.
Rule 3: no more messages and bytes are kept than the limits say; the oldest message makes room.
Rule 4: after WAIT without a part the missing ones are asked for, ATTEMPTS times; then it is given up.

JT/T 808-2013 §4.4.3 and §8.4; 0x0005 of 2019. Time is an argument, in seconds of any steady clock.
"""

from __future__ import annotations

from typing import NamedTuple

from anze.wire.header import Header

WAIT = 5.0
ATTEMPTS = 3
MOST_MESSAGES = 64
MOST_BYTES = 4_000_000
# So many ids fit into one request.
MOST_WANTED = 125
# What a part costs beside its bytes.
OVERHEAD = 64


class Wanted(NamedTuple):
    """Parts to ask for again; `header` is that of the message, with the serial of its first part."""

    header: Header
    missing: tuple[int, ...]


class GivenUp(NamedTuple):
    """A message that is dropped, and the parts that it lacked."""

    header: Header
    missing: tuple[int, ...]


class Whole(NamedTuple):
    """A complete message: the header of its first part, its body, the serials under which its parts came."""

    header: Header
    body: bytes
    serials: tuple[int, ...]


class _Message:
    __slots__ = ("attempts", "due", "header", "parts", "serials", "size")

    def __init__(self, header: Header, due: float) -> None:
        self.header = header
        self.parts: dict[int, bytes] = {}
        self.serials: dict[int, int] = {}
        self.size = 0
        self.attempts = 0
        self.due = due

    def missing(self) -> tuple[int, ...]:
        """The first MOST_WANTED of them, counted without walking a large total."""
        found = []
        for part in range(1, self.header.total + 1):
            if part not in self.parts:
                found.append(part)
                if len(found) == MOST_WANTED:
                    break
        return tuple(found)


class Packages:
    """The messages of one connection that are not yet whole."""

    __slots__ = ("_messages",)

    def __init__(self) -> None:
        self._messages: list[_Message] = []

    def add(self, header: Header, body: bytes, now: float) -> tuple[Whole | None, list[GivenUp]]:
        """The message that the part completes, if it does; and what had to make room for it."""
        message = self._find(header)
        if message is None:
            first = header._replace(serial=(header.serial - header.part + 1) & 0xFFFF, part=1)
            message = _Message(first, now + WAIT)
            self._messages.append(message)
        message.due = now + WAIT
        if header.part not in message.parts:
            message.size += len(body) + OVERHEAD
            message.parts[header.part] = body
            message.serials[header.part] = header.serial
        if len(message.parts) < header.total:
            return None, self._make_room()
        self._messages.remove(message)
        ordered = sorted(message.parts)
        return (
            Whole(
                message.header._replace(total=0, part=0),
                b"".join(message.parts[part] for part in ordered),
                tuple(message.serials[part] for part in ordered),
            ),
            [],
        )

    def _find(self, header: Header) -> _Message | None:
        first = (header.serial - header.part + 1) & 0xFFFF
        alike = [
            each
            for each in self._messages
            if each.header[:2] == header[:2] and each.header.total == header.total
        ]
        for each in alike:
            if each.header.serial == first:
                return each
        return next((each for each in alike if each.attempts and header.part not in each.parts), None)

    def _make_room(self) -> list[GivenUp]:
        dropped = []
        while len(self._messages) > MOST_MESSAGES or self.kept > MOST_BYTES:
            message = self._messages.pop(0)
            dropped.append(GivenUp(message.header, message.missing()))
        return dropped

    def overdue(self, now: float) -> list[Wanted | GivenUp]:
        """What to ask for again and what is given up, at the instant."""
        found: list[Wanted | GivenUp] = []
        for message in [each for each in self._messages if each.due <= now]:
            if message.attempts == ATTEMPTS:
                self._messages.remove(message)
                found.append(GivenUp(message.header, message.missing()))
            else:
                message.attempts += 1
                message.due = now + WAIT
                found.append(Wanted(message.header, message.missing()))
        return found

    @property
    def timer(self) -> float | None:
        """The next instant at which `overdue` has something to say."""
        return min((message.due for message in self._messages), default=None)

    @property
    def kept(self) -> int:
        """Bytes waiting for their missing parts."""
        return sum(message.size for message in self._messages)
