"""All messages, by theme; `decode` and `encode` find them by id."""

from __future__ import annotations

from anze.wire.header import Version
from anze.wire.messages import (
    areas,
    attachments,
    control,
    drivers,
    general,
    location,
    media,
    parameters,
    registration,
    text,
    video,
)
from anze.wire.tables import MESSAGES, Message, read_table, write_table

__all__ = [
    "MESSAGES",
    "areas",
    "attachments",
    "control",
    "decode",
    "drivers",
    "encode",
    "general",
    "location",
    "media",
    "parameters",
    "registration",
    "text",
    "video",
]


def decode(message_id: int, body: bytes, version: Version) -> tuple[Message, bytes] | None:
    """The message, and bytes that its table does not know; None for an unknown id; raises MalformedError."""
    known = MESSAGES.get(message_id)
    if known is None:
        return None
    message, end = read_table(known, body, 0, version)
    return message, body[end:]


def encode(message: Message, version: Version) -> bytes:
    """The body of the message; raises UnencodableError."""
    return write_table(message, version)
