"""0x8001, the platform's acknowledgement, by the short way: one goes out for every position.

What comes before its serial is the same for a terminal each time, and kept with it.

JT/T 808-2013 §8.2; a test holds it against the message's own table.
"""

from __future__ import annotations

from struct import Struct

from anze.wire.frame import check_code, delimit
from anze.wire.header import Header, Version, build
from anze.wire.messages.general import PlatformAck
from anze.wire.states import Lead

# Its own serial; serial, message and result of what is acknowledged; the check code.
REST = Struct(">HHHBB")
OWN_SIZE, BODY_SIZE = 2, 5


def lead_of(terminal: str, version: Version) -> Lead:
    whole = build(Header(PlatformAck.ID, terminal, 0, version), bytes(BODY_SIZE))
    data = whole[: -OWN_SIZE - BODY_SIZE]
    return Lead(version, data, check_code(data))


def acknowledgement(lead: Lead, own: int, serial: int, message_id: int, result: int) -> bytes:
    """The frame as it goes over the wire."""
    both = own ^ serial ^ message_id
    check = (lead.check ^ both ^ both >> 8 ^ result) & 0xFF
    return delimit(lead.data + REST.pack(own, serial, message_id, result, check))
