from __future__ import annotations

from datetime import UTC, datetime

from anze.wire.header import Version
from anze.wire.jt809.messages import Decoded, Vehicle, decode, encode
from anze.wire.jt809.messages.vehicles import Fix, PositionSent, fix_of
from anze.wire.position import SHIFTED, make_position

AT = datetime(2026, 11, 28, 1, 2, 3, tzinfo=UTC)
VEHICLE = Vehicle(plate="沪A12345", colour=2)


def test_what_a_terminal_sent_is_passed_on() -> None:
    tail = bytes.fromhex("0104 0001e240 0302 0257")
    position = make_position(
        time=AT, latitude=-31_234_567, longitude=121_234_567, altitude=12, speed=605, direction=90,
        alarm_bits=2, status_bits=3, tail=tail,
    )  # fmt: skip
    fix = fix_of(position)
    assert fix == Fix(
        encrypted=0, time=AT, longitude=121_234_567, latitude=31_234_567, speed=61, recorder_speed=60,
        mileage=12_345, direction=90, altitude=12, status=position.status_bits, alarm=2,
    )  # fmt: skip
    sent = PositionSent(place=fix)
    assert decode(*encode(sent, Version.V2011, VEHICLE), Version.V2011) == Decoded(0x1202, VEHICLE, sent)


def test_what_a_terminal_did_not_send_is_nothing() -> None:
    fix = fix_of(make_position(time=AT, latitude=1, longitude=1, status_bits=SHIFTED))
    assert (fix.encrypted, fix.recorder_speed, fix.mileage) == (1, 0, 0)
