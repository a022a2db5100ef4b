from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anze.wire.errors import MalformedError
from anze.wire.header import Version
from anze.wire.position import Quality, make_position, quality, read_position
from tests.wire.values import positions

NOW = datetime(2026, 11, 28, 1, 2, 3, tzinfo=UTC)
GOOD = make_position(time=NOW, latitude=31_234_567, longitude=121_234_567, speed=605, direction=90)


@given(positions(None))
def test_what_is_read_is_what_was_sent(position: object) -> None:
    assert read_position(position.encode(), Version.V2013) == position  # type: ignore[attr-defined]


@given(st.binary(max_size=200))
def test_28_bytes_are_a_position_whatever_they_hold(body: bytes) -> None:
    if len(body) < 28:
        with pytest.raises(MalformedError):
            read_position(body, Version.V2019)
        return
    position = read_position(body, Version.V2019)
    assert position.encode() == body
    assert isinstance(quality(position, NOW), Quality)
    assert len(position.items()) <= len(body)


def test_hemispheres_are_in_the_status() -> None:
    position = make_position(time=NOW, latitude=-33_000_000, longitude=-70_000_000)
    assert (position.latitude, position.longitude) == (-33_000_000, -70_000_000)
    assert (position.raw_latitude, position.status_bits) == (33_000_000, 0b1110)
    assert position.time == NOW


@pytest.mark.parametrize(
    ("changed", "flags"),
    [
        ({}, Quality(0)),
        ({"status_bits": 0}, Quality.NO_FIX),
        ({"status_bits": 0b100010}, Quality.SHIFTED),
        ({"raw_latitude": 0, "raw_longitude": 0}, Quality.NOWHERE),
        ({"raw_latitude": 90_000_001}, Quality.OUT_OF_RANGE),
        ({"raw_longitude": 180_000_001}, Quality.OUT_OF_RANGE),
        ({"bcd": bytes(6)}, Quality.NO_TIME),
        ({"bcd": bytes.fromhex("261340010203")}, Quality.NO_TIME),
        ({"bcd": bytes.fromhex("2611280a0203")}, Quality.NO_TIME),
        ({"bcd": bytes.fromhex("271128090203")}, Quality.CLOCK_AHEAD),
        ({"bcd": bytes.fromhex("251128090203")}, Quality.CLOCK_BEHIND),
        ({"tail": bytes.fromhex("0104000000")}, Quality.ITEMS_BROKEN),
        ({"tail": bytes.fromhex("eb04000000ff")}, Quality(0)),
    ],
)
def test_what_is_doubtful_is_flagged(changed: dict[str, object], flags: Quality) -> None:
    assert quality(GOOD._replace(**changed), NOW) == flags  # type: ignore[arg-type]


def test_a_back_fill_of_a_month_is_no_wrong_clock() -> None:
    assert quality(GOOD, NOW + timedelta(days=30)) == Quality(0)
    assert quality(GOOD, NOW - timedelta(minutes=9)) == Quality(0)


def test_values_by_name() -> None:
    position = GOOD._replace(tail=bytes.fromhex("0104000000aa eb0100 310110"))
    assert position.values() == {"mileage": 170, "satellites": 16}
    assert position.values({}) == {}
