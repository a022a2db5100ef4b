"""A track as a drawing: no map behind it, nothing loaded from elsewhere, the same on paper.

Metres on a plane around the middle of the track. The line breaks where the terminal was silent.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from math import cos, hypot, radians

from anze.telemetry.track import TrackPoint

WIDTH, HEIGHT, MARGIN = 960, 540, 36
METRES_A_DEGREE = 111_320
SILENCE = timedelta(minutes=5)
FINEST = 1.5  # what is nearer to the last drawn point cannot be seen
LEAST_METRES = 200  # a vehicle that stood: its jitter is not blown up
STEPS = (50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000, 200_000, 500_000)

Spot = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Drawing:
    """`ways`: SVG paths; `gaps`: lines across a silence; `bar`: pixels and words of the scale."""

    width: int
    height: int
    ways: tuple[str, ...]
    gaps: tuple[tuple[Spot, Spot], ...]
    first: Spot
    last: Spot
    bar: tuple[float, str]


def draw(points: Sequence[TrackPoint]) -> Drawing | None:
    """None: nothing is located."""
    located = [point for point in points if point.located and (point.longitude or point.latitude)]
    if not located:
        return None
    spots, scale = _placed(located)
    runs = list(_runs(located))
    return Drawing(
        WIDTH,
        HEIGHT,
        tuple(_path(spots[start:end]) for start, end in runs),
        tuple((spots[end - 1], spots[end]) for _, end in runs[:-1]),
        spots[0],
        spots[-1],
        _bar(scale),
    )


def _placed(points: Sequence[TrackPoint]) -> tuple[list[Spot], float]:
    """Pixels, and how many of them a metre is."""
    east = [point.longitude / 1e6 for point in points]
    north = [point.latitude / 1e6 for point in points]
    middle_east, middle_north = (min(east) + max(east)) / 2, (min(north) + max(north)) / 2
    shrink = max(0.01, cos(radians(middle_north)))
    metres = [
        ((x - middle_east) * METRES_A_DEGREE * shrink, (y - middle_north) * METRES_A_DEGREE)
        for x, y in zip(east, north, strict=True)
    ]
    wide = max(LEAST_METRES, max(x for x, _ in metres) - min(x for x, _ in metres))
    high = max(LEAST_METRES, max(y for _, y in metres) - min(y for _, y in metres))
    scale = min((WIDTH - 2 * MARGIN) / wide, (HEIGHT - 2 * MARGIN) / high)
    return [(round(WIDTH / 2 + x * scale, 1), round(HEIGHT / 2 - y * scale, 1)) for x, y in metres], scale


def _runs(points: Sequence[TrackPoint]) -> Iterator[tuple[int, int]]:
    """Stretches without a silence, half-open."""
    start = 0
    for index in range(1, len(points)):
        if points[index].device_time - points[index - 1].device_time > SILENCE:
            yield start, index
            start = index
    yield start, len(points)


def _path(spots: Sequence[Spot]) -> str:
    kept = [spots[0]]
    for spot in spots[1:-1]:
        if hypot(spot[0] - kept[-1][0], spot[1] - kept[-1][1]) >= FINEST:
            kept.append(spot)
    kept.append(spots[-1])
    return "M" + "L".join(f"{x:g},{y:g}" for x, y in kept)


def _bar(scale: float) -> tuple[float, str]:
    """The longest round distance that takes at most a quarter of the width."""
    metres = max((step for step in STEPS if step * scale <= WIDTH / 4), default=STEPS[0])
    words = f"{metres // 1000} 公里" if metres >= 1000 else f"{metres} 米"
    return round(metres * scale, 1), words
