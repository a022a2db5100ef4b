"""Bodies decoded together become the rows that they would have become one by one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from anze.telemetry.rows import DUPLICATE, STORED, Outcome, Report, Result, Source
from anze.telemetry.writer import SyncWriter
from anze.wire.items import write_items
from anze.wire.position import make_position
from tests.telemetry.build import NOON
from tests.telemetry.conftest import Connection, Fleet

VALUES = (
    "SELECT terminal_id, vehicle_id, device_time, received_at, longitude, latitude, altitude, speed,"
    " direction, alarm, status, mileage, recorder_speed, source, items FROM telemetry.position"
)
RECEIVED = NOON + timedelta(seconds=1, microseconds=250_001)


def body(at: datetime = NOON, tail: bytes = b"", **values: Any) -> bytes:
    place = {"latitude": 30_270_000, "longitude": -120_150_000, **values}
    return make_position(time=at, tail=tail, **place).encode()


def report(terminal: int, data: bytes, at: datetime = RECEIVED, **values: Any) -> Report:
    return Report(terminal, at.timestamp(), data)._replace(**values)


def test_every_value_arrives(owner: Connection, gateway: Connection, fleet: Fleet) -> None:
    tail = write_items({0x02: 7, 0x01: 0xFFFF_FFFF, 0x03: 605})
    data = body(tail=tail, altitude=12, speed=455, direction=87, alarm_bits=0xFFFF_FFFF)
    assert SyncWriter(gateway).store([report(fleet.first, data, source=Source.BACKFILL)]) == [STORED]
    assert owner.execute(VALUES).fetchall() == [
        (
            fleet.first, 11, NOON, RECEIVED, -120_150_000, 30_270_000, 12, 455, 87, 0xFFFF_FFFF, 2 | 1 << 3,
            0xFFFF_FFFF, 605, 2, tail,
        )
    ]  # fmt: skip
    assert owner.execute("SELECT mileage FROM telemetry.latest").fetchall() == [(0xFFFF_FFFF,)]


def test_items_that_are_missing_or_mean_something_else_are_none(
    owner: Connection, gateway: Connection, fleet: Fleet
) -> None:
    tail = write_items({0x01: 5, 0x03: 6})
    rows = [
        report(fleet.first, body(NOON)),
        report(fleet.first, body(NOON + timedelta(seconds=1), tail), dialect={"0x01": "raw", "0x64": "raw"}),
        report(fleet.second, body(NOON + timedelta(seconds=2), tail)),
        report(fleet.second, body(NOON + timedelta(seconds=3), b"\x01\x04\x00\x00")),
    ]
    assert SyncWriter(gateway).store(rows) == [STORED] * 4
    found = owner.execute("SELECT mileage, recorder_speed FROM telemetry.position ORDER BY device_time")
    assert found.fetchall() == [(None, None), (None, 6), (5, 6), (None, None)]


def test_a_bad_one_costs_itself_only(owner: Connection, gateway: Connection, fleet: Fleet) -> None:
    """Digits that are no time, places that are none, clocks that are wrong; 28 bytes of anything."""
    garbage = b"\xff" * 28
    rows = [
        report(fleet.first, body()),
        report(fleet.first, garbage),
        report(fleet.first, body(NOON + timedelta(days=2))),
        report(fleet.first, body(NOON - timedelta(days=200))),
        report(fleet.first, body(NOON, longitude=180_000_001)),
        report(999_999, body()),
        report(fleet.first, body()),
        report(fleet.second, body()),
    ]
    refused = [
        Result(Outcome.REFUSED, reason)
        for reason in ("no-device-time", "clock-ahead", "too-old", "out-of-range", "no-vehicle")
    ]
    assert SyncWriter(gateway).store(rows) == [STORED, *refused, DUPLICATE, STORED]
    kept = owner.execute("SELECT reason, terminal_id, received_at, frame FROM telemetry.raw_frame").fetchall()
    assert ("no-device-time", fleet.first, RECEIVED, garbage) in kept
    assert {reason for reason, *_ in kept} == {result.reason for result in refused}


def test_a_report_and_its_row_are_one_position(owner: Connection, gateway: Connection, fleet: Fleet) -> None:
    writer = SyncWriter(gateway)
    assert writer.store([report(fleet.first, body())]) == [STORED]
    later = report(fleet.first, body(), datetime(2026, 5, 21, tzinfo=UTC), source=Source.BATCH)
    assert writer.store([later]) == [DUPLICATE]
