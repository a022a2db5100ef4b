"""Six months are kept by rule; what is older goes, told first."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from anze.telemetry import cold, retention
from anze.telemetry.retention import TooShort, first_kept, months_kept
from anze.telemetry.rows import RawFrame, day_of
from anze.telemetry.track import track
from anze.telemetry.writer import SyncWriter
from tests.telemetry.build import ANOTHER_COMPANY, COMPANY, NOON, drive
from tests.telemetry.conftest import Connection, Fleet


def test_less_than_the_rule_is_refused() -> None:
    assert months_kept(6) == 6
    with pytest.raises(TooShort, match="至少保存 6 个月，不能设为 5 个月"):
        months_kept(5)


@pytest.mark.parametrize(
    ("today", "months", "first"),
    [
        (date(2026, 11, 28), 6, date(2026, 5, 28)),
        (date(2026, 8, 31), 6, date(2026, 2, 28)),  # February has no 31st: kept longer, never shorter
        (date(2028, 8, 31), 6, date(2028, 2, 29)),
        (date(2026, 3, 1), 12, date(2025, 3, 1)),
        (date(2026, 6, 30), 6, date(2025, 12, 30)),
    ],
)
def test_the_first_day_that_is_kept(today: date, months: int, first: date) -> None:
    assert first_kept(today, months) == first


def test_what_is_older_goes_when_it_has_been_told(
    owner: Connection, gateway: Connection, fleet: Fleet, tmp_path: Path
) -> None:
    writer = SyncWriter(gateway)
    for start in (NOON - timedelta(days=1), NOON):
        writer.store(drive(fleet.first, start, 3) + drive(fleet.other, start, 3))
        writer.keep([RawFrame(start, b"~", "bad-checksum", terminal_id=fleet.first)])
        cold.move_day(owner, tmp_path, day_of(start))
    today = date(2026, 11, 20)  # six months after the second day
    assert len(retention.expire(owner, today, 6)) == 1
    assert retention.expire(owner, today, 6) == []
    assert len(everything(owner, tmp_path)) == 3
    # The companies have not been told: the file stays on disk, and is live no longer.
    assert retention.forget(owner, tmp_path) == []
    assert len(list(tmp_path.iterdir())) == 2
    owner.execute(
        "DELETE FROM telemetry.share USING telemetry.manifest m"
        " WHERE m.id = manifest_id AND expired_at IS NOT NULL"
    )
    assert len(retention.forget(owner, tmp_path)) == 1
    (left,) = tmp_path.iterdir()
    assert left.name.startswith("2026-05-20")
    assert owner.execute("SELECT DISTINCT day FROM telemetry.quality").fetchall() == [(NOON.date(),)]
    assert cold.partition_days(owner, "raw_frame") == [NOON.date()]
    assert len(everything(owner, tmp_path)) == 3


def test_what_can_be_sent_again_is_known_as_long(
    owner: Connection, gateway: Connection, fleet: Fleet
) -> None:
    """The keys of a day outlive every position that could still be accepted for it."""
    SyncWriter(gateway).store(drive(fleet.first, NOON, 1))
    retention.expire(owner, NOON.date() + timedelta(days=186), 6)
    assert NOON.date() in cold.partition_days(owner, "identity")
    retention.expire(owner, NOON.date() + timedelta(days=187), 6)
    assert NOON.date() not in cold.partition_days(owner, "identity")


def test_positions_kept_for_longer(
    owner: Connection, gateway: Connection, fleet: Fleet, tmp_path: Path
) -> None:
    SyncWriter(gateway).store(drive(fleet.first, NOON, 1))
    cold.move_day(owner, tmp_path, NOON.date())
    assert retention.expire(owner, date(2027, 5, 1), 12) == []
    assert len(retention.expire(owner, date(2027, 5, 1), 6)) == 1


def everything(owner: Connection, root: Path) -> list[datetime]:
    found = track(
        owner,
        root,
        vehicle_id=11,
        company_ids=[COMPANY, ANOTHER_COMPANY],
        since=NOON - timedelta(days=400),
        until=NOON + timedelta(days=400),
    )
    return [point.device_time for point in found]
