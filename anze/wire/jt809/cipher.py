"""The keyed stream that hides bodies from onlookers: M1, IA1, IC1 and a key, from the upper platform.

Rule 1: each step makes the key IA1 × (key mod M1) + IC1 in 32 bits; its bits 20 to 27 go over a byte.
Rule 2: the same stream hides and reveals; a key or an M1 of 0 counts as 1.
Rule 3: the body alone is hidden; the key stands in the header, and the check code is of what is sent.

JT/T 809-2011, encryption of messages, as quoted with its C text by implementers, and 809lib, whose worked
frame in tests/wire/jt809/vectors.jsonl holds it to account. It keeps nobody out who knows the three numbers.
"""

from __future__ import annotations

from typing import NamedTuple

from anze.wire.errors import UnencodableError

MOST = 0xFFFF_FFFF


class Cipher(NamedTuple):
    """`key` is what this side puts into its headers."""

    m1: int
    ia1: int
    ic1: int
    key: int

    def check(self) -> None:
        """Raises UnencodableError."""
        for name, value in self._asdict().items():
            if not 0 <= value <= MOST:
                raise UnencodableError(f"加密参数 {name.upper()} 超出范围：应为 0–{MOST}")

    def over(self, body: bytes, key: int) -> bytes:
        """The body hidden, or revealed."""
        key, modulus = key or 1, self.m1 or 1
        out = bytearray(body)
        for at, byte in enumerate(body):
            key = self.ia1 * (key % modulus) + self.ic1 & MOST
            out[at] = byte ^ key >> 20 & 0xFF
        return bytes(out)
