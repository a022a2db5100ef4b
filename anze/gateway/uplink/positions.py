"""Positions on their way to the authority's platform, and the vehicles that it has to know first.

Rule 1: what waits is sent in each vehicle's order of storing, and leaves when the platform has read it: the
        answer to a keep-alive that was sent behind it says so. A kill before that sends it again.
Rule 2: real time (0x1202) is what a terminal reported live while this side was logged in; the rest is
        supplementary (0x1203), at most five of one vehicle in a message.
Rule 3: at most BATCH positions are in hand.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from datetime import datetime

from anze.telemetry.rows import Source
from anze.telemetry.uplinks import Mounted, Waiting
from anze.wire.errors import UnencodableError
from anze.wire.header import Version
from anze.wire.jt809.messages import Vehicle
from anze.wire.jt809.messages.vehicles import (
    Fix,
    PositionSent,
    PositionsSent,
    VehicleRegistration,
    Watched,
    fix_of,
)
from anze.wire.jt809.tables import Message
from anze.wire.position import SHIFTED, Position, make_position

BATCH = 500
MOST_PLACES = 5
# Bytes of the fields of 0x1201 that terminals of another version fill with more.
DEVICE = {Version.V2011: 7, Version.V2019: 30}
MODEL = {Version.V2011: 20, Version.V2019: 30}
SIM = {Version.V2011: 12, Version.V2019: 13}
MAKER = 11


def registration_of(mounted: Mounted, platform_id: str, version: Version) -> tuple[Vehicle, Message]:
    """Of a longer number the last characters, which tell terminals apart."""
    return (
        Vehicle(plate=mounted.plate, colour=mounted.plate_colour),
        VehicleRegistration(
            platform=platform_id,
            maker=mounted.maker[:MAKER],
            model=mounted.model[: MODEL[version]],
            imei="" if version is Version.V2019 else None,
            device=mounted.device_id[-DEVICE[version] :],
            sim=mounted.sim[-SIM[version] :],
        ),
    )


def grouped(rows: Sequence[Waiting], since: datetime) -> Iterator[tuple[bool, list[Waiting]]]:
    """(real time or not, what one message carries). `since`: this side has been logged in."""
    late: dict[int, list[Waiting]] = {}
    for row in rows:
        of_vehicle = late.setdefault(row.vehicle_id, [])
        live = row.received_at >= since and row.source != Source.BACKFILL
        if of_vehicle and (live or len(of_vehicle) == MOST_PLACES):
            yield False, late.pop(row.vehicle_id)
        if live:
            yield True, [row]
        else:
            late.setdefault(row.vehicle_id, []).append(row)
    yield from ((False, of_vehicle) for of_vehicle in late.values() if of_vehicle)


def message_of(
    live: bool, rows: Sequence[Waiting], platform_id: str, version: Version
) -> tuple[Vehicle, Message]:
    """Raises UnencodableError."""
    vehicle = Vehicle(plate=rows[0].plate, colour=rows[0].plate_colour)
    try:
        places = tuple(place_of(row, platform_id, version) for row in rows)
    except struct.error as error:
        raise UnencodableError(f"{vehicle.plate}：{error}") from None
    return vehicle, PositionSent(place=places[0]) if live else PositionsSent(places=places)


def place_of(row: Waiting, platform_id: str, version: Version) -> Fix | Watched:
    position = position_of(row)
    if version is not Version.V2019:
        return fix_of(position)
    return Watched(
        encrypted=int(bool(position.status_bits & SHIFTED)),
        location=position.encode(),
        company_platform=platform_id,
        company_alarm=row.alarm,
        city_platform="",
        city_alarm=0,
        province_platform="",
        province_alarm=0,
    )


def position_of(row: Waiting) -> Position:
    """What the terminal sent, made again from what is kept of it."""
    return make_position(
        time=row.device_time,
        latitude=row.latitude,
        longitude=row.longitude,
        altitude=row.altitude,
        speed=row.speed,
        direction=row.direction,
        alarm_bits=row.alarm,
        status_bits=row.status,
        tail=row.items,
    )
