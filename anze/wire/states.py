"""What a terminal may say, by how far it has introduced itself.

    connected ── 0x0100 acknowledged ──▶ registered ── 0x0102 acknowledged ──▶ authenticated ──▶ working
        └────────────────── 0x0102 acknowledged ─────────────────────────────────▲
    0x0003 leads back to connected; `displace` leads to displaced, which is as connected.

JT/T 808-2013 §5.
"""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple

from anze.wire.events import Refusal
from anze.wire.header import Header, Version

REGISTER, AUTHENTICATE = 0x0100, 0x0102


class State(Enum):
    CONNECTED = "已连接"
    REGISTERED = "已注册"
    AUTHENTICATED = "已鉴权"
    WORKING = "工作中"
    DISPLACED = "已被新连接取代"


ENTRY = frozenset((REGISTER, AUTHENTICATE))
# What each state admits: these ids only, or (None) every one.
ALLOWED: dict[State, frozenset[int] | None] = {
    State.CONNECTED: ENTRY,
    State.REGISTERED: ENTRY,
    State.AUTHENTICATED: None,
    State.WORKING: None,
    State.DISPLACED: ENTRY,
}


def refusal_of(state: State, header: Header) -> Refusal | None:
    """Who may only introduce himself needs no parts for it, and is given no memory for them."""
    if header.encryption:
        return Refusal.ENCRYPTED
    allowed = ALLOWED[state]
    if allowed is None or (header.message_id in allowed and header.total <= 1):
        return None
    return Refusal.DISPLACED if state is State.DISPLACED else Refusal.UNAUTHENTICATED


class Lead(NamedTuple):
    """An acknowledgement up to its serial, in the layout of a version, and the XOR of it."""

    version: Version
    data: bytes
    check: int


class Terminal:
    """What the session knows of one terminal; `spoken` is the layout of its headers.

    `lead`: what its acknowledgements begin with, see acks.py.
    """

    __slots__ = ("heard", "lead", "spoken", "state", "version")

    def __init__(self, version: Version, heard: float) -> None:
        self.version = self.spoken = version
        self.state = State.CONNECTED
        self.heard = heard
        self.lead: Lead | None = None
