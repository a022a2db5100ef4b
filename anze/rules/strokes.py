"""A name written with the finger: strokes as points on a pad of 600 × 240 units.

Rule 1: a dot or a dash is no name: the strokes together have some length, and reach across some of the pad.
Rule 2: strokes are moved into the upper left corner, so that the same strokes give the same drawing.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import hypot

WIDTH, HEIGHT = 600, 240
MARGIN = 8
MOST_TEXT = 100_000
MOST_POINTS = 6000
LEAST_LENGTH, LEAST_SPAN = 120, 40

Point = tuple[int, int]

EMPTY = "还没有签名。请在方框内手写姓名后再提交。"
SHORT = "签名太短，看不出姓名。请在方框内完整手写姓名。"
LARGE = "签名数据过大，没有保存。请点“重写”，再手写一次姓名。"
DAMAGED = "签名数据损坏，没有保存。请点“重写”，再手写一次姓名。"


class WrongStrokes(ValueError):  # noqa: N818 -- says what it is
    """str() says in Chinese what is wrong, and what to do."""


@dataclass(frozen=True, slots=True)
class Drawing:
    width: int
    height: int
    strokes: tuple[tuple[Point, ...], ...]


def drawing_of(text: str) -> Drawing:
    """`text`: JSON, a list of strokes, each x, y, x, y … Raises WrongStrokes."""
    if len(text) > MOST_TEXT:
        raise WrongStrokes(LARGE)
    strokes = _strokes(text)
    if not strokes:
        raise WrongStrokes(EMPTY)
    if sum(map(len, strokes)) > MOST_POINTS:
        raise WrongStrokes(LARGE)
    columns = [x for stroke in strokes for x, _ in stroke]
    rows = [y for stroke in strokes for _, y in stroke]
    width, height = max(columns) - min(columns), max(rows) - min(rows)
    if _length(strokes) < LEAST_LENGTH or width + height < LEAST_SPAN:
        raise WrongStrokes(SHORT)
    left, top = min(columns) - MARGIN, min(rows) - MARGIN
    moved = tuple(tuple((x - left, y - top) for x, y in stroke) for stroke in strokes)
    return Drawing(width + 2 * MARGIN, height + 2 * MARGIN, moved)


def _strokes(text: str) -> list[tuple[Point, ...]]:
    try:
        given = json.loads(text or "[]")
    except (ValueError, RecursionError):
        raise WrongStrokes(DAMAGED) from None
    if not isinstance(given, list):
        raise WrongStrokes(DAMAGED)
    return [_stroke(each) for each in given if each != []]


def _stroke(given: object) -> tuple[Point, ...]:
    if not isinstance(given, list) or len(given) % 2:
        raise WrongStrokes(DAMAGED)
    points = tuple(zip(given[::2], given[1::2], strict=True))
    if not all(_within(x, WIDTH) and _within(y, HEIGHT) for x, y in points):
        raise WrongStrokes(DAMAGED)
    return points


def _within(number: object, most: int) -> bool:
    return type(number) is int and 0 <= number <= most


def _length(strokes: Sequence[Sequence[Point]]) -> float:
    return sum(hypot(b[0] - a[0], b[1] - a[1]) for stroke in strokes for a, b in pairwise(stroke))
