"""The header of a frame between platforms: which message, of which lower platform, encrypted or not.

Rule 1: the version is agreed with the other platform, never guessed: the version bytes are the same in both.
Rule 2: the length counts everything, begin and end included, before escaping; another one is malformed.
Rule 3: the time of 2019 is kept as it is; one that is none is None.

JT/T 809-2011 §4 (22 bytes); 2019 adds the time (30 bytes); frames of both in tests/wire/jt809/vectors.jsonl.
"""

from __future__ import annotations

import struct
from datetime import datetime
from struct import Struct
from typing import NamedTuple

from anze.wire.errors import MalformedError, Reason, UnencodableError
from anze.wire.header import Version
from anze.wire.jt809.frame import CHECK, MOST_LENGTH
from anze.wire.jt809.kinds import instant_of, seconds_of

PLAIN, HIDDEN = 0, 1
VERSION_BYTES = b"\x01\x00\x00"
HEAD = Struct(">IIHI3sBI")
TIME = Struct(">Q")
# What the length counts beside header and body.
AROUND = 2 + CHECK


class Header(NamedTuple):
    """`platform` is the access code (接入码) of the lower platform; `time` is of 2019 only."""

    message_id: int
    platform: int
    serial: int
    version: Version
    time: datetime | None = None
    encrypted: int = PLAIN
    key: int = 0
    revision: bytes = VERSION_BYTES


def parse(frame: bytes, version: Version) -> tuple[Header, bytes]:
    """The header and the body of a checked frame; raises MalformedError."""
    size = size_of(version)
    if len(frame) < size:
        raise MalformedError(Reason.TOO_SHORT)
    length, serial, message_id, platform, revision, encrypted, key = HEAD.unpack_from(frame)
    if length != len(frame) + AROUND:
        raise MalformedError(Reason.LENGTH, f"{length} != {len(frame) + AROUND}")
    time = instant_of(*TIME.unpack_from(frame, HEAD.size)) if version is Version.V2019 else None
    return Header(message_id, platform, serial, version, time, encrypted, key, revision), frame[size:]


def build(header: Header, body: bytes) -> bytes:
    """Header and body of one frame; raises UnencodableError where something does not fit."""
    length = size_of(header.version) + len(body) + AROUND
    if length > MOST_LENGTH:
        raise UnencodableError(f"消息 {length} 字节，超过 {MOST_LENGTH}")
    fields = (header.message_id, header.platform, header.revision, header.encrypted, header.key)
    try:
        head = HEAD.pack(length, header.serial, *fields)
    except struct.error:
        raise UnencodableError(f"报文头字段超出范围：{header}") from None
    return head + (TIME.pack(seconds_of(header.time)) if header.version is Version.V2019 else b"") + body


def size_of(version: Version) -> int:
    return HEAD.size + (TIME.size if version is Version.V2019 else 0)
