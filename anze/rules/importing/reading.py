"""Rows of a sheet against its description: every value that can be read, every error that there is.

Rule 1: the headings are found by their words, wherever they stand in the first rows and in whatever order.
Rule 2: every error of every row is found at once, each with the address of its cell.
Rule 3: a column that nobody knows is named, never silently lost; without a required one nothing is read.
Rule 4: what a sheet repeats from row to row may stand in the first of them alone.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from anze.rules.importing.cells import WrongCell, canonical, tidy
from anze.rules.importing.sheets import Column, Sheet

HEADING_WITHIN = 10  # rows
MOST_ROWS = 10_000
HINT = "填写说明"  # begins the row of hints that a template has under its headings


class WrongSheet(ValueError):  # noqa: N818 -- says what it is
    """str() says in Chinese why nothing of it can be read."""


@dataclass(frozen=True, slots=True)
class Row:
    """`typed` and `values` by column id: as it stood there, and as it is stored. `errors` likewise."""

    number: int  # in the sheet, from 1
    typed: Mapping[str, str]
    values: Mapping[str, str]
    errors: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Reading:
    """`letters`: column id -> letter of the sheet; `unknown`: headings of nothing, with their cells."""

    rows: tuple[Row, ...]
    letters: Mapping[str, str]
    unknown: tuple[str, ...]


def read_rows(sheet: Sheet, cells: Sequence[tuple[int, Sequence[str]]]) -> Reading:
    """`cells`: (row number, texts from column A on), empty rows left out. Raises WrongSheet."""
    head, places, unknown = _heading(sheet, cells)
    typed = [
        (number, {key: _at(texts, index) for key, index in places.items()})
        for number, texts in cells[head + 1 :]
        if _counts(texts, places)
    ]
    found = [read_row(sheet, number, said) for number, said in _filled(sheet, typed)]
    if not found:
        raise WrongSheet("表里没有数据：请在标题行下面填写后再上传。")
    if len(found) > MOST_ROWS:
        raise WrongSheet(f"一次最多导入 {MOST_ROWS} 行，表里有 {len(found)} 行，请分成几个文件。")
    letters = {key: letter(index) for key, index in places.items()}
    return Reading(tuple(found), letters, unknown)


def _filled(sheet: Sheet, rows: Iterable[tuple[int, dict[str, str]]]) -> Iterator[tuple[int, dict[str, str]]]:
    """Where a row says nothing of what is repeated, it means what the row above says."""
    above: dict[str, str] = {}
    for number, typed in rows:
        said = {key: text for key, text in typed.items() if key in sheet.repeated}
        if any(map(tidy, said.values())):
            above = said
        yield number, typed | above


def read_row(sheet: Sheet, number: int, typed: Mapping[str, str]) -> Row:
    """One row alone, as it is repaired in the browser."""
    kept, values, errors = {}, {}, {}
    for column in sheet.columns:
        if text := tidy(typed.get(column.id, "")):
            kept[column.id] = text
        elif not column.required:
            continue
        try:
            values[column.id] = canonical(column, text)
        except WrongCell as problem:
            errors[column.id] = str(problem)
    return Row(number, kept, values, errors)


def doubles(sheet: Sheet, rows: Iterable[Row]) -> dict[int, dict[str, str]]:
    """Row number -> errors, of values that stand twice where they may stand once, and of equal rows."""
    errors: dict[int, dict[str, str]] = {}
    whole: dict[tuple[tuple[str, str], ...], int] = {}
    first: dict[tuple[str, str], int] = {}
    once = [column for column in sheet.columns if column.once]
    for row in rows:
        content = tuple(sorted(row.values.items()))
        if content and (before := whole.setdefault(content, row.number)) != row.number:
            errors[row.number] = {sheet.columns[0].id: f"与第 {before} 行完全相同。"}
        for column in once:
            value = row.values.get(column.id)
            if value and (before := first.setdefault((column.id, value), row.number)) != row.number:
                errors.setdefault(row.number, {})[column.id] = f"{value} 与第 {before} 行重复。"
    return errors


def address(sheet: Sheet, letters: Mapping[str, str], number: int, column_id: str) -> str:
    """“C7 车牌号”."""
    name = sheet.column(column_id).name
    place = f"{letters[column_id]}{number}" if column_id in letters else f"第 {number} 行"
    return f"{place} {name}"


def letter(index: int) -> str:
    """0 -> A, 26 -> AA."""
    name = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        name = chr(65 + rest) + name
    return name


def _heading(
    sheet: Sheet, cells: Sequence[tuple[int, Sequence[str]]]
) -> tuple[int, dict[str, int], tuple[str, ...]]:
    """Index of the heading row among `cells`, column id -> index, and the headings that belong to nothing."""
    known = {_folded(column.name): column for column in sheet.columns}
    counted = [sum(_folded(text) in known for text in texts) for _, texts in cells[:HEADING_WITHIN]]
    if not counted or max(counted) == 0:
        raise WrongSheet(f"没有找到标题行：第一行应是“{'”“'.join(_required(sheet))}”等列名，请用模板填写。")
    head = counted.index(max(counted))
    number, texts = cells[head]
    found = [(index, known.get(_folded(text)), text) for index, text in enumerate(texts) if tidy(text)]
    _refuse_wrong(sheet, number, found)
    places = {column.id: index for index, column, _ in found if column is not None}
    spare = [(index, text) for index, column, text in found if column is None]
    unknown = tuple(f"{letter(index)}{number}“{tidy(text)}”" for index, text in spare)
    return head, places, unknown


def _refuse_wrong(sheet: Sheet, number: int, found: list[tuple[int, Column | None, str]]) -> None:
    counts = Counter(column.name for _, column, _ in found if column is not None)
    problems = [f"“{name}”有 {count} 列" for name, count in counts.items() if count > 1]
    missing = [name for name in _required(sheet) if name not in counts]
    spare = [tidy(text) for _, column, text in found if column is None]
    for name in missing:
        close = get_close_matches(name, spare, n=1, cutoff=0.5)
        problems.append(f"缺少“{name}”列" + (f"（“{close[0]}”是不是它？）" if close else ""))
    if problems:
        raise WrongSheet(f"第 {number} 行的列名不对：{'；'.join(problems)}。请改好列名后再上传。")


def _required(sheet: Sheet) -> list[str]:
    return [column.name for column in sheet.columns if column.required]


def _counts(texts: Sequence[str], places: Mapping[str, int]) -> bool:
    """A row with something in it that is not the template's own row of hints."""
    return any(tidy(_at(texts, index)) for index in places.values()) and not _is_hint(texts)


def _is_hint(texts: Sequence[str]) -> bool:
    return tidy(next((text for text in texts if tidy(text)), "")).startswith(HINT)


def _at(texts: Sequence[str], index: int) -> str:
    return texts[index] if index < len(texts) else ""


def _folded(text: str) -> str:
    """Without blanks, and without what marks a required column."""
    plain = re.sub(r"\s", "", unicodedata.normalize("NFKC", tidy(text)))
    return re.sub(r"^\*|\*$|\(必填\)$", "", plain).lower()
