from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anze.wire.errors import MalformedError, Reason, UnencodableError
from anze.wire.fields import (
    BYTE,
    DWORD,
    SIGNED,
    WORD,
    ByVersion,
    Digits,
    Listed,
    Moment,
    Prefixed,
    Raw,
    Seen,
    Tail,
    Text,
    bcd_time,
    instant,
)
from anze.wire.header import Version

SEEN = Seen(Version.V2013)


@pytest.mark.parametrize(
    ("kind", "data", "value"),
    [
        (BYTE, "ff", 255),
        (WORD, "0102", 258),
        (SIGNED, "fffe", -2),
        (DWORD, "00000100", 256),
        (Text(6), "b2e241310000", "测A1"),
        (Text(4), "00003132", "12"),
        (Text(), "b2ff31", "\\xb2\\xff1"),
        (Digits(2), "0123", "0123"),
        (Digits(1), "1f", "1f"),
        (Prefixed(BYTE, Text()), "0231320000", "12"),
        (Listed(WORD), "0200010002", (1, 2)),
        (Listed(WORD, None), "00010002", (1, 2)),
        (Tail(WORD), "", None),
        (ByVersion(None, WORD, DWORD), "0001", 1),
        (ByVersion(BYTE, None, None), "0001", None),
    ],
)
def test_reading(kind: object, data: str, value: object) -> None:
    assert kind.read(bytes.fromhex(data), 0, SEEN)[0] == value  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "kind", [WORD, Text(3), Raw(3), Digits(3), Moment(), Prefixed(BYTE, Raw()), Listed(WORD)]
)
def test_too_few_bytes_are_malformed(kind: object) -> None:
    with pytest.raises(MalformedError) as caught:
        kind.read(b"\x02\x00", 0, SEEN) if kind is not WORD else kind.read(b"\x02", 0, SEEN)  # type: ignore[attr-defined]
    assert caught.value.reason is Reason.TRUNCATED


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (BYTE, 256),
        (BYTE, -1),
        (Text(2), "测试"),
        (Raw(2), b"abc"),
        (Digits(1), "xy"),
        (Digits(1), "123"),
        (Moment(), datetime(2026, 1, 1)),
        (Moment(), datetime(1999, 1, 1, tzinfo=UTC)),
        (Listed(BYTE), range(256)),
    ],
)
def test_what_does_not_fit_is_refused(kind: object, value: object) -> None:
    with pytest.raises(UnencodableError):
        kind.write(value, SEEN)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("bcd", "at"),
    [
        ("240229235959", datetime(2024, 2, 29, 15, 59, 59, tzinfo=UTC)),
        ("000101000000", datetime(1999, 12, 31, 16, tzinfo=UTC)),
        ("000000000000", None),
        ("250229000000", None),
        ("ff0101000000", None),
        ("26010124000a", None),
    ],
)
def test_times(bcd: str, at: datetime | None) -> None:
    assert instant(bytes.fromhex(bcd)) == at


@given(st.binary(min_size=6, max_size=6))
def test_any_six_bytes_are_a_time_or_none(bcd: bytes) -> None:
    at = instant(bcd)
    assert at is None or bcd_time(at) == bcd
