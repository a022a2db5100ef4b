"""Where a frame begins and ends in a stream of bytes.

Rule 1: 0x7E only marks; inside a frame 0x7E is written 7D 02 and 0x7D is written 7D 01.
Rule 2: whatever lies between two marks and is no frame costs only itself; the next mark begins anew.
Rule 3: at most LONGEST bytes are kept; what grows beyond is dropped up to the next mark and reported once.

JT/T 808-2013 §4.4: mark, header, body, check code (XOR of header and body), mark.
"""

from __future__ import annotations

from typing import NamedTuple

from anze.wire.errors import Reason

MARK = b"\x7e"
MOST_BODY = 1023
# Header of 2019 with the sub-package fields, the longest body, the check code; every byte escaped.
LONGEST = 2 * (21 + MOST_BODY + 1)
# Header of 2011 without a body, and the check code.
SHORTEST = 13
KEPT_OF_BAD = 256


class Bad(NamedTuple):
    """Bytes of the wire that are no frame: `raw` as received, without marks, at most KEPT_OF_BAD of them."""

    reason: Reason
    raw: bytes


class FrameReader:
    """Cuts a stream into frames, however it was chopped into pieces."""

    __slots__ = ("_begun", "_left", "_skipping")

    def __init__(self) -> None:
        self._left = b""
        self._begun = False
        self._skipping = False

    def feed(self, data: bytes) -> list[bytes | Bad]:
        """Frames completed by the data: header and body, unescaped and checked; or the bad bytes."""
        *pieces, left = (self._left + data).split(MARK)
        found: list[bytes | Bad] = []
        for piece in pieces:
            if piece and not self._skipping:
                found.append(unwrap(piece) if self._begun else Bad(Reason.NOISE, piece[:KEPT_OF_BAD]))
            self._begun, self._skipping = True, False
        if self._skipping:
            left = b""
        elif len(left) > LONGEST:
            reason = Reason.TOO_LONG if self._begun else Reason.NOISE
            found.append(Bad(reason, left[:KEPT_OF_BAD]))
            self._skipping, left = True, b""
        self._left = left
        return found

    @property
    def kept(self) -> int:
        """Bytes waiting for their end mark."""
        return len(self._left)


def unwrap(piece: bytes) -> bytes | Bad:
    """What stands between two marks: unescaped, checked, without its check code."""
    whole = piece
    if b"\x7d" in piece:
        if piece.count(b"\x7d") != piece.count(b"\x7d\x01") + piece.count(b"\x7d\x02"):
            return Bad(Reason.ESCAPE, piece[:KEPT_OF_BAD])
        whole = piece.replace(b"\x7d\x02", MARK).replace(b"\x7d\x01", b"\x7d")
    if len(whole) < SHORTEST:
        return Bad(Reason.TOO_SHORT, piece[:KEPT_OF_BAD])
    if len(piece) > LONGEST:
        return Bad(Reason.TOO_LONG, piece[:KEPT_OF_BAD])
    if check_code(whole):
        return Bad(Reason.CHECKSUM, piece[:KEPT_OF_BAD])
    return whole[:-1]


def wrap(frame: bytes) -> bytes:
    """Header and body as they go over the wire, in either direction."""
    return delimit(frame + bytes((check_code(frame),)))


def delimit(whole: bytes) -> bytes:
    """Header, body and check code between their marks."""
    return MARK + whole.replace(b"\x7d", b"\x7d\x01").replace(MARK, b"\x7d\x02") + MARK


def check_code(data: bytes) -> int:
    """XOR of all bytes: one big number folded in half until a byte is left, ten times as fast as a loop."""
    number = int.from_bytes(data, "big")
    shift = 1 << (len(data) * 8 - 1).bit_length() if len(data) > 128 else 0
    while shift > 512:
        number ^= number >> shift
        shift >>= 1
    # What every position comes to, unrolled.
    number ^= number >> 512
    number ^= number >> 256
    number ^= number >> 128
    number ^= number >> 64
    number ^= number >> 32
    number ^= number >> 16
    return (number ^ number >> 8) & 0xFF
