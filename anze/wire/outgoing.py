"""What the platform says on one connection: numbered, in the layout of who it is for, waiting to go out."""

from __future__ import annotations

from collections.abc import Iterable

from anze.wire.acks import acknowledgement, lead_of
from anze.wire.header import Header, encode
from anze.wire.messages import encode as encode_body
from anze.wire.states import Terminal
from anze.wire.tables import Message


class Outgoing:
    """`known`: what the session knows of the terminal; None for a stranger."""

    __slots__ = ("_frames", "_serial")

    def __init__(self) -> None:
        self._frames: list[bytes] = []
        self._serial = -1

    def add(self, frames: Iterable[bytes]) -> None:
        self._frames.extend(frames)

    def take(self) -> bytes:
        """All that waits."""
        if not self._frames:
            return b""
        data = b"".join(self._frames)
        self._frames.clear()
        return data

    def command(self, known: Terminal, terminal: str, message: Message) -> tuple[Header, tuple[bytes, ...]]:
        """The frames of a message, each with a serial; UnencodableError uses none up."""
        body = encode_body(message, known.version)
        header = Header(message.ID, terminal, (self._serial + 1) & 0xFFFF, known.spoken)
        frames = encode(header, body)
        self._serial = (self._serial + len(frames)) & 0xFFFF
        return header, frames

    def answer(self, known: Terminal | None, header: Header, message: Message) -> bytes:
        """One message back to the terminal of the header, in the layout it speaks."""
        version = header.version if known is None else known.version
        self._serial = (self._serial + 1) & 0xFFFF
        back = Header(message.ID, header.terminal, self._serial, header.version)
        frames = encode(back, encode_body(message, version))
        self._serial = (self._serial + len(frames) - 1) & 0xFFFF
        return b"".join(frames)

    def acknowledgement(self, known: Terminal | None, header: Header, serial: int, result: int) -> bytes:
        self._serial = (self._serial + 1) & 0xFFFF
        if known is None:
            lead = lead_of(header.terminal, header.version)
        elif known.lead is None or known.lead.version is not header.version:
            lead = known.lead = lead_of(header.terminal, header.version)
        else:
            lead = known.lead
        return acknowledgement(lead, self._serial, serial, header.message_id, result)
