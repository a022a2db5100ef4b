"""What is written is read again the same, whatever the texts hold."""

from __future__ import annotations

import io
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from anze.records.imports.workbooks import read_file
from anze.records.imports.writing import list_of
from anze.rules.importing.cells import tidy
from anze.rules.importing.reading import read_rows
from anze.rules.importing.sheets import Column, Sheet

TEXTS = st.text(
    st.characters(exclude_categories=["Cc", "Cs", "Co", "Cn", "Cf"]) | st.sampled_from("=+-@'\n0，"),
    max_size=40,
)
SHEET = Sheet(
    "x",
    "往返",
    (
        Column("title", "标题", "text", required=True),
        Column("long", "内容", "longtext"),
        Column("number", "数", "decimal"),
        Column("day", "日期", "day"),
        Column("choice", "选择", "choice", choices={"a": "甲", "b": "乙"}),
        Column("choices", "多选", "choices", choices={"a": "甲", "b": "乙"}),
        Column("people", "人员", "people"),
    ),
)
ROW = st.fixed_dictionaries(
    {"title": TEXTS.filter(lambda text: tidy(text) and not text.startswith("填写说明"))},
    optional={
        "long": TEXTS,
        "number": st.decimals(-(10**9), 10**9, places=2).map(str),
        "day": st.dates(min_value=date(1950, 1, 1), max_value=date(2100, 12, 31)).map(str),
        "choice": st.sampled_from(["甲", "乙"]),
        "choices": st.sampled_from(["甲", "乙", "甲、乙"]),
        "people": st.lists(st.sampled_from(["张伟", "李强5678", "王芳（请假）"]), unique=True).map("、".join),
    },
)


@settings(max_examples=40, deadline=None)
@given(st.lists(ROW, min_size=1, max_size=4))
def test_a_list_imports_again_unchanged(rows: list[dict[str, str]]):
    with list_of(SHEET, rows) as file:
        written = io.BytesIO(file.read())
    cells = read_file(written, len(written.getvalue()))
    first = read_rows(SHEET, cells.rows)
    with list_of(SHEET, [row.typed for row in first.rows]) as file:
        again = io.BytesIO(file.read())
    second = read_rows(SHEET, read_file(again, len(again.getvalue())).rows)
    assert [row.values for row in first.rows] == [row.values for row in second.rows]
    assert [tidy(row["title"]) for row in rows] == [row.typed["title"] for row in first.rows]
    assert [row.errors for row in first.rows] == [row.errors for row in second.rows]
