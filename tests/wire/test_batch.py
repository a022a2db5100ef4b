from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from anze.wire.batch import NONE, read_array, read_bodies, read_numbers
from anze.wire.header import Version
from anze.wire.items import STANDARD, read_items
from anze.wire.position import read_position

BCD = st.lists(
    st.integers(0, 99).map(lambda n: n // 10 * 16 + n % 10) | st.integers(0, 255), min_size=6, max_size=6
).map(bytes)
BODIES = st.builds(
    lambda head, bcd, tail: head + bcd + tail, st.binary(min_size=22, max_size=22), BCD, st.binary(max_size=9)
)


@given(st.lists(BODIES, min_size=1, max_size=20))
def test_a_batch_says_what_one_by_one_says(bodies: list[bytes]) -> None:
    for body, row in zip(bodies, read_bodies(bodies), strict=True):
        position = read_position(body, Version.V2013)
        for name in ("alarm_bits", "status_bits", "latitude", "longitude", "altitude", "speed", "direction"):
            assert row[name] == getattr(position, name)
        if position.time is None:
            assert np.isnat(row["time"])
        else:
            assert row["time"] == np.datetime64(position.time.replace(tzinfo=None))


def test_bodies_of_one_length_are_one_array() -> None:
    body = bytes(8) + (31_000_000).to_bytes(4, "big") + bytes(10) + bytes.fromhex("240229235959") + b"xx"
    rows = read_array(np.frombuffer(body * 3, np.uint8).reshape(3, -1))
    assert rows["latitude"].tolist() == [31_000_000] * 3
    assert rows["time"].tolist() == [np.datetime64("2024-02-29T15:59:59").item()] * 3


ITEM = st.tuples(st.sampled_from([0x01, 0x02, 0x03, 0x64]), st.binary(max_size=5)).map(
    lambda item: bytes((item[0], len(item[1]))) + item[1]
)
TAILS = st.lists(ITEM, max_size=6).map(b"".join) | st.binary(max_size=12)


@given(st.lists(TAILS, min_size=1, max_size=12))
def test_numbers_among_the_items_are_those_read_one_by_one(tails: list[bytes]) -> None:
    found = read_numbers(tails, {0x01: 4, 0x03: 2})
    for seq, tail in enumerate(tails):
        extras = [extra for extra in read_items(tail, STANDARD) if not extra.broken]
        for number in (0x01, 0x03):
            values = [extra.value for extra in extras if extra.id == number and extra.value is not None]
            assert found[number][seq] == (values[-1] if values else NONE)
