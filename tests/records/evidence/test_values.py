from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anze.records.evidence.values import WrongValue, canonical_value, clean_text, plain
from anze.rules.catalogue.model import FieldSpec

TYPES = ("text", "longtext", "date", "number", "money", "hours", "choice", "choices", "bool")


def spec(kind: str) -> FieldSpec:
    return FieldSpec("f", "项", kind, required=False, choices={"a": "甲", "b": "乙"})


@pytest.mark.parametrize(
    ("kind", "typed", "stored"),
    [
        ("text", "  冬季\t行车 ", "冬季 行车"),
        ("longtext", "一\r\n二\x07", "一\n二"),
        ("date", "2026-05-08", "2026-05-08"),
        ("number", "012.50", "12.5"),
        ("number", "１２", "12"),
        ("number", "-3", "-3"),
        ("number", "1e3", "1000"),
        ("money", "1200.00", "1200"),
        ("money", "0", "0"),
        ("hours", "2.5", "2.5"),
        ("choice", "a", "a"),
        ("choices", "b, a,b,", "a,b"),
        ("bool", "on", "true"),
        ("bool", "否", "false"),
        *((kind, "   ", "") for kind in TYPES),
    ],
)
def test_one_content_has_one_spelling(kind: str, typed: str, stored: str) -> None:
    assert canonical_value(spec(kind), typed) == stored


@pytest.mark.parametrize(
    ("kind", "typed", "problem"),
    [
        ("text", "字" * 201, "最多 200 字"),
        ("longtext", "字" * 5001, "最多 5000 字"),
        ("date", "2026-02-30", "日期请写成"),
        ("date", "20260508x", "日期请写成"),
        ("date", "1026-05-08", "年份"),
        ("number", "十二", "请填写数字"),
        ("number", "NaN", "请填写数字"),
        ("number", "Infinity", "过大"),
        ("number", "1e999999", "过大"),
        ("number", "0.0000001", "6 位小数"),
        ("money", "-1", "不能为负"),
        ("money", "1.005", "两位小数"),
        ("hours", "-2", "时长应为"),
        ("hours", "10001", "时长应为"),
        ("choice", "c", "甲、乙"),
        ("choices", "a,c", "甲、乙"),
        ("bool", "maybe", "“是”或“否”"),
    ],
)
def test_a_wrong_value_says_what_is_asked(kind: str, typed: str, problem: str) -> None:
    with pytest.raises(WrongValue, match=problem):
        canonical_value(spec(kind), typed)


@given(st.sampled_from(TYPES), st.text(max_size=30))
def test_any_text_is_taken_or_refused_and_what_is_taken_stays(kind: str, typed: str) -> None:
    try:
        stored = canonical_value(spec(kind), typed)
    except WrongValue:
        return
    assert "\x00" not in stored
    assert canonical_value(spec(kind), stored) == stored


@given(st.text())
def test_clean_text_can_be_stored(text: str) -> None:
    clean = clean_text(text)
    clean.encode("utf-8")
    assert "\x00" not in clean
    assert clean_text(clean) == clean


@pytest.mark.parametrize(
    ("number", "text"), [("100", "100"), ("2.50", "2.5"), ("1E+2", "100"), ("0.10", "0.1")]
)
def test_numbers_are_plain(number: str, text: str) -> None:
    assert plain(Decimal(number)) == text
