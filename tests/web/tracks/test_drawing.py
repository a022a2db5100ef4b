"""The drawing keeps shape, breaks at silences, and draws no more than can be seen."""

from __future__ import annotations

from datetime import timedelta

import pytest

from anze.telemetry.track import TrackPoint
from anze.web.tracks.drawing import HEIGHT, MARGIN, WIDTH, draw
from anze.web.tracks.words import say_heading, say_place
from tests.cast import NOW


def point(seconds: float, east: int, north: int, *, status: int = 3) -> TrackPoint:
    at = NOW + timedelta(seconds=seconds)
    return TrackPoint(at, at, 1, 1, 1, east, north, 0, 300, 0, 0, status, None, None, 0, b"")


def test_nothing_located_is_no_drawing() -> None:
    assert draw([]) is None
    assert draw([point(0, 120_000_000, 30_000_000, status=1), point(1, 0, 0)]) is None


def test_north_is_up_and_everything_fits() -> None:
    found = draw([point(30 * n, 120_000_000 + 1000 * n, 30_000_000 + 3000 * n) for n in range(100)])
    assert found is not None
    assert found.last[1] < found.first[1]
    assert found.last[0] > found.first[0]
    for x, y in (found.first, found.last):
        assert MARGIN - 1 <= x <= WIDTH - MARGIN + 1
        assert MARGIN - 1 <= y <= HEIGHT - MARGIN + 1


def test_a_degree_of_longitude_is_shorter_in_the_north() -> None:
    """At 60° north half as long: as wide as high on the drawing."""
    found = draw([point(0, 20_000_000, 60_000_000), point(30, 20_020_000, 60_010_000)])
    assert found is not None
    wide, high = found.last[0] - found.first[0], found.first[1] - found.last[1]
    assert wide == pytest.approx(high, rel=0.01)


def test_a_silence_breaks_the_line() -> None:
    found = draw([point(s, 120_000_000 + s, 30_000_000) for s in (0, 300, 601, 631)])
    assert found is not None
    assert len(found.ways) == 2
    assert len(found.gaps) == 1


def test_a_vehicle_that_stands_is_a_spot_in_the_middle() -> None:
    found = draw([point(n, 120_000_000 + n % 3, 30_000_000) for n in range(1000)])
    assert found is not None
    assert abs(found.first[0] - WIDTH / 2) < 2
    assert found.ways[0].count("L") == 1


@pytest.mark.parametrize(("step", "words"), [(10, "100 米"), (1000, "2 公里"), (100_000, "200 公里")])
def test_the_scale_is_a_round_distance(step: int, words: str) -> None:
    found = draw([point(30 * n, 120_000_000 + step * n, 30_000_000) for n in range(100)])
    assert found is not None
    assert found.bar[1] == words
    assert 0 < found.bar[0] <= WIDTH / 4


def test_words() -> None:
    assert [say_heading(degrees) for degrees in (0, 22, 23, 180, 338, 359, 360)] == [
        "北", "北", "东北", "南", "北", "北", "北",
    ]  # fmt: skip
    assert say_place(-73_500_000, -33_000_010) == "西经73.50000° 南纬33.00001°"
