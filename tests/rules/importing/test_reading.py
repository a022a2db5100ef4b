"""Headings wherever they stand, every error of every row, and addresses as a spreadsheet gives them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from anze.rules.catalogue.load import load
from anze.rules.catalogue.model import FieldSpec
from anze.rules.importing.names import Named, listed, named_people
from anze.rules.importing.reading import (
    MOST_ROWS,
    WrongSheet,
    address,
    doubles,
    letter,
    read_row,
    read_rows,
)
from anze.rules.importing.sheets import (
    people_sheet,
    sheet_of,
    vehicles_sheet,
)
from anze.rules.plates import is_plate

ROOT = Path(__file__).parents[3] / "catalogue"
SHEET = vehicles_sheet()
HEAD = (1, ["车牌号", "入册日期"])


def test_headings_are_found_below_a_title_and_in_any_order():
    cells = [
        (1, ["车辆台账"]),
        (3, ["* 入册日期", "备注", "车牌号（必填）"]),
        (5, ["2026-01-05", "x", "浙B12345"]),
    ]
    found = read_rows(SHEET, cells)
    assert found.letters == {"since": "A", "plate": "C"}
    assert found.unknown == ("B3“备注”",)
    (row,) = found.rows
    assert (row.number, row.values) == (5, {"plate": "浙B12345", "since": "2026-01-05"})
    assert address(SHEET, found.letters, 5, "plate") == "C5 车牌号"
    assert address(SHEET, found.letters, 5, "unit") == "第 5 行 机构"


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ([], "没有找到标题行"),
        ([(1, ["甲", "乙"])], "没有找到标题行"),
        (
            [(1, ["车牌号", "车牌号", "入册的日期"])],
            "“车牌号”有 2 列；缺少“入册日期”列（“入册的日期”是不是它",
        ),
        ([HEAD], "没有数据"),
        ([HEAD, (2, ["填写说明：必填", ""])], "没有数据"),
        ([HEAD, *((n, ["浙B12345"]) for n in range(2, MOST_ROWS + 3))], "最多导入"),
    ],
)
def test_a_sheet_that_cannot_be_read_says_why(cells: list[tuple[int, list[str]]], said: str):
    with pytest.raises(WrongSheet, match=said):
        read_rows(SHEET, cells)


def test_what_stands_twice_is_told():
    def row(number: int, plate: str, since: str):
        return read_row(SHEET, number, {"plate": plate, "since": since})

    rows = [row(2, "浙B1", ""), row(3, "浙B12345", "2026-01-05"), row(4, "浙B12345", "2026-01-05")]
    rows.append(row(5, "浙B12345", "2026-01-06"))
    assert doubles(SHEET, rows) == {
        4: {"plate": "浙B12345 与第 3 行重复。"},
        5: {"plate": "浙B12345 与第 3 行重复。"},
    }


def test_equal_rows_without_a_key_are_told():
    sheet = people_sheet({})
    rows = [read_row(sheet, n, {"name": "张伟", "joined_on": "2026-01-05"}) for n in (2, 3)]
    assert doubles(sheet, rows) == {3: {"name": "与第 2 行完全相同。"}}


def test_letters():
    assert [letter(n) for n in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]


def test_people_are_named_with_what_tells_them_apart():
    assert named_people("张伟(5678)(缺席)、李强（1.5小时）;王（大）\n") == (
        Named("张伟", "5678", "absent"),
        Named("李强", hours="1.5"),
        Named("王(大)"),
    )
    assert listed([Named("张伟", "5678"), Named("李强")]) == "张伟5678、李强"
    assert str(Named("李强", "5678", "excused", "2")) == "李强5678（请假）（2小时）"
    examined = Named("李强", "5678", score="92.5", outcome="passed")
    assert str(examined) == "李强5678（92.5分）（合格）"
    assert named_people("李强5678（92.5分）（合格）") == (examined,)


def test_every_kind_has_a_sheet():
    for kind in load(ROOT).kinds.values():
        sheet = sheet_of(kind, events=True, attests={"a": "甲"})
        names = [column.name for column in sheet.columns]
        assert len(names) == len(set(names))
        assert sheet.place("title") == "title"
        assert sheet.place("makes_up") == "makes_up"
        assert sheet.place("no such") == "title"
        read_row(sheet, 1, {column.id: "x" for column in sheet.columns})  # every type can be read


def test_names_that_collide_are_numbered_and_identity_numbers_known():
    kind = next(iter(load(ROOT).kinds.values()))
    fields = (FieldSpec("a", "标题", "text", False), FieldSpec("b", "身份证号", "text", False))
    sheet = sheet_of(replace(kind, fields=fields))
    assert sheet.column("values.a").name == "标题（2）"
    assert sheet.column("values.b").type == "identity"


def test_plates():
    assert is_plate("浙B12345")
    assert is_plate("浙BD12345")
    assert not is_plate("浙B1234I")
