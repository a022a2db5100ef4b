"""What a finger draws: a name, too little, too much, or no strokes at all."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anze.rules.strokes import (
    DAMAGED,
    EMPTY,
    HEIGHT,
    LARGE,
    MARGIN,
    MOST_POINTS,
    SHORT,
    WIDTH,
    WrongStrokes,
    drawing_of,
)

NAME = [[100, 50, 200, 50, 150, 50, 150, 150], [110, 100, 190, 100]]


def refusal(text: str) -> str:
    with pytest.raises(WrongStrokes) as refused:
        drawing_of(text)
    return str(refused.value)


def test_a_name_is_moved_into_the_corner():
    drawing = drawing_of(json.dumps(NAME))
    assert (drawing.width, drawing.height) == (100 + 2 * MARGIN, 100 + 2 * MARGIN)
    assert drawing.strokes[0][0] == (MARGIN, MARGIN)


def test_the_same_strokes_elsewhere_are_the_same_drawing():
    moved = [[n + 30 for n in stroke] for stroke in NAME]
    assert drawing_of(json.dumps(moved)) == drawing_of(json.dumps(NAME))


@pytest.mark.parametrize("text", ["", "[]", "[[], []]"])
def test_an_empty_pad(text: str):
    assert refusal(text) == EMPTY


@pytest.mark.parametrize(
    "strokes",
    [
        [[10, 10]],  # a dot
        [[10, 10, 60, 10]],  # a dash
        [[10, 10, 20, 20] * 10],  # scribbled on one spot
    ],
)
def test_too_little_for_a_name(strokes: list[list[int]]):
    assert refusal(json.dumps(strokes)) == SHORT


def test_too_much():
    assert refusal(json.dumps([[1, 1] * (MOST_POINTS + 1)])) == LARGE
    assert refusal("[" * 100_001) == LARGE


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "[" * 90_000,
        "{}",
        "5",
        "[5]",
        "[[1]]",
        "[[1, 2, 3]]",
        f"[[{WIDTH + 1}, 0]]",
        f"[[0, {HEIGHT + 1}]]",
        "[[-1, 0]]",
        "[[1.5, 0]]",
        "[[true, 0]]",
        '[["1", "2"]]',
    ],
)
def test_what_are_no_strokes(text: str):
    assert refusal(text) == DAMAGED


@given(st.text(max_size=200))
def test_nothing_else_breaks_it(text: str):
    with pytest.raises(WrongStrokes):
        drawing_of(text)


@given(
    st.lists(
        st.lists(st.tuples(st.integers(0, WIDTH), st.integers(0, HEIGHT)), min_size=1, max_size=50),
        min_size=1,
        max_size=8,
    )
)
def test_whatever_is_drawn_lies_within_its_frame(strokes: list[list[tuple[int, int]]]):
    try:
        drawing = drawing_of(json.dumps([[n for point in stroke for n in point] for stroke in strokes]))
    except WrongStrokes:  # too little for a name, whatever its place
        return
    points = [point for stroke in drawing.strokes for point in stroke]
    assert all(MARGIN <= x <= drawing.width - MARGIN for x, _ in points)
    assert all(MARGIN <= y <= drawing.height - MARGIN for _, y in points)
