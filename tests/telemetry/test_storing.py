"""What is answered is stored, once, with the vehicle of its moment; a bad row costs nobody else."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest

from anze.telemetry.rows import DUPLICATE, STORED, Outcome, Position, RawFrame, Source, start_of
from anze.telemetry.writer import NotIdle, SyncWriter
from tests.telemetry.build import ANOTHER_COMPANY, COMPANY, NOON, drive, install, position
from tests.telemetry.conftest import Connection, Fleet

MIDNIGHT = start_of(NOON.date() + timedelta(days=1))  # of Shanghai: 16:00 UTC


def stored(owner: Connection) -> int:
    (rows,) = owner.execute("SELECT count(*) FROM telemetry.position").fetchone() or (0,)
    return int(rows)


def ask(owner: Connection, query: str, *values: object) -> list[tuple[Any, ...]]:
    return owner.execute(query.encode(), values).fetchall()


def test_every_value_arrives(owner: Connection, gateway: Connection, fleet: Fleet) -> None:
    row = position(
        fleet.first, recorder_speed=450, alarm=0xFFFF_FFFF, longitude=-73_000_001, source=Source.BACKFILL
    )
    assert SyncWriter(gateway).store([row]) == [STORED]
    assert ask(
        owner,
        "SELECT received_at, device_time, terminal_id, vehicle_id, company_id, longitude, latitude, altitude,"
        " speed, direction, alarm, status, mileage, recorder_speed, source, items FROM telemetry.position",
    ) == [
        (
            row.received_at, NOON, fleet.first, 11, COMPANY, -73_000_001, 30_270_000, 12, 455,
            87, 0xFFFF_FFFF, 3, 4096, 450, 2, row.items,
        )
    ]  # fmt: skip


def test_what_was_answered_outlives_the_connection(
    owner: Connection, gateway: Connection, fleet: Fleet
) -> None:
    assert SyncWriter(gateway).store([position(fleet.first)]) == [STORED]
    gateway.close()
    assert stored(owner) == 1


def test_one_position_counts_once(owner: Connection, gateway: Connection, fleet: Fleet) -> None:
    """In one batch, in the next, by another writer, and back-filled on another day."""
    row = position(fleet.first)
    writer = SyncWriter(gateway)
    assert writer.store([row, row]) == [STORED, DUPLICATE]
    assert writer.store([row]) == [DUPLICATE]
    again = row._replace(received_at=row.received_at + timedelta(days=3), source=Source.BACKFILL)
    assert SyncWriter(gateway).store([again]) == [DUPLICATE]
    assert stored(owner) == 1
    days = ask(owner, "SELECT day, stored, duplicates FROM telemetry.quality ORDER BY 1")
    assert days == [(NOON.date(), 1, 2), (NOON.date() + timedelta(days=3), 0, 1)]


def test_another_body_in_the_same_second_is_another_position(
    owner: Connection, gateway: Connection, fleet: Fleet
) -> None:
    rows = [
        position(fleet.first, body=b"a"),
        position(fleet.first, body=b"b"),
        position(fleet.second, body=b"a"),
    ]
    assert SyncWriter(gateway).store(rows) == [STORED] * 3
    assert stored(owner) == 3


def test_days_begin_at_midnight_in_shanghai(owner: Connection, gateway: Connection, fleet: Fleet) -> None:
    before = position(fleet.first, MIDNIGHT - timedelta(seconds=2), delay=1.999999)
    after = position(fleet.first, MIDNIGHT - timedelta(seconds=1), delay=1)
    assert SyncWriter(gateway).store([before, after]) == [STORED, STORED]
    found = ask(owner, "SELECT tableoid::regclass::text FROM telemetry.position ORDER BY received_at")
    assert found == [("telemetry.position_20260520",), ("telemetry.position_20260521",)]
    assert ask(owner, "SELECT DISTINCT tableoid::regclass::text FROM telemetry.identity") == [
        ("telemetry.identity_20260520",)
    ]


def test_the_vehicle_of_that_moment(owner: Connection, gateway: Connection, fleet: Fleet) -> None:
    """The terminal moved to another company's vehicle at noon; what it kept from before stays the first's."""
    terminal = install(owner, "13900000001", vehicle=31, company=COMPANY, until=NOON)
    install(owner, "13900000001", vehicle=41, company=ANOTHER_COMPANY, since=NOON)
    rows = [position(terminal, NOON), position(terminal, NOON - timedelta(seconds=1), delay=3600)]
    assert SyncWriter(gateway).store(rows) == [STORED, STORED]
    found = ask(owner, "SELECT vehicle_id, company_id FROM telemetry.position ORDER BY device_time")
    assert found == [(31, COMPANY), (41, ANOTHER_COMPANY)]


BAD: list[tuple[str, dict[str, Any]]] = [
    ("no-device-time", {"device_time": None}),
    ("no-device-time", {"device_time": NOON.replace(tzinfo=None)}),
    ("clock-ahead", {"device_time": NOON + timedelta(days=365)}),
    ("too-old", {"device_time": NOON - timedelta(days=365)}),
    ("out-of-range", {"latitude": 90_000_001}),
    ("out-of-range", {"speed": -1}),
    ("out-of-range", {"alarm": 1 << 32}),
    ("unreadable", {"longitude": None}),
    ("unreadable", {"items": 5}),
    ("no-vehicle", {"device_time": datetime(2025, 12, 31, tzinfo=UTC)}),
    ("no-vehicle", {"terminal_id": 999_999}),
]


@pytest.mark.parametrize(("reason", "values"), BAD)
def test_a_row_that_cannot_be_stored_is_kept_raw(
    owner: Connection, gateway: Connection, fleet: Fleet, reason: str, values: dict[str, Any]
) -> None:
    rows: list[Position] = [position(fleet.first, NOON - timedelta(minutes=1)), position(fleet.first)]
    bad = position(fleet.first, body=b"\x00\xff")._replace(**values)
    results = SyncWriter(gateway).store([rows[0], bad, bad, rows[1]])
    assert [result.outcome for result in results] == [
        Outcome.STORED, Outcome.REFUSED, Outcome.REFUSED, Outcome.STORED,
    ]  # fmt: skip
    assert results[1].reason == reason
    assert ask(owner, "SELECT reason, frame FROM telemetry.raw_frame") == [(reason, b"\x00\xff")] * 2
    assert ask(owner, "SELECT sum(refused) FROM telemetry.quality") == [(2,)]


def test_the_database_refuses_one_row_of_many(owner: Connection, gateway: Connection, fleet: Fleet) -> None:
    """Something that only the database knows: the batch is split until the row stands alone."""
    rows = drive(fleet.first, NOON, 37) + drive(fleet.second, NOON, 37)
    forbidden = rows[23].longitude
    owner.execute(
        f"ALTER TABLE telemetry.position ADD CONSTRAINT odd CHECK (longitude <> {forbidden})".encode()
    )
    try:
        results = SyncWriter(gateway).store(rows)
    finally:
        owner.execute("ALTER TABLE telemetry.position DROP CONSTRAINT odd")
    refused = [index for index, result in enumerate(results) if result.outcome is Outcome.REFUSED]
    assert refused == [23, 37 + 23]
    assert results[23].reason == "sql-23514"
    assert stored(owner) == 72
    assert ask(owner, "SELECT count(*) FROM telemetry.raw_frame") == [(2,)]
    # Neither is taken for stored: when the reason is gone, they can be sent again.
    assert SyncWriter(gateway).store([rows[23]]) == [STORED]


def test_a_repeated_row_shares_the_refusal(owner: Connection, gateway: Connection, fleet: Fleet) -> None:
    row = position(fleet.first, longitude=1)
    owner.execute("ALTER TABLE telemetry.position ADD CONSTRAINT odd CHECK (longitude <> 1)")
    try:
        results = SyncWriter(gateway).store([row, row])
    finally:
        owner.execute("ALTER TABLE telemetry.position DROP CONSTRAINT odd")
    assert [result.outcome for result in results] == [Outcome.REFUSED] * 2


def test_the_latest_goes_forward_only(owner: Connection, gateway: Connection, fleet: Fleet) -> None:
    writer = SyncWriter(gateway)
    writer.store(drive(fleet.first, NOON, 3))
    writer.store(drive(fleet.first, NOON - timedelta(hours=1), 5, delay=4000))
    writer.store([position(fleet.first, NOON + timedelta(hours=5), delay=-4 * 3600)])  # a clock that is ahead
    assert ask(owner, "SELECT vehicle_id, company_id, device_time FROM telemetry.latest") == [
        (11, COMPANY, NOON + timedelta(seconds=60))
    ]
    assert ask(owner, "SELECT stored, backfilled, ahead FROM telemetry.quality") == [(9, 5, 1)]


def test_silences_and_what_fills_them(owner: Connection, gateway: Connection, fleet: Fleet) -> None:
    writer = SyncWriter(gateway)
    writer.store(drive(fleet.first, NOON, 3))
    later = NOON + timedelta(minutes=30)
    writer.store(drive(fleet.first, later, 2) + drive(fleet.first, later + timedelta(hours=1), 1))
    gaps = "SELECT vehicle_id, since, until, filled FROM telemetry.gap ORDER BY since"
    assert ask(owner, gaps) == [
        (11, NOON + timedelta(seconds=60), later, 0),
        (11, later + timedelta(seconds=30), later + timedelta(hours=1), 0),
    ]
    writer.store(drive(fleet.first, NOON + timedelta(minutes=5), 10, delay=7200))
    assert [row[3] for row in ask(owner, gaps)] == [10, 0]


def test_what_a_terminal_sends_is_counted(owner: Connection, gateway: Connection, fleet: Fleet) -> None:
    writer = SyncWriter(gateway)
    writer.store([position(fleet.first, status=1), position(fleet.first, body=b"0", longitude=0, latitude=0)])
    writer.keep([RawFrame(NOON, b"~\x02", "bad-checksum", "xor", fleet.first, "13800000011", "10.0.0.1:99")])
    assert ask(
        owner, "SELECT company_id, stored, unlocated, at_zero, malformed, refused FROM telemetry.quality"
    ) == [(COMPANY, 2, 1, 1, 1, 0)]
    assert ask(owner, "SELECT company_id, phone, peer, reason, detail, frame FROM telemetry.raw_frame") == [
        (COMPANY, "13800000011", "10.0.0.1:99", "bad-checksum", "xor", b"~\x02")
    ]


def test_frames_of_nobody_are_kept_and_bounded(
    owner: Connection, gateway: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    writer = SyncWriter(gateway)
    writer.keep([RawFrame(NOON, b"x" * 100_000, "no-terminal", "a\0b")])
    assert ask(owner, "SELECT company_id, detail, length(frame) FROM telemetry.raw_frame") == [
        (None, "ab", 65536)
    ]
    monkeypatch.setattr("anze.telemetry.writer.RAW_BYTES_A_DAY", 1)
    writer.keep([RawFrame(NOON, b"flood", "no-terminal")])
    assert ask(owner, "SELECT count(*) FROM telemetry.raw_frame") == [(1,)]
    assert ask(owner, "SELECT count(*) FROM telemetry.quality") == [(0,)]


def test_a_hundred_thousand(owner: Connection, gateway: Connection) -> None:
    """Twice, in batches that overlap: each is stored once, and found by its vehicle."""
    terminals = [install(owner, f"1370000{n:04d}", vehicle=1000 + n) for n in range(100)]
    rows = [row for terminal in terminals for row in drive(terminal, NOON, 1000)]
    writer = SyncWriter(gateway)
    first = [result for at in range(0, 100_000, 5000) for result in writer.store(rows[at : at + 5000])]
    assert first == [STORED] * 100_000
    again = [result for at in range(2500, 100_000, 5000) for result in writer.store(rows[at : at + 5000])]
    assert set(again) == {DUPLICATE}
    assert stored(owner) == 100_000
    assert ask(owner, "SELECT count(*) FROM telemetry.position WHERE vehicle_id = 1042") == [(1000,)]
    assert ask(owner, "SELECT count(*), min(device_time) FROM telemetry.latest") == [
        (100, NOON + timedelta(seconds=30 * 999))
    ]


def test_nothing_at_all(gateway: Connection) -> None:
    assert SyncWriter(gateway).store([]) == []


def test_a_connection_inside_a_transaction_is_refused(gateway: Connection, fleet: Fleet) -> None:
    """Its commit would not be ours, so what we answered would not be durable."""
    writer = SyncWriter(gateway)
    with gateway.transaction(), pytest.raises(NotIdle):
        writer.store([position(fleet.first)])


def test_a_connection_that_commits_by_hand_serves_as_well(
    owner: Connection, gateway: Connection, fleet: Fleet
) -> None:
    gateway.autocommit = False
    assert SyncWriter(gateway).store([position(fleet.first)]) == [STORED]
    gateway.rollback()
    assert stored(owner) == 1


def test_a_day_that_went_away_meanwhile(owner: Connection, gateway: Connection, fleet: Fleet) -> None:
    """The writer knows a partition that was moved into a file since: it makes the day again."""
    writer = SyncWriter(gateway)
    writer.store([position(fleet.first)])
    owner.execute("DROP TABLE telemetry.position_20260520")
    assert writer.store([position(fleet.second)]) == [STORED]
    assert stored(owner) == 1


def test_a_lost_server_is_no_answer(owner: Connection, gateway: Connection, fleet: Fleet) -> None:
    writer = SyncWriter(gateway)
    owner_sees = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'anze_gateway'"
    from tests.telemetry.conftest import connect

    with connect("postgres") as superuser:
        superuser.execute(owner_sees.encode())
    with pytest.raises(psycopg.OperationalError):
        writer.store([position(fleet.first)])
    assert stored(owner) == 0
