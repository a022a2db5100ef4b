from __future__ import annotations

from functools import reduce
from operator import xor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anze.wire.errors import Reason
from anze.wire.frame import KEPT_OF_BAD, LONGEST, MARK, Bad, FrameReader, check_code, wrap

FRAMES = st.binary(min_size=12, max_size=1044)


def cut(data: bytes, places: list[int]) -> list[bytes]:
    """The data in pieces, some of them empty."""
    ends = sorted(place % (len(data) + 1) for place in places)
    return [data[start:end] for start, end in zip([0, *ends], [*ends, len(data)], strict=True)]


def feed(*pieces: bytes) -> list[bytes | Bad]:
    reader = FrameReader()
    return [found for piece in pieces for found in reader.feed(piece)]


@given(st.lists(FRAMES, max_size=4), st.lists(st.integers(0, 10_000), max_size=8))
def test_frames_come_out_as_they_went_in_however_chopped(frames: list[bytes], places: list[int]) -> None:
    assert feed(*cut(b"".join(wrap(frame) for frame in frames), places)) == frames


@given(FRAMES, st.binary(max_size=60).map(lambda noise: noise.replace(MARK, b"")), FRAMES)
def test_noise_between_two_frames_costs_only_itself(first: bytes, noise: bytes, second: bytes) -> None:
    found = feed(wrap(first) + noise + wrap(second))
    assert [found[0], found[-1]] == [first, second]
    assert len(found) == 2 + bool(noise)


@given(st.binary(max_size=5000), st.lists(st.integers(0, 10_000), max_size=8))
def test_any_bytes_at_all_are_cut_the_same_way_and_little_is_kept(data: bytes, places: list[int]) -> None:
    reader = FrameReader()
    found = []
    for piece in cut(data, places):
        found += reader.feed(piece)
        assert reader.kept <= LONGEST
    if all(not isinstance(each, Bad) or each.reason is not Reason.TOO_LONG for each in found):
        assert found == feed(data) or any(isinstance(each, Bad) for each in found)


@given(st.binary(max_size=1100))
def test_the_check_code_is_the_xor_of_all_bytes(data: bytes) -> None:
    assert check_code(data) == reduce(xor, data, 0)


FRAME = bytes.fromhex("0002000001391234432900 07")


@pytest.mark.parametrize(
    ("piece", "reason"),
    [
        (FRAME + b"\x7d\x03", Reason.ESCAPE),
        (FRAME + b"\x7d", Reason.ESCAPE),
        (FRAME + bytes((check_code(FRAME) ^ 1,)), Reason.CHECKSUM),
        (FRAME[:8], Reason.TOO_SHORT),
        (bytes(LONGEST + 1), Reason.TOO_LONG),
    ],
)
def test_what_is_no_frame_says_why_and_keeps_its_bytes(piece: bytes, reason: Reason) -> None:
    assert feed(MARK + piece + MARK + wrap(FRAME)) == [Bad(reason, piece[:KEPT_OF_BAD]), FRAME]


def test_a_mark_inside_a_frame_makes_two_bad_pieces_and_the_next_is_good() -> None:
    broken = MARK + FRAME[:6] + MARK + FRAME[6:] + b"\x00" + MARK
    assert [isinstance(each, Bad) for each in feed(broken + wrap(FRAME))] == [True, True, False]


def test_one_mark_may_end_a_frame_and_begin_the_next() -> None:
    assert feed(wrap(FRAME)[:-1] + wrap(FRAME)) == [FRAME, FRAME]


def test_bytes_before_the_first_mark_are_noise() -> None:
    assert feed(b"GET / HTTP/1.1" + wrap(FRAME)) == [Bad(Reason.NOISE, b"GET / HTTP/1.1"), FRAME]


@pytest.mark.parametrize(("begin", "reason"), [(MARK, Reason.TOO_LONG), (b"", Reason.NOISE)])
def test_an_endless_frame_is_dropped_once_and_the_next_is_good(begin: bytes, reason: Reason) -> None:
    reader = FrameReader()
    found = reader.feed(begin + bytes(100))
    for _ in range(500):
        found += reader.feed(bytes(1000))
        assert reader.kept <= LONGEST
    found += reader.feed(bytes(10) + wrap(FRAME))
    # The mark that ends the endless one begins the next.
    assert found == [Bad(reason, bytes(KEPT_OF_BAD)), FRAME]
