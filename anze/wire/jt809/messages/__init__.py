"""All messages between platforms, by theme; `decode` and `encode` find them by id, inside their carrier.

Rule 1: a carrier holds (for some) plate and colour, the id inside, a length, and the message.
Rule 2: with or without a vehicle is told by the length that adds up; the version's own way goes first.
Rule 3: a message that needs a vehicle is not written without one.
"""

from __future__ import annotations

from dataclasses import dataclass
from struct import Struct

from anze.wire.errors import MalformedError, Reason, UnencodableError
from anze.wire.fields import BYTE, Text
from anze.wire.header import Version
from anze.wire.jt809.messages import alarms, links, platforms, vehicles
from anze.wire.jt809.tables import CARRIERS, MESSAGES, Message, carrier_of
from anze.wire.tables import Table, column, read_table, table, write_table

__all__ = ["MESSAGES", "Decoded", "Vehicle", "alarms", "decode", "encode", "links", "platforms", "vehicles"]

INSIDE = Struct(">HI")
VEHICLE = 22
ALWAYS = frozenset((0x1200, 0x9200))
UNTIL_2019 = frozenset((0x1400, 0x9400))
# In the one frame known of it, 2019 answers a registration by serial number instead of by vehicle.
BY_SERIAL = 0x9201


@table
class Vehicle(Table):
    """Colours by JT/T 415: 1 蓝 2 黄 3 黑 4 白 9 其他 91 农黄 92 农绿 93 黄绿 94 渐变绿."""

    plate: str = column(Text(21), "车牌号")
    colour: int = column(BYTE, "车牌颜色")


@dataclass(frozen=True, slots=True)
class Decoded:
    """`message` is None where the id has no table; `rest` is what the table does not know of."""

    message_id: int
    vehicle: Vehicle | None
    message: Message | None
    rest: bytes = b""


def decode(message_id: int, body: bytes, version: Version) -> Decoded:
    """The message in the body; raises MalformedError."""
    vehicle = None
    if message_id in CARRIERS:
        at = _start(message_id, body, version)
        if at:
            vehicle, _ = read_table(Vehicle, body, 0, version)
        message_id, size = INSIDE.unpack_from(body, at)
        body = body[at + INSIDE.size : at + INSIDE.size + size]
    known = MESSAGES.get(message_id)
    if known is None:
        return Decoded(message_id, vehicle, None, body)
    message, end = read_table(known, body, 0, version)
    return Decoded(message_id, vehicle, message, body[end:])


def encode(message: Message, version: Version, vehicle: Vehicle | None = None) -> tuple[int, bytes]:
    """The id for the header and the body; raises UnencodableError."""
    carrier, body = carrier_of(message.ID), write_table(message, version)
    if carrier not in CARRIERS:
        return carrier, body
    named = names_vehicle(message.ID, version)
    if named and vehicle is None:
        raise UnencodableError(f"{message.TITLE}：没有车辆")
    head = write_table(vehicle, version) if named and vehicle is not None else b""
    return carrier, head + INSIDE.pack(message.ID, len(body)) + body


def names_vehicle(message_id: int, version: Version) -> bool:
    """Whether plate and colour stand before the message."""
    carrier = carrier_of(message_id)
    if version is Version.V2019:
        return carrier in ALWAYS and message_id != BY_SERIAL
    return carrier in ALWAYS | UNTIL_2019


def _start(carrier: int, body: bytes, version: Version) -> int:
    """Where the id inside stands: behind a vehicle, or at once."""
    ways = (VEHICLE, 0) if names_vehicle(carrier, version) else (0, VEHICLE)
    for at in ways:
        if len(body) >= at + INSIDE.size:
            inside, size = INSIDE.unpack_from(body, at)
            if inside & 0xFF00 == carrier and size == len(body) - at - INSIDE.size:
                return at
    raise MalformedError(Reason.LENGTH, f"0x{carrier:04X}")
