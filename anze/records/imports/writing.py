"""Workbooks that this product reads again: a template, a list, and an import with its errors marked.

Everything but plain numbers is written as text: nothing is a formula, and no leading zero is lost.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import IO, Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from anze.rules.importing.reading import HINT, MOST_ROWS
from anze.rules.importing.sheets import Column, Sheet

CHOICES = "选项"  # the hidden sheet on which the lists of choices stand
WIDE, NARROW = 32, 16
HEAD = PatternFill("solid", fgColor="DCE6F1")
REQUIRED = PatternFill("solid", fgColor="FDE9D9")
WRONG = PatternFill("solid", fgColor="FFC7CE")
QUIET = Font(color="808080", italic=True)
TYPES = {
    "day": "日期",
    "moment": "日期和时间",
    "decimal": "数字",
    "bool": "是 / 否",
    "choices": "可写多项，用顿号隔开",
}


def template_of(sheet: Sheet) -> IO[bytes]:
    """Headings, a row of hints under them, lists to choose from."""
    book, page = _begin(sheet)
    hints = [_hint(column) for column in sheet.columns]
    hints[0] = f"{HINT}：{hints[0]}" if hints[0] else f"{HINT}（这一行不会导入）"
    page.append([_cell(page, text, font=QUIET, wrap=True) for text in hints])
    return _finish(book, page, sheet)


def list_of(sheet: Sheet, rows: Iterable[Mapping[str, str]]) -> IO[bytes]:
    """`rows`: column id -> text. Read again, it says the same."""
    book, page = _begin(sheet)
    for texts in rows:
        page.append([_value(page, column, texts.get(column.id, "")) for column in sheet.columns])
    return _finish(book, page, sheet)


def marked_of(sheet: Sheet, rows: Iterable[tuple[Mapping[str, str], Mapping[str, str]]]) -> IO[bytes]:
    """`rows`: what was typed, and what is wrong with it; the wrong cells are coloured and commented."""
    book, page = _begin(sheet)
    for typed, errors in rows:
        page.append(
            [_marked(page, typed.get(column.id, ""), errors.get(column.id, "")) for column in sheet.columns]
        )
    return _finish(book, page, sheet)


def _begin(sheet: Sheet) -> tuple[Workbook, Any]:
    book = Workbook(write_only=True)
    page = book.create_sheet(_title(sheet.name))
    page.freeze_panes = "A2"
    for index, column in enumerate(sheet.columns, start=1):
        dimension = page.column_dimensions[get_column_letter(index)]
        dimension.width = WIDE if column.type in ("longtext", "items", "people", "text") else NARROW
        if column.type != "decimal":
            dimension.number_format = "@"
    page.append([_heading(page, column) for column in sheet.columns])
    return book, page


def _finish(book: Workbook, page: Any, sheet: Sheet) -> IO[bytes]:
    chosen = [
        (index, words) for index, column in enumerate(sheet.columns, start=1) if (words := _words(column))
    ]
    if chosen:
        lists = book.create_sheet(CHOICES)
        lists.sheet_state = "hidden"
        for line in _columns([words for _, words in chosen]):
            lists.append([_cell(lists, text) for text in line])
        for place, (index, words) in enumerate(chosen, start=1):
            page.data_validations.append(_validation(index, place, len(words)))
    file = tempfile.SpooledTemporaryFile(max_size=2**20)  # noqa: SIM115 -- the answer closes it
    book.save(file)
    file.seek(0)
    return file


def _validation(column: int, place: int, count: int) -> DataValidation:
    letter = get_column_letter(place)
    rule = DataValidation("list", formula1=f"'{CHOICES}'!${letter}$1:${letter}${count}", allow_blank=True)
    rule.error, rule.errorTitle = "请从下拉列表中选择。", "没有这一项"
    letter = get_column_letter(column)
    rule.add(f"{letter}2:{letter}{MOST_ROWS + 1}")
    return rule


def _words(column: Column) -> list[str]:
    if column.type == "choices":  # a cell's list allows one of them only
        return []
    return ["是", "否"] if column.type == "bool" else list(column.choices.values())


def _columns(lists: Sequence[Sequence[str]]) -> Iterator[list[str]]:
    """Lists side by side."""
    for number in range(max(map(len, lists))):
        yield [words[number] if number < len(words) else "" for words in lists]


def _heading(page: Any, column: Column) -> Any:
    cell = _cell(page, column.name, font=Font(bold=True), wrap=True)
    cell.fill = REQUIRED if column.required else HEAD
    return cell


def _hint(column: Column) -> str:
    known = column.hint or TYPES.get(column.type, "")
    need = "必填" if column.required else ""
    choice = "从下拉列表中选" if column.type == "choice" else "、".join(column.choices.values())
    return "；".join(part for part in (need, choice, known) if part)


def _value(page: Any, column: Column, text: str) -> Any:
    if column.type == "decimal" and (number := _number(text)) is not None:
        return number
    return _cell(page, text)


def _number(text: str) -> Decimal | None:
    """What a spreadsheet's fifteen digits hold."""
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() and len(number.as_tuple().digits) <= 15 else None


def _marked(page: Any, text: str, error: str) -> Any:
    cell = _cell(page, text)
    if error:
        cell.fill = WRONG
        cell.comment = Comment(error, "安责", height=90, width=260)
    return cell


def _cell(page: Any, text: str, *, font: Font | None = None, wrap: bool = False) -> Any:
    cell = WriteOnlyCell(page, text)
    cell.data_type = "s"  # also what begins with an equals sign
    cell.number_format = "@"
    if font is not None:
        cell.font = font
    if wrap:
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    return cell


def _title(name: str) -> str:
    """A sheet's name takes 31 signs and not these."""
    return "".join("_" if sign in "[]:*?/\\" else sign for sign in name)[:31] or "表"
