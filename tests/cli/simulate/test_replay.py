"""A recorded trace, moved to before now."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime
from pathlib import Path

import pytest

from anze.cli.simulate.replay import BadTrace, read
from anze.cli.simulate.trips import SHANGHAI

NOW = datetime(2026, 11, 28, 1, 0, tzinfo=UTC)
FULL = """vehicle,time,lon,lat,speed,direction,extra
a,2020-07-18 09:00:00,120.0,30.0,36.0,90,x
b,2020-07-18 08:00:00,121.0,30.0,0,0,x
a,2020-07-18 09:00:10,120.00104,30.0,36.0,90,x
"""
BARE = """vehicle,time,lon,lat
a,2020-07-18 23:00:00,120.0,30.0
a,2020-07-18 23:00:10,120.0,30.0009
a,2020-07-18 23:00:11,121.0,30.0009
"""


def written(directory: Path, text: str, name: str = "trace.csv") -> Path:
    path = directory / name
    path.write_bytes(gzip.compress(text.encode()) if name.endswith(".gz") else text.encode())
    return path


@pytest.mark.parametrize("name", ["trace.csv", "trace.csv.gz"])
def test_times_of_day_stay_and_the_last_lies_before_now(tmp_path: Path, name: str) -> None:
    steps = read(written(tmp_path, FULL, name), NOW)  # 09:00 in Shanghai
    assert [step.vehicle for step in steps] == ["b", "a", "a"]
    assert steps[0].at == datetime(2026, 11, 27, 8, 0, tzinfo=SHANGHAI)
    assert steps[-1].at == datetime(2026, 11, 27, 9, 0, 10, tzinfo=SHANGHAI)
    assert (steps[1].fix.speed, steps[1].fix.heading) == (36.0, 90)
    assert steps[-1].fix.mileage == pytest.approx(0.1, abs=0.001)


def test_a_missing_speed_follows_from_the_way_and_a_jump_is_none(tmp_path: Path) -> None:
    first, second, jump = (step.fix for step in read(written(tmp_path, BARE), NOW))
    assert first.speed == 0
    assert second.speed == pytest.approx(36.0, abs=0.1)
    assert second.heading == pytest.approx(0, abs=0.01)
    assert second.running
    assert jump.speed == 0  # 96 km in a second
    assert jump.longitude == 121.0


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("vehicle,time,lon\n", "缺少列：lat"),
        ("", "缺少列"),
        ("vehicle,time,lon,lat\n", "没有数据"),
        ("vehicle,time,lon,lat\na,yesterday,1,2\n", "第 2 行"),
        ("vehicle,time,lon,lat\na,2020-07-18 23:00:00,east,2\n", "第 2 行"),
    ],
)
def test_a_file_that_is_no_trace_says_why(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(BadTrace, match=words):
        read(written(tmp_path, text), NOW)
