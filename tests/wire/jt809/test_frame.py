from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anze.wire.errors import Reason
from anze.wire.frame import KEPT_OF_BAD, Bad
from anze.wire.jt809.frame import BEGIN, END, LONGEST, SHORTEST, FrameReader, check_code, unwrap, wrap
from tests.wire.test_frame import cut

# Bytes to be escaped are frequent.
BYTES = st.binary(max_size=1) | st.sampled_from([b"\x5a", b"\x5b", b"\x5d", b"\x5e", b"\x01", b"\x02"])
FRAMES = st.lists(BYTES, min_size=22, max_size=60).map(b"".join).filter(lambda each: len(each) >= 22)
NOISE = st.binary(max_size=60).map(lambda each: each.replace(BEGIN, b""))


def feed(*pieces: bytes) -> list[bytes | Bad]:
    reader = FrameReader()
    return [found for piece in pieces for found in reader.feed(piece)]


@given(st.lists(FRAMES, max_size=4), st.lists(st.integers(0, 10_000), max_size=8))
def test_frames_come_out_as_they_went_in_however_chopped(frames: list[bytes], places: list[int]) -> None:
    assert feed(*cut(b"".join(wrap(frame) for frame in frames), places)) == frames


@given(FRAMES)
def test_inside_a_frame_nothing_begins_or_ends(frame: bytes) -> None:
    whole = wrap(frame)
    assert (whole[:1], whole[-1:]) == (BEGIN, END)
    assert not {*BEGIN, *END} & {*whole[1:-1]}


@given(FRAMES, NOISE, FRAMES)
def test_noise_between_two_frames_costs_only_itself(first: bytes, noise: bytes, second: bytes) -> None:
    found = feed(wrap(first) + noise + wrap(second))
    assert found == [first, *[Bad(Reason.NOISE, noise)] * bool(noise), second]


@given(
    st.lists(BYTES | FRAMES.map(wrap), max_size=30).map(b"".join), st.lists(st.integers(0, 9999), max_size=8)
)
def test_any_bytes_at_all_are_cut_the_same_way_and_little_is_kept(data: bytes, places: list[int]) -> None:
    reader = FrameReader()
    found = []
    for piece in cut(data, places):
        found += reader.feed(piece)
        assert reader.kept <= LONGEST
    assert found == feed(data)


FRAME = bytes(range(100, 122))


@pytest.mark.parametrize(
    ("piece", "reason"),
    [
        (FRAME + b"\x5a\x03\x00", Reason.ESCAPE),
        (FRAME + b"\x00\x5e", Reason.ESCAPE),
        (FRAME + (check_code(FRAME) ^ 1).to_bytes(2, "big"), Reason.CHECKSUM),
        (bytes(SHORTEST - 1), Reason.TOO_SHORT),
        (b"", Reason.TOO_SHORT),
    ],
)
def test_what_is_no_frame_says_why_and_keeps_its_bytes(piece: bytes, reason: Reason) -> None:
    assert feed(BEGIN + piece + END + wrap(FRAME)) == [Bad(reason, piece[:KEPT_OF_BAD]), FRAME]


def test_a_frame_without_its_end_does_not_cost_the_next() -> None:
    assert feed(wrap(FRAME)[:9] + wrap(FRAME)) == [Bad(Reason.NO_END, FRAME[:8]), FRAME]


def test_an_escape_byte_that_a_peer_left_alone_stands_for_itself() -> None:
    frame = FRAME + b"\x5a\x7f\x5e"
    bare = frame + check_code(frame).to_bytes(2, "big")
    assert unwrap(bare) == frame


def test_an_escape_is_undone_once() -> None:
    frame = FRAME + b"\x5a\x01\x5e\x02"
    assert wrap(frame)[23:31] == b"\x5a\x02\x01\x5e\x02\x02" + wrap(frame)[29:31]
    assert unwrap(wrap(frame)[1:-1]) == frame


def test_the_check_code_is_the_one_of_the_standard() -> None:
    # The check value that catalogues of CRCs give for CRC-16/CCITT from 0xFFFF.
    assert check_code(b"123456789") == 0x29B1


@pytest.mark.parametrize(
    ("begin", "reason", "most"), [(BEGIN, Reason.TOO_LONG, LONGEST), (b"", Reason.NOISE, KEPT_OF_BAD)]
)
def test_an_endless_frame_is_dropped_once_and_the_next_is_good(
    begin: bytes, reason: Reason, most: int
) -> None:
    reader = FrameReader()
    found = reader.feed(begin + bytes(100))
    for _ in range(150):
        found += reader.feed(bytes(1000))
        assert reader.kept <= most
    found += reader.feed(END + bytes(10) + wrap(FRAME))
    assert found == [Bad(reason, bytes(KEPT_OF_BAD)), FRAME]
