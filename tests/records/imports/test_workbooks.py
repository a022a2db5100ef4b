"""Files as strangers make them: read where that is safe, refused in words where it is not."""

from __future__ import annotations

import io
import re
import time
import zipfile
from datetime import datetime

import pytest
from openpyxl import Workbook

from anze.records.imports.workbooks import LARGEST, Cells, UnreadableFile, read_file
from tests.records.imports.books import saved, xlsx


def read(file: io.BytesIO) -> Cells:
    return read_file(file, len(file.getvalue()))


def changed(file: io.BytesIO, name: str, change: object) -> io.BytesIO:
    """The same archive with one part replaced or added."""
    parts = zipfile.ZipFile(file)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in parts.namelist():
            if part != name:
                archive.writestr(part, parts.read(part))
        old = parts.read(name).decode() if name in parts.namelist() else ""
        archive.writestr(name, change(old) if callable(change) else change)
    out.seek(0)
    return out


SHEET = "xl/worksheets/sheet1.xml"


def test_values_become_the_text_that_somebody_would_type():
    days = [datetime(2026, 1, 5), datetime(2026, 1, 5, 9, 30)]
    found = read(xlsx(["甲", 12, 1.5, True, None], [*days, 0.1 + 0.2]))
    assert found.rows == (
        (1, ("甲", "12", "1.5", "是")),
        (2, ("2026-01-05", "2026-01-05 09:30", "0.3", "")),
    )


def test_merged_cells_are_spread_downwards_and_said():
    book = Workbook()
    for row in (["安全部", "甲"], [None, "乙"], ["车队", "丙"]):
        book.active.append(row)
    book.active.merge_cells("A1:A2")
    found = read(saved(book))
    assert [texts[0] for _, texts in found.rows] == ["安全部", "安全部", "车队"]
    assert found.notices == ("合并单元格 A1:A2 已把左上角的内容填到各行。",)


def saved_as(value: str):
    return lambda old: re.sub(r"</f><v ?/>|</f><v></v>", f"</f>{value}", old)


def test_a_formula_counts_as_its_saved_result_and_is_said():
    found = read(changed(xlsx(["=1+1", "甲"]), SHEET, saved_as("<v>2</v>")))
    assert found.rows == ((1, ("2", "甲")),)
    assert found.notices == ("A1 是公式，按保存时的结果读取。",)
    for bare in ("", "<v/>"):
        with pytest.raises(UnreadableFile, match="A1 是公式，文件里没有保存它的结果"):
            read(changed(xlsx(["=1+1", "甲"]), SHEET, saved_as(bare)))


def test_blank_cells_cost_next_to_nothing():
    blanks = "".join(
        f'<row r="{n}">' + "".join(f'<c r="{column}{n}"/>' for column in "ABCDEFGHIJKLMNOPQRST") + "</row>"
        for n in range(3, 30_000)
    )
    end = "</sheetData>"
    file = changed(xlsx(["甲"], ["乙"]), SHEET, lambda old: old.replace(end, blanks + end))
    assert zipfile.ZipFile(file).getinfo(SHEET).file_size > 9_000_000
    started = time.process_time()
    assert len(read(file).rows) == 2
    assert time.process_time() - started < 20


def test_a_cell_far_away_costs_no_rectangle():
    book = Workbook()
    book.active["A1"] = "甲"
    book.active["A1048576"] = "乙"
    assert [number for number, _ in read(saved(book)).rows] == [1, 1048576]
    book.active["XFD1"] = "丙"
    with pytest.raises(UnreadableFile, match="最多 256 列"):
        read(saved(book))


ENTITY = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]>'


@pytest.mark.parametrize(
    ("file", "said"),
    [
        (changed(xlsx(["甲"]), "xl/media/bomb.bin", b"\0" * 20_000_000), "解开后过大"),
        (changed(xlsx(["甲"]), "xl/vbaProject.bin", b"x"), "带有宏"),
        (
            changed(
                xlsx(["甲"]),
                "[Content_Types].xml",
                lambda old: old.replace("sheet.main+xml", "sheet.macroEnabled.main+xml"),
            ),
            "带有宏",
        ),
        (changed(xlsx(["甲"]), SHEET, lambda old: ENTITY + old.partition("?>")[2]), "不该有的内容|已损坏"),
        (changed(xlsx(["甲"]), SHEET, lambda old: old[:100]), "已损坏"),
        (changed(xlsx(["甲"], ["乙"]), SHEET, lambda old: old.replace('r="2"', 'r="1"')), "次序混乱"),
        (io.BytesIO(b"PK\x03\x04" + b"x" * 50), "已损坏"),
        (io.BytesIO(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 50), "旧版 .xls"),
        (io.BytesIO(b"%PDF-1.7 \x00"), "不是表格文件"),
        (io.BytesIO(b"\xff\xfe\xfa\xfb\x81"), "认不出文件的编码"),
        (io.BytesIO(b"  \n"), "空的"),
        (xlsx(), "空的"),
    ],
)
def test_what_could_hurt_is_refused_in_words(file: io.BytesIO, said: str):
    with pytest.raises(UnreadableFile, match=said):
        read(file)


def test_a_file_too_large_is_not_even_opened():
    with pytest.raises(UnreadableFile, match="超过 20 MB"):
        read_file(io.BytesIO(b"x"), LARGEST + 1)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("divider", [",", "\t", ";"])
def test_text_in_any_usual_encoding_is_read(encoding: str, divider: str):
    lines = [["车牌号", "入册日期"], ["", ""], ["浙B12345", "'=1+1"]]
    content = "\r\n".join(divider.join(line) for line in lines).encode(encoding)
    assert read(io.BytesIO(content)).rows == ((1, ("车牌号", "入册日期")), (3, ("浙B12345", "=1+1")))


def test_other_sheets_are_said_not_to_be_read():
    book = Workbook()
    book.active.title = "第一"
    book.active["A1"] = "甲"
    book.create_sheet("第二")
    assert read(saved(book)).notices == ("只读取了工作表“第一”，其余 1 张没有读取。",)
