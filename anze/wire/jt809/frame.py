"""Where a frame between two platforms begins and ends.

Rule 1: 0x5B only begins and 0x5D only ends; inside, 5B is 5A 01, 5A is 5A 02, 5D is 5E 01, 5E is 5E 02.
Rule 2: what is no frame costs only itself; the next 0x5B begins anew, even inside a frame without its end.
Rule 3: at most LONGEST bytes are kept; what grows beyond is dropped up to the next begin and reported once.
Rule 4: the check code is CRC-16/CCITT (0x1021, from 0xFFFF) over header and body before they are escaped.
Rule 5: a 5A or 5E that escapes nothing stands for itself, as peers send it; the check code decides.

JT/T 809-2011 §4 and 809lib, whose frames in tests/wire/jt809/vectors.jsonl hold the check code to account.
"""

from __future__ import annotations

import re
from binascii import crc_hqx

from anze.wire.errors import Reason
from anze.wire.frame import KEPT_OF_BAD, Bad

BEGIN, END = b"\x5b", b"\x5d"
MOST_LENGTH = 65_536
# Every byte of the longest message escaped.
LONGEST = 2 * MOST_LENGTH
CHECK = 2
# Header of 2011 without a body, and the check code.
SHORTEST = 22 + CHECK

MARKS = re.compile(rb"[\x5b\x5d]")
ESCAPES = {b"\x5a\x01": b"\x5b", b"\x5a\x02": b"\x5a", b"\x5e\x01": b"\x5d", b"\x5e\x02": b"\x5e"}
ESCAPED = re.compile(rb"[\x5a\x5e][\x01\x02]")
TO_ESCAPE = re.compile(rb"[\x5a\x5b\x5d\x5e]")
ESCAPE_OF = {plain: escape for escape, plain in ESCAPES.items()}


class FrameReader:
    """Cuts a stream into frames, however it was chopped into pieces."""

    __slots__ = ("_begun", "_left", "_skipping")

    def __init__(self) -> None:
        self._left = bytearray()
        self._begun = False
        self._skipping = False

    def feed(self, data: bytes) -> list[bytes | Bad]:
        """Frames completed by the data: header and body, unescaped and checked; or the bad bytes."""
        found: list[bytes | Bad] = []
        at = 0
        for mark in MARKS.finditer(data):
            self._keep(data[at : mark.start()], found)
            at = mark.end()
            if mark[0] == BEGIN:
                self._begin(found)
            else:
                self._end(found)
        self._keep(data[at:], found)
        return found

    @property
    def kept(self) -> int:
        """Bytes waiting for their end."""
        return len(self._left)

    def _begin(self, found: list[bytes | Bad]) -> None:
        if self._left:
            found.append(Bad(Reason.NO_END if self._begun else Reason.NOISE, self._taken()[:KEPT_OF_BAD]))
        self._begun, self._skipping = True, False

    def _end(self, found: list[bytes | Bad]) -> None:
        if self._begun:
            found.append(unwrap(self._taken()))
            self._begun = False
        else:
            self._keep(END, found)

    def _keep(self, piece: bytes, found: list[bytes | Bad]) -> None:
        if self._skipping:
            return
        self._left += piece
        if len(self._left) > (LONGEST if self._begun else KEPT_OF_BAD):
            reason = Reason.TOO_LONG if self._begun else Reason.NOISE
            found.append(Bad(reason, self._taken()[:KEPT_OF_BAD]))
            self._begun, self._skipping = False, True

    def _taken(self) -> bytes:
        taken = bytes(self._left)
        self._left.clear()
        return taken


def unwrap(piece: bytes) -> bytes | Bad:
    """What stands between begin and end: unescaped, checked, without its check code."""
    whole, escapes = ESCAPED.subn(lambda each: ESCAPES[each[0]], piece)
    if len(whole) < SHORTEST:
        return Bad(Reason.TOO_SHORT, piece[:KEPT_OF_BAD])
    frame, code = whole[:-CHECK], whole[-CHECK:]
    if check_code(frame) == int.from_bytes(code, "big"):
        return frame
    stray = piece.count(b"\x5a") + piece.count(b"\x5e") - escapes
    return Bad(Reason.ESCAPE if stray else Reason.CHECKSUM, piece[:KEPT_OF_BAD])


def wrap(frame: bytes) -> bytes:
    """Header and body as they go over the wire, in either direction."""
    whole = frame + check_code(frame).to_bytes(CHECK, "big")
    return BEGIN + TO_ESCAPE.sub(lambda each: ESCAPE_OF[each[0]], whole) + END


def check_code(data: bytes) -> int:
    return crc_hqx(data, 0xFFFF)
