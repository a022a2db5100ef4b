from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anze.wire import safety
from anze.wire.fields import DWORD, Number, Seen
from anze.wire.header import Version
from anze.wire.items import (
    MOST_LAYOUTS,
    STANDARD,
    AreaSpeeding,
    Extra,
    Item,
    ItemReader,
    item_values,
    read_items,
    write_items,
)
from anze.wire.safety import AlarmNumber, DrivingAssistance, LongAlarmNumber, Tyre, TyrePressure
from tests.wire.values import of_kind, tables

AT = datetime(2026, 11, 28, 1, 2, 3, tzinfo=UTC)
NUMBER = AlarmNumber(terminal="1234567", time=AT, serial=1, files=3, reserved=0)
LONG_NUMBER = LongAlarmNumber(
    terminal="123456789012345678901234567890", time=AT, serial=1, files=3, reserved=0
)


@given(st.data())
def test_every_standard_item_comes_back(data: st.DataObject) -> None:
    ids = data.draw(st.lists(st.sampled_from(sorted(STANDARD)), unique=True, max_size=5))
    values = {each: data.draw(of_kind(STANDARD[each].kind, Seen(Version.V2019))) for each in ids}
    found = read_items(write_items(values), STANDARD)
    assert {extra.id: extra.value for extra in found} == values
    assert {extra.name for extra in found} == {STANDARD[each].name for each in ids}
    assert item_values(write_items(values), STANDARD) == {
        STANDARD[each].name: value for each, value in values.items()
    }


@given(st.binary(max_size=300))
def test_any_tail_is_read_without_loss(tail: bytes) -> None:
    found = read_items(tail, STANDARD)
    lengths = [b"" if extra.broken else bytes((len(extra.raw),)) for extra in found]
    parts = [bytes((extra.id,)) + length + extra.raw for extra, length in zip(found, lengths, strict=True)]
    assert b"".join(parts) == tail
    assert not any(extra.broken for extra in found[:-1])
    assert item_values(tail, STANDARD) == {
        extra.name: extra.value for extra in found if extra.value is not None
    }


@pytest.mark.parametrize(
    "tail", ["64040000 20d0", "14020000", "0301ff", "18050000000000", "1106 0000000001 ff"]
)
def test_an_item_whose_length_does_not_fit_stays_raw(tail: str) -> None:
    (extra,) = read_items(bytes.fromhex(tail), STANDARD)
    assert extra.value is None
    assert extra.name == STANDARD[extra.id].name
    assert extra.broken == (len(extra.raw) != bytes.fromhex(tail)[1])


def test_a_broken_item_does_not_cost_those_before_it() -> None:
    assert read_items(bytes.fromhex("0104000000aa 3105 10"), STANDARD) == (
        Extra(1, bytes.fromhex("000000aa"), "mileage", 170),
        Extra(0x31, bytes.fromhex("0510"), broken=True),
    )
    assert read_items(b"\x31", STANDARD) == (Extra(0x31, b"", broken=True),)


def test_a_dialect_gives_and_takes_meanings() -> None:
    dialect = {each: item for each, item in STANDARD.items() if each != 0x14} | {
        0xEB: Item("voltage", "电压", DWORD)
    }
    tail = write_items({0x14: b"\0\0\0\1", 0xEB: 5}, dialect)
    assert read_items(tail, dialect) == (
        Extra(0x14, b"\0\0\0\1"),
        Extra(0xEB, b"\0\0\0\5", "voltage", 5),
    )


def test_an_area_is_named_only_where_it_is_one() -> None:
    (extra,) = read_items(bytes.fromhex("110100"), STANDARD)
    assert extra.value == AreaSpeeding(place=0)


@pytest.mark.parametrize(("number", "size"), [(NUMBER, 47), (LONG_NUMBER, 71)])
def test_the_length_tells_which_number(number: AlarmNumber | LongAlarmNumber, size: int) -> None:
    assistance = DrivingAssistance(
        alarm_id=1, phase=1, kind=2, level=1, ahead_speed=0, ahead_distance=0, departure=1,
        sign=0, sign_value=0,
        speed=60, altitude=5, latitude=31, longitude=121, time=AT, vehicle=1, number=number,
    )  # fmt: skip
    (extra,) = read_items(write_items({0x64: assistance}), STANDARD)
    assert (extra.value, len(extra.raw)) == (assistance, size)


@given(st.integers(0, 4), st.sampled_from([NUMBER, LONG_NUMBER]), st.data())
def test_tyres_fit_behind_either_number(
    count: int, number: AlarmNumber | LongAlarmNumber, data: st.DataObject
) -> None:
    tyres = tuple(data.draw(tables(Tyre, Version.V2019)) for _ in range(count))
    pressure = TyrePressure(
        alarm_id=1, phase=1, speed=60, altitude=5, latitude=31, longitude=121, time=AT, vehicle=1,
        number=number, tyres=tyres,
    )  # fmt: skip
    (extra,) = read_items(write_items({0x66: pressure}), STANDARD)
    assert extra.value == pressure


def test_the_two_numbers_have_their_lengths() -> None:
    assert (safety.SHORT, safety.LONG) == (16, 40)


READER = ItemReader()
PLAIN = [each for each, item in STANDARD.items() if isinstance(item.kind, Number)]


@given(st.lists(st.sampled_from([*PLAIN, 0x11, 0xEB]), max_size=4), st.data())
def test_the_quick_reader_says_the_same(ids: list[int], data: st.DataObject) -> None:
    """Repeated ids, unknown ones and broken tails included; the reader remembers across examples."""
    tail = b"".join(
        bytes((each, size)) + data.draw(st.binary(min_size=size, max_size=size))
        for each in ids
        for size in [data.draw(st.sampled_from([1, 2, 2, 4]))]
    )
    for _ in range(2):
        assert READER.values(tail) == item_values(tail, STANDARD)


def test_the_quick_reader_keeps_only_so_many_layouts() -> None:
    dialect = {each: Item(f"n{each}", "", DWORD) for each in range(256)}
    reader = ItemReader(dialect)
    for count in range(1, MOST_LAYOUTS):
        tail = b"".join(bytes((each % 256, 4)) + bytes(4) for each in range(count))
        assert len(reader.values(tail)) == count
    more = write_items({each: b"ab" if each else bytes(4) for each in range(9)}, dialect)
    assert reader.values(more) == item_values(more, dialect)
    assert len(reader._layouts) <= MOST_LAYOUTS
