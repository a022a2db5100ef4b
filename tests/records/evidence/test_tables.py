"""Fields of several rows: one spelling in, lines of Chinese out."""

from __future__ import annotations

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anze.records.evidence.tables import MOST_ROWS, items_in, unexplained
from anze.records.evidence.values import WrongValue, canonical_value, displayed
from anze.rules.catalogue.model import FOLLOW_UP, FieldSpec

COLUMNS = {"what": "事项", "who": "责任人", "due": "完成期限", "measure": "措施"}
SPEC = FieldSpec("actions", "议定事项", "items", False, columns=COLUMNS)
LINES = "1. 换装灭火器｜责任人 张三｜完成期限 2026-12-31\n2. 修订值班制度｜措施 送审后发文"


def typed(*rows: dict[str, object]) -> str:
    return canonical_value(SPEC, json.dumps(rows))


def test_rows_from_a_form() -> None:
    value = typed(
        {"key": "", "what": " 换装 灭火器 ", "name": "张三", "due": "２０２６-12-31", "measure": ""}
    )
    [row] = items_in(value)
    assert (row.what, row.name, row.who, row.due) == ("换装 灭火器", "张三", None, date(2026, 12, 31))
    assert len(row.key) == 8
    assert canonical_value(SPEC, value) == value


def test_lines_of_text_are_rows_and_rows_are_lines() -> None:
    value = canonical_value(SPEC, LINES)
    assert displayed(SPEC, value) == LINES
    assert canonical_value(SPEC, displayed(SPEC, value)) == value
    assert displayed(SPEC, canonical_value(SPEC, "换装灭火器|张三|2026-12-31\n")) == LINES.splitlines()[0]


def test_a_namesake_is_told_by_the_id() -> None:
    assert [(row.who, row.name) for row in items_in(typed({"what": "甲", "name": "张伟（12）"}))] == [
        (12, "张伟")
    ]


def test_two_new_rows_with_the_same_words_have_keys_of_their_own() -> None:
    rows = items_in(typed({"what": "甲"}, {"what": "甲"}))
    assert rows[0].key != rows[1].key


def test_another_row_never_takes_over_a_key() -> None:
    [first, second] = items_in(typed({"what": "甲"}, {"what": "乙"}))
    [again, new] = items_in(typed({"what": "甲，改了字", "key": first.key}, {"what": "丙"}))
    assert again.key == first.key
    assert new.key not in (first.key, second.key)


def test_empty_rows_go() -> None:
    assert typed({"key": "", "what": "", "due": ""}, {}) == ""
    assert len(items_in(typed({"what": "甲"}, {"what": " "}))) == 1


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('[{"name": "张三"}]', "第 1 行没有填写“事项”"),
        ('[{"what": "甲", "due": "明天"}]', "第 1 行的期限：日期请写成"),
        ('[{"what": "甲", "due": "1026-01-01"}]', "年份不合理"),
        (json.dumps([{"what": "长" * 501}]), "最多 500 字"),
        (json.dumps([{"what": "甲", "measure": "长" * 201}]), "“措施”最多 200 字"),
        (json.dumps([{"what": "甲"}] * (MOST_ROWS + 1)), f"最多 {MOST_ROWS} 行"),
        ('[{"what": "甲", "key": "0123abcd"}, {"what": "乙", "key": "0123abcd"}]', "序号相同"),
        ("[1]", "表格数据损坏"),
        ("[{", "表格数据损坏"),
        ("[" * 5000, "表格数据损坏"),
        ("甲｜乙｜2026-01-01｜丁｜戊", "多于 4 列"),
    ],
)
def test_what_is_wrong_is_said(text: str, problem: str) -> None:
    with pytest.raises(WrongValue, match=problem):
        canonical_value(SPEC, text)


def test_what_became_of_items() -> None:
    rows = [
        {
            "record": 7,
            "field": "actions",
            "key": "0123abcd",
            "what": "甲",
            "number": "HY-2026-0001",
            "result": "done",
        },
        {"record": 7, "field": "actions", "key": "0123abce", "what": "乙", "result": ""},
        {
            "record": "7",
            "field": "actions",
            "key": "0123abcf",
            "what": "丙",
            "result": "unfinished",
            "due": "2026-12-31",
            "remark": "加派人手",
        },
        {"record": 7, "field": "actions", "key": "0123abc0", "what": "丁", "result": "cancelled"},
    ]
    value = canonical_value(FOLLOW_UP, json.dumps(rows))
    assert displayed(FOLLOW_UP, value).splitlines() == [
        "1. 甲（HY-2026-0001）：已完成",
        "2. 丙：未完成，措施：加派人手，延至 2026-12-31",
        "3. 丁：取消",
    ]
    assert canonical_value(FOLLOW_UP, value) == value
    assert [row.what for row in unexplained(value)] == ["丁"]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("都完成了", "逐项选择结果"),
        ('[{"record": 1, "result": "fine"}]', "请从结果中选择"),
        ('[{"record": "x", "result": "done"}]', "表格数据损坏"),
        (json.dumps([{"record": 1, "key": "0123abcd", "result": "done"}] * 2), "两次"),
        ('[{"record": 1, "result": "unfinished", "due": "x"}]', "期限"),
    ],
)
def test_what_is_wrong_with_a_settlement_is_said(text: str, problem: str) -> None:
    with pytest.raises(WrongValue, match=problem):
        canonical_value(FOLLOW_UP, text)


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    for spec in (SPEC, FOLLOW_UP):
        try:
            value = canonical_value(spec, text)
        except WrongValue:
            continue
        assert canonical_value(spec, value) == value
        displayed(spec, value)
