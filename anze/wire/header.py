"""The header of a frame: which message, from whom, in which version, which part of how many.

Rule 1: bit 14 of the properties says 2019; without it, 2019 is read where only that fits the length.
Rule 2: a length that fits neither layout makes the frame malformed.
Rule 3: 2011 and 2013 have one header; which of them speaks is learnt from the registration.

JT/T 808-2013 §4.4.3; the version byte and the longer number are of 2019.
"""

from __future__ import annotations

from enum import IntEnum
from struct import Struct
from typing import NamedTuple

from anze.wire.errors import MalformedError, Reason, UnencodableError
from anze.wire.frame import MOST_BODY, wrap


class Version(IntEnum):
    V2011 = 2011
    V2013 = 2013
    V2019 = 2019


class Header(NamedTuple):
    """`terminal` is the phone number without leading zeros; `part` counts from 1, and is 0 when not split."""

    message_id: int
    terminal: str
    serial: int
    version: Version
    encryption: int = 0
    total: int = 0
    part: int = 0


NARROW = Struct(">HH6sH")
WIDE = Struct(">HHB10sH")
PARTS = Struct(">HH")
LENGTH_BITS, ENCRYPTION_BITS, SPLIT_BIT, VERSION_BIT = 0x03FF, 0x1C00, 0x2000, 0x4000
REVISION = 1


def parse(frame: bytes) -> tuple[Header, bytes]:
    """The header and the body of a checked frame; raises MalformedError."""
    if len(frame) < NARROW.size:
        raise MalformedError(Reason.TOO_SHORT)
    message_id, properties, phone, serial = NARROW.unpack_from(frame)
    at, version = NARROW.size, Version.V2013
    # Bits 13 and 14 in one test: the everyday frame of 2013 has neither.
    odd = properties & (VERSION_BIT | SPLIT_BIT | ENCRYPTION_BITS)
    if odd or len(frame) - at != properties & LENGTH_BITS:
        return _parse_rest(frame, properties)
    return Header(message_id, phone.hex().lstrip("0") or "0", serial, version), frame[at:]


def _parse_rest(frame: bytes, properties: int) -> tuple[Header, bytes]:
    split = PARTS.size if properties & SPLIT_BIT else 0
    length = properties & LENGTH_BITS
    wide = bool(properties & VERSION_BIT) or len(frame) == WIDE.size + split + length
    layout = WIDE if wide else NARROW
    if len(frame) != layout.size + split + length:
        raise MalformedError(Reason.LENGTH, f"{len(frame)} != {layout.size} + {split} + {length}")
    if wide:
        message_id, _, _, phone, serial = WIDE.unpack_from(frame)
    else:
        message_id, _, phone, serial = NARROW.unpack_from(frame)
    total, part = PARTS.unpack_from(frame, layout.size) if split else (0, 0)
    if split and not 1 <= part <= total:
        raise MalformedError(Reason.PART, f"{part}/{total}")
    header = Header(
        message_id,
        phone.hex().lstrip("0") or "0",
        serial,
        Version.V2019 if wide else Version.V2013,
        (properties & ENCRYPTION_BITS) >> 10,
        total,
        part,
    )
    return header, frame[layout.size + split :]


def build(header: Header, body: bytes) -> bytes:
    """Header and body of one frame; a terminal number longer than the layout holds is UnencodableError."""
    if len(body) > MOST_BODY:
        raise UnencodableError(f"消息体 {len(body)} 字节，超过 {MOST_BODY}")
    properties = len(body) | header.encryption << 10 | (SPLIT_BIT if header.total else 0)
    wide = header.version is Version.V2019
    digits = 20 if wide else 12
    if len(header.terminal) > digits:
        raise UnencodableError(f"终端手机号 {header.terminal} 超过 {digits} 位")
    phone = bytes.fromhex(header.terminal.zfill(digits))
    if wide:
        head = WIDE.pack(header.message_id, properties | VERSION_BIT, REVISION, phone, header.serial)
    else:
        head = NARROW.pack(header.message_id, properties, phone, header.serial)
    return head + (PARTS.pack(header.total, header.part) if header.total else b"") + body


def encode(header: Header, body: bytes) -> tuple[bytes, ...]:
    """The message on the wire: one frame, or as many numbered parts as its length needs."""
    if len(body) <= MOST_BODY:
        return (wrap(build(header, body)),)
    pieces = [body[at : at + MOST_BODY] for at in range(0, len(body), MOST_BODY)]
    frames = []
    for n, piece in enumerate(pieces):
        part = header._replace(serial=(header.serial + n) & 0xFFFF, total=len(pieces), part=n + 1)
        frames.append(wrap(build(part, piece)))
    return tuple(frames)
