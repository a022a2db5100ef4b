"""A day moves into a file: nothing changes for who asks, and a death at any moment costs nothing."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import duckdb
import psycopg
import pytest

from anze.telemetry import cold
from anze.telemetry.files import FileLost, sha256_of
from anze.telemetry.rows import DUPLICATE, STORED
from anze.telemetry.track import TrackPoint, TrackTooLong, track
from anze.telemetry.writer import SyncWriter
from tests.telemetry.build import ANOTHER_COMPANY, COMPANY, NOON, drive, install
from tests.telemetry.conftest import Connection, Fleet, connect

DAY = NOON.date()
YESTERDAY, TOMORROW = NOON - timedelta(days=1), NOON + timedelta(days=1)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path


def way(
    connection: Connection, root: Path, vehicle: int = 11, *companies: int, most: int = 1000
) -> list[TrackPoint]:
    return track(
        connection, root, vehicle_id=vehicle, company_ids=companies or (COMPANY,),
        since=YESTERDAY - timedelta(hours=1), until=TOMORROW + timedelta(days=1), most=most,
    )  # fmt: skip


def fill(gateway: Connection, fleet: Fleet) -> None:
    """Three days of two vehicles of one company and one of another, mixed in time."""
    writer = SyncWriter(gateway)
    for start in (TOMORROW, YESTERDAY, NOON):
        rows = [
            row for terminal in (fleet.second, fleet.other, fleet.first) for row in drive(terminal, start, 40)
        ]
        assert writer.store(rows[::-1]) == [STORED] * 120


def test_nothing_changes_for_who_asks(
    owner: Connection, gateway: Connection, fleet: Fleet, root: Path
) -> None:
    fill(gateway, fleet)
    before = [way(owner, root, vehicle, 1, 2) for vehicle in (11, 12, 21)]
    assert [len(found) for found in before] == [120] * 3
    moved = cold.move_day(owner, root, DAY)
    assert moved is not None
    assert (moved.day, moved.rows) == (DAY, 120)
    assert [way(owner, root, vehicle, 1, 2) for vehicle in (11, 12, 21)] == before
    assert cold.partition_days(owner, "position") == [DAY - timedelta(days=1), DAY + timedelta(days=1)]
    row = owner.execute("SELECT name, rows, bytes, sha256 FROM telemetry.manifest").fetchone()
    place = root / moved.name
    assert row == (moved.name, 120, place.stat().st_size, sha256_of(place))
    assert [path.name for path in root.iterdir()] == [moved.name]
    shares = owner.execute("SELECT company_id, rows FROM telemetry.share ORDER BY 1").fetchall()
    assert shares == [(COMPANY, 80), (ANOTHER_COMPANY, 40)]


def test_the_file_is_for_others_to_read(
    owner: Connection, gateway: Connection, fleet: Fleet, root: Path
) -> None:
    fill(gateway, fleet)
    moved = cold.move_day(owner, root, DAY)
    assert moved is not None
    place = str(root / moved.name)
    order = duckdb.execute("SELECT vehicle_id, device_time FROM read_parquet($1)", [place]).fetchall()
    assert order == sorted(order)
    kinds = duckdb.execute("SELECT DISTINCT compression FROM parquet_metadata($1)", [place]).fetchall()
    assert kinds == [("ZSTD",)]


def test_one_company_does_not_see_another_in_tables_or_files(
    owner: Connection, gateway: Connection, app: Connection, fleet: Fleet, root: Path
) -> None:
    fill(gateway, fleet)
    cold.move_day(owner, root, DAY)
    assert way(owner, root, 21, COMPANY) == []
    with app.transaction():
        app.execute("SELECT set_config('anze.reads', %s, true)", [f"0,{COMPANY}"])
        assert len(way(app, root, 11, COMPANY)) == 120
        assert way(app, root, 21, COMPANY) == []
        # A caller who names a company outside the scope is stopped by row-level security, for files too.
        assert way(app, root, 21, ANOTHER_COMPANY) == []


def test_a_position_sent_again_after_its_day_has_moved(
    owner: Connection, gateway: Connection, fleet: Fleet, root: Path
) -> None:
    fill(gateway, fleet)
    cold.move_day(owner, root, DAY)
    again = [
        row._replace(received_at=row.received_at + timedelta(days=2)) for row in drive(fleet.first, NOON, 40)
    ]
    assert SyncWriter(gateway).store(again) == [DUPLICATE] * 40
    assert len(way(owner, root)) == 120


def test_a_day_can_move_twice(owner: Connection, gateway: Connection, fleet: Fleet, root: Path) -> None:
    """A gateway that was cut off delivers for a day that has moved: a second file, and one track."""
    fill(gateway, fleet)
    first = cold.move_day(owner, root, DAY)
    late = drive(fleet.first, NOON + timedelta(minutes=45), 5)
    assert SyncWriter(gateway).store(late) == [STORED] * 5
    second = cold.move_day(owner, root, DAY)
    assert first is not None
    assert second is not None
    assert second.rows == 5
    assert len(way(owner, root)) == 125


def test_a_day_without_positions(owner: Connection, root: Path) -> None:
    owner.execute("SELECT telemetry.open_day('position', %s)", [DAY])
    assert cold.move_day(owner, root, DAY) is None
    assert cold.move_day(owner, root, DAY) is None
    assert cold.partition_days(owner, "position") == []
    assert list(root.iterdir()) == []


def test_which_days_are_due(owner: Connection) -> None:
    cold.open_ahead(owner, DAY)
    assert cold.partition_days(owner, "position") == [DAY + timedelta(days=n) for n in range(4)]
    assert cold.partition_days(owner, "raw_frame") == cold.partition_days(owner, "identity")
    assert cold.days_due(owner, DAY + timedelta(days=2)) == []
    assert cold.days_due(owner, DAY + timedelta(days=4)) == [DAY, DAY + timedelta(days=1)]


def test_a_reader_holds_the_move_up(
    owner: Connection, gateway: Connection, fleet: Fleet, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The drop waits for who is looking; it gives up, and the day stays as it was."""
    fill(gateway, fleet)
    monkeypatch.setattr(cold, "PATIENCE", "SET LOCAL lock_timeout = '100ms'")
    with connect("anze_owner") as reader, reader.transaction():
        reader.execute("SELECT count(*) FROM telemetry.position")
        with pytest.raises(psycopg.errors.LockNotAvailable):
            cold.move_day(owner, root, DAY)
        assert len(way(reader, root)) == 120
    assert len(way(owner, root)) == 120
    assert cold.move_day(owner, root, DAY) is not None


def test_a_file_that_does_not_hold_everything_is_not_taken(
    owner: Connection, gateway: Connection, fleet: Fleet, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(gateway, fleet)
    monkeypatch.setattr(cold, "CONVERT", cold.CONVERT.replace("ORDER BY", "WHERE vehicle_id <> 11 ORDER BY"))
    with pytest.raises(cold.MoveFailed):
        cold.move_day(owner, root, DAY)
    assert len(way(owner, root)) == 120


@pytest.mark.parametrize("damage", ["gone", "cut"])
def test_a_live_file_that_is_lost_is_said(
    owner: Connection, gateway: Connection, fleet: Fleet, root: Path, damage: str
) -> None:
    fill(gateway, fleet)
    moved = cold.move_day(owner, root, DAY)
    assert moved is not None
    place = root / moved.name
    place.unlink() if damage == "gone" else os.truncate(place, 100)
    with pytest.raises(FileLost, match=moved.name):
        way(owner, root)


def test_a_track_that_is_too_long_is_refused(
    owner: Connection, gateway: Connection, fleet: Fleet, root: Path
) -> None:
    fill(gateway, fleet)
    assert len(way(owner, root, most=120)) == 120
    with pytest.raises(TrackTooLong):
        way(owner, root, most=119)


KILL = """
import os, sys
from datetime import date
from pathlib import Path
import psycopg
from anze.telemetry import cold
step, conninfo, root, day = sys.argv[1:]
def die(*arguments, **named):
    os.kill(os.getpid(), 9)
with psycopg.connect(conninfo, autocommit=True) as owner:
    if step in ("open_duckdb", "settle", "sha256_of"):
        setattr(cold, step, die)
    elif step == "renamed":
        settle = cold.settle
        cold.settle = lambda *places: (settle(*places), die())
    elif step == "before-commit":
        write = cold._write_file
        def both(connection, *arguments):
            found = write(connection, *arguments)
            connection.execute(cold.sql.SQL("DROP TABLE {}").format(arguments[2]))
            die()
        cold._write_file = both
    cold.move_day(owner, Path(root), date.fromisoformat(day))
    die()
"""
STEPS = {"open_duckdb": 0, "settle": 0, "renamed": 0, "sha256_of": 0, "before-commit": 0, "after": 1}


@pytest.mark.parametrize(("step", "files"), STEPS.items())
def test_killed_at_any_moment(
    owner: Connection, gateway: Connection, fleet: Fleet, root: Path, step: str, files: int
) -> None:
    fill(gateway, fleet)
    before = way(owner, root)
    conninfo = psycopg.conninfo.make_conninfo(owner.info.dsn, password=owner.info.password)
    ended = subprocess.run(
        [sys.executable, "-c", KILL, step, conninfo, str(root), DAY.isoformat()],
        capture_output=True,
        check=False,
    )
    assert ended.returncode == -9, ended.stderr.decode()
    wait_for_rollback(owner)
    assert way(owner, root) == before
    named = {name for (name,) in owner.execute("SELECT name FROM telemetry.manifest")}
    assert len(named) == files
    assert (DAY in cold.partition_days(owner, "position")) is (files == 0)
    # The next run finishes what this one began, and nothing of it stays lying about.
    two_days_ago = time.time() - 2 * 24 * 3600
    for path in root.iterdir():
        os.utime(path, (two_days_ago, two_days_ago))
    cold.move_day(owner, root, DAY)
    cold.clean(owner, root)
    assert way(owner, root) == before
    live = [name for (name,) in owner.execute("SELECT name FROM telemetry.manifest")]
    assert [path.name for path in root.iterdir()] == live
    assert len(live) == 1


def wait_for_rollback(owner: Connection) -> None:
    """The server notices the dead client when it next speaks to it."""
    others = "SELECT count(*) FROM pg_stat_activity WHERE usename = 'anze_owner' AND pid <> pg_backend_pid()"
    until = time.monotonic() + 10
    while owner.execute(others).fetchone() != (0,) and time.monotonic() < until:
        time.sleep(0.02)


def test_a_young_orphan_is_left_alone(owner: Connection, root: Path) -> None:
    """Somebody may have restored the wrong backup, and find out today."""
    for name in ("2026-05-20-0123456789abcdef.parquet", "x.draft", "notes.txt"):
        (root / name).write_bytes(b"")
    assert cold.clean(owner, root) == ["x.draft"]


def test_late_rows_of_a_day_that_is_moving(owner: Connection, gateway: Connection, root: Path) -> None:
    """Writers of that day wait for the move and then store; nothing falls between."""
    terminal = install(owner, "13800000031", vehicle=11)
    writer = SyncWriter(gateway)
    writer.store(drive(terminal, NOON, 40))
    with owner.transaction():
        owner.execute("LOCK TABLE telemetry.position_20260520 IN SHARE MODE")
        late = drive(terminal, NOON + timedelta(hours=1), 40)
        script = subprocess.Popen(
            [sys.executable, "-c", LATE, connection_of(gateway), str(terminal), str(len(late))],
            stdout=subprocess.PIPE,
            text=True,
        )
        waiting = (
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE usename = 'anze_gateway' AND wait_event_type = 'Lock'"
        )
        until = time.monotonic() + 20
        while time.monotonic() < until:
            with connect("postgres") as superuser:
                if superuser.execute(waiting).fetchone() == (1,):
                    break
            time.sleep(0.05)
        owner.execute("DROP TABLE telemetry.position_20260520")
    answer, _ = script.communicate(timeout=30)
    assert answer.strip() == "40"
    assert owner.execute("SELECT count(*) FROM telemetry.position").fetchone() == (40,)


LATE = """
import sys
from datetime import timedelta
import psycopg
from anze.telemetry.writer import SyncWriter
from tests.telemetry.build import NOON, drive
with psycopg.connect(sys.argv[1], autocommit=True) as gateway:
    rows = drive(int(sys.argv[2]), NOON + timedelta(hours=1), int(sys.argv[3]))
    print(SyncWriter(gateway).store(rows).count(("stored", "")))
"""


def connection_of(connection: Connection) -> str:
    return psycopg.conninfo.make_conninfo(connection.info.dsn, password=connection.info.password)
