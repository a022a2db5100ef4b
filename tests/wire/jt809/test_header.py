from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anze.wire.errors import MalformedError, Reason, UnencodableError
from anze.wire.fields import Seen
from anze.wire.header import Version
from anze.wire.jt809.frame import MOST_LENGTH
from anze.wire.jt809.header import Header, build, parse
from anze.wire.jt809.kinds import CivilTime, PlatformId, UtcTime, instant_of
from anze.wire.jt809.tables import VERSIONS

AT = datetime(2026, 11, 28, 2, 3, 4, tzinfo=UTC)
SEEN = Seen(Version.V2011)


@given(st.sampled_from(VERSIONS), st.integers(0, 2**32 - 1), st.integers(0, 255), st.binary(max_size=60))
def test_a_header_comes_out_as_it_went_in(version: Version, number: int, flag: int, body: bytes) -> None:
    time = AT if version is Version.V2019 else None
    header = Header(number & 0xFFFF, number, number, version, time, flag, number, b"\1\2\3")
    assert parse(build(header, body), version) == (header, body)


@pytest.mark.parametrize("version", VERSIONS)
def test_a_wrong_length_or_half_a_header_is_malformed(version: Version) -> None:
    frame = build(Header(0x1005, 1, 2, version), b"")
    with pytest.raises(MalformedError, match=Reason.LENGTH.value):
        parse(frame + b"\0", version)
    with pytest.raises(MalformedError, match=Reason.TOO_SHORT.value):
        parse(frame[:-1], version)


def test_a_header_of_the_other_version_is_no_message() -> None:
    frame = build(Header(0x1005, 1, 2, Version.V2011), b"")
    with pytest.raises(MalformedError):
        parse(frame, Version.V2019)


def test_what_does_not_fit_is_refused() -> None:
    with pytest.raises(UnencodableError, match="超过"):
        build(Header(0x1200, 1, 2, Version.V2011), bytes(MOST_LENGTH))
    with pytest.raises(UnencodableError, match="超出范围"):
        build(Header(0x1200, 1 << 32, 2, Version.V2011), b"")


@pytest.mark.parametrize("seconds", [0, 1 << 40, (1 << 64) - 1])
def test_seconds_that_are_no_instant_are_none(seconds: int) -> None:
    assert instant_of(seconds) is None
    assert UtcTime().read(seconds.to_bytes(8, "big"), 0, SEEN) == (None, 8)


def test_no_time_is_zeros() -> None:
    assert UtcTime().write(None, SEEN) == bytes(8)
    assert CivilTime().write(None, SEEN) == bytes(7)
    assert CivilTime().read(bytes(7), 0, SEEN) == (None, 7)
    # The first day there is, which is one of UTC+8 only.
    assert CivilTime().read(bytes.fromhex("01010001000000"), 0, SEEN) == (None, 7)


@pytest.mark.parametrize("kind", [UtcTime(), CivilTime()])
def test_a_time_without_a_zone_is_refused(kind: UtcTime | CivilTime) -> None:
    with pytest.raises(UnencodableError, match="时区"):
        kind.write(AT.replace(tzinfo=None), SEEN)


def test_a_time_before_1970_is_refused() -> None:
    with pytest.raises(UnencodableError, match="1970"):
        UtcTime().write(AT.replace(year=1969), SEEN)


@pytest.mark.parametrize(
    ("data", "name"),
    [
        ("3132333435363738393030", "12345678900"),
        ("00000000000002dfdc1c34", "12345678900"),
        ("4a43323032305054303838", "JC2020PT088"),
        ("0000000000000000000000", ""),
    ],
)
def test_a_platform_is_text_or_in_some_peers_a_number(data: str, name: str) -> None:
    assert PlatformId().read(bytes.fromhex(data), 0, SEEN) == (name, 11)
