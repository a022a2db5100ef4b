from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anze.wire.errors import MalformedError, Reason, UnencodableError
from anze.wire.frame import MOST_BODY, FrameReader
from anze.wire.header import Header, Version, build, encode, parse

HEADERS = st.tuples(
    st.integers(0, 0xFFFF),
    st.text("0123456789", min_size=1, max_size=12).map(lambda digits: digits.lstrip("0") or "0"),
    st.integers(0, 0xFFFF),
    st.sampled_from([Version.V2013, Version.V2019]),
    st.integers(0, 7),
).map(lambda facts: Header(*facts))


@given(HEADERS, st.binary(max_size=MOST_BODY), st.integers(0, 9), st.integers(0, 9))
def test_parse_of_build_is_the_same(header: Header, body: bytes, total: int, part: int) -> None:
    if total:
        header = header._replace(total=total, part=part % total + 1)
    assert parse(build(header, body)) == (header, body)


@given(st.binary(max_size=200))
def test_any_frame_is_at_worst_malformed(frame: bytes) -> None:
    try:
        header, body = parse(frame)
    except MalformedError as error:
        assert error.reason in (Reason.TOO_SHORT, Reason.LENGTH, Reason.PART)  # noqa: PT017 -- any bytes
    else:
        assert build(header, body)[4:] or header


@given(HEADERS, st.binary(max_size=5000))
def test_a_long_body_goes_out_in_parts_with_serials_of_their_own(header: Header, body: bytes) -> None:
    frames = encode(header, body)
    parsed = [
        parse(frame) for each in frames for frame in FrameReader().feed(each) if isinstance(frame, bytes)
    ]
    assert b"".join(piece for _, piece in parsed) == body
    assert [each.serial for each, _ in parsed] == [(header.serial + n) & 0xFFFF for n in range(len(frames))]
    if len(frames) > 1:
        assert [(each.total, each.part) for each, _ in parsed] == [
            (len(frames), n + 1) for n in range(len(frames))
        ]


def test_2019_without_its_bit_is_told_by_the_length() -> None:
    frame = bytearray(build(Header(0x0200, "13912345678", 1, Version.V2019), b"abc"))
    frame[2] &= ~0x40
    header, body = parse(bytes(frame))
    assert (header.version, header.terminal, body) == (Version.V2019, "13912345678", b"abc")


@pytest.mark.parametrize(("total", "part"), [(0, 0), (3, 0), (3, 4)])
def test_a_part_that_cannot_be_is_malformed(total: int, part: int) -> None:
    good = build(Header(0x0801, "1", 1, Version.V2013, total=3, part=1), b"abc")
    with pytest.raises(MalformedError, match=Reason.PART.value):
        parse(good[:12] + total.to_bytes(2, "big") + part.to_bytes(2, "big") + good[16:])


def test_what_no_header_holds_is_refused() -> None:
    with pytest.raises(UnencodableError, match="12 位"):
        build(Header(0x8001, "1234567890123", 1, Version.V2013), b"")
    with pytest.raises(UnencodableError, match="1023"):
        build(Header(0x8001, "1", 1, Version.V2013), bytes(1024))
