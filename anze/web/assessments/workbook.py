"""The official table of an assessment for Excel: one row an item, and what the source lacks above."""

from __future__ import annotations

import re
from io import BytesIO

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from anze.web.assessments.sheet import HEADS, Row, Sheet
from anze.web.ui.export import cell_of

UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
WIDTHS = (9, 34, 7, 12, 48, 10, 40, 20)
FACE = "微软雅黑"
THIN = Side(style="thin", color="C7CFD8")
GRID = Border(left=THIN, right=THIN, top=THIN, bottom=THIN)
HEAD_FILL, PART_FILL = PatternFill("solid", fgColor="E9EEF8"), PatternFill("solid", fgColor="F4F6F8")


def excel_of(sheet: Sheet) -> bytes:
    book = Workbook()
    page = book.active
    assert isinstance(page, Worksheet)
    page.title = "考评表"
    for column, width in zip("ABCDEFGH", WIDTHS, strict=True):
        page.column_dimensions[column].width = width
    _wide(page, sheet.title.removesuffix("报告") + "考评表", Font(name=FACE, size=15, bold=True))
    _wide(page, sheet.whose, Font(name=FACE, size=11))
    for line in (*sheet.facts, *sheet.result):
        _wide(page, f"{line.name}：{line.text}", Font(name=FACE, size=10))
    if sheet.incomplete:
        _wide(page, sheet.incomplete, Font(name=FACE, size=10, bold=True, color="A61B1B"))
    _line(page, HEADS, fill=HEAD_FILL, bold=True)
    page.freeze_panes = f"A{page.max_row + 1}"
    page.print_title_rows = f"{page.max_row}:{page.max_row}"
    for part in sheet.parts:
        _line(page, (part.title, part.summary, *("",) * 6), fill=PART_FILL, bold=True)
        for row in part.rows:
            _line(page, _cells(row))
    page.page_setup.orientation, page.page_setup.paperSize = "landscape", 9
    page.page_setup.fitToHeight = 0
    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def _cells(row: Row) -> tuple[str | int, ...]:
    return (
        row.number,
        row.text,
        _number(row.points),
        row.methods,
        "\n".join(row.standard),
        _number(row.score),
        "\n".join(row.deductions),
        row.veto,
    )


def _number(text: str) -> str | int:
    """What can be added up stays a number."""
    return int(text) if text.isascii() and text.isdecimal() else text


def _line(
    page: Worksheet, values: tuple[str | int, ...], *, fill: PatternFill | None = None, bold: bool = False
) -> None:
    page.append([value if isinstance(value, int) else _text(value) for value in values])
    for cell in page[page.max_row]:
        cell.font = Font(name=FACE, size=10, bold=bold)
        cell.alignment = Alignment(vertical="top", wrap_text=True)
        cell.border = GRID
        if fill is not None:
            cell.fill = fill


def _wide(page: Worksheet, text: str, font: Font) -> None:
    page.append([_text(text)])
    place = page.max_row
    page.merge_cells(start_row=place, end_row=place, start_column=1, end_column=len(HEADS))
    cell = page.cell(place, 1)
    cell.font, cell.alignment = font, Alignment(vertical="top", wrap_text=True)
    page.row_dimensions[place].height = 16 * (1 + len(text) // 95) if font.size != 15 else 24


def _text(value: str) -> str:
    return cell_of(UNWRITABLE.sub("", value))
