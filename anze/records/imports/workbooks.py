"""A file that somebody uploaded, read as rows of text; what could hurt is refused before it is parsed.

Rule 1: what a file is, its bytes decide. Read are .xlsx without macros, and text in UTF-8 or GB 18030.
Rule 2: parts, sizes and ratios of the archive are bounded before anything of it is unpacked.
Rule 3: a formula counts as the result that was saved with it, a merged cell for the rows that it spans
downwards; both are said. Blank cells cost nothing beyond their reading.
"""

from __future__ import annotations

import csv
import io
import warnings
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import IO, Any

from openpyxl import load_workbook

from anze.records.acting.errors import Refused
from anze.records.imports.parts import Scan, WrongPart, scan_part

LARGEST = 20 * 1024 * 1024
MOST_PARTS = 1000
LARGEST_PART = 32 * 1024 * 1024
LARGEST_UNPACKED = 64 * 1024 * 1024
HIGHEST_RATIO, RATIO_FROM = 300, 4 * 1024 * 1024
MOST_COLUMNS = 256
MOST_LINES = 200_000
NAMED = 5  # cells that a notice names
RESAVE = "请用 Excel 或 WPS 另存为 .xlsx 后再上传。"
MACROS = "文件带有宏（.xlsm），不能导入；请另存为不带宏的 .xlsx 后再上传。"
TOO_BIG = "文件解开后过大，不像正常的表格，没有读取。请只保留要导入的那张表，另存为新的 .xlsx。"
BROKEN = "文件已损坏，无法读取。" + RESAVE


class UnreadableFile(Refused):
    """Nothing of the file was kept."""


@dataclass(frozen=True, slots=True)
class Cells:
    """`rows`: (number in the sheet, texts from column A on), without empty ones."""

    rows: tuple[tuple[int, tuple[str, ...]], ...]
    notices: tuple[str, ...]


def read_file(file: IO[bytes], size: int) -> Cells:
    """Raises UnreadableFile."""
    if size > LARGEST:
        raise UnreadableFile(f"文件超过 {LARGEST >> 20} MB，请分成几个文件。")
    file.seek(0)
    head = file.read(8)
    file.seek(0)
    if head.startswith(b"PK\x03\x04"):
        return _workbook(file)
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        raise UnreadableFile("这是旧版 .xls 或加了密码的文件。" + RESAVE)
    return _text(file.read())


def _workbook(file: IO[bytes]) -> Cells:
    try:
        with zipfile.ZipFile(file) as archive:
            _check_archive(archive)
        # Its warnings are about styles and extensions, which nobody reads here.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return _first_filled(file)
    except Refused:
        raise
    except WrongPart as problem:
        raise UnreadableFile(str(problem)) from None
    except Exception:  # a reader of strangers' bytes may raise anything; it is the file that is wrong
        raise UnreadableFile(BROKEN) from None


def _check_archive(archive: zipfile.ZipFile) -> None:
    parts = archive.infolist()
    names = {part.filename for part in parts}
    if "[Content_Types].xml" not in names or "xl/workbook.xml" not in names:
        raise UnreadableFile("这不是 Excel 表格。请上传 .xlsx 或 .csv 文件。")
    too_dense = any(
        part.file_size > RATIO_FROM and part.file_size > HIGHEST_RATIO * max(1, part.compress_size)
        for part in parts
    )
    too_large = any(part.file_size > LARGEST_PART for part in parts)
    unpacked = sum(part.file_size for part in parts)
    if too_dense or too_large or unpacked > LARGEST_UNPACKED or len(parts) > MOST_PARTS:
        raise UnreadableFile(TOO_BIG)
    if len(names) != len(parts):
        raise UnreadableFile(BROKEN)
    types = archive.read("[Content_Types].xml").lower()
    if b"macroenabled" in types or any(name.lower().endswith("vbaproject.bin") for name in names):
        raise UnreadableFile(MACROS)


def _first_filled(file: IO[bytes]) -> Cells:
    """The first visible sheet that holds anything."""
    book = load_workbook(file, read_only=True, data_only=True, keep_links=False)
    try:
        visible = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
        for index, sheet in enumerate(visible):
            # The path of a sheet's part is known to the reader alone.
            scan = scan_part(book._archive, sheet._worksheet_path)  # type: ignore[attr-defined]  # openpyxl keeps both private
            if scan.last_row:
                others = len(visible) - index - 1
                notices = [f"只读取了工作表“{sheet.title}”，其余 {others} 张没有读取。"] if others else []
                return _filled(sheet, scan, notices)
    finally:
        book.close()
    raise UnreadableFile("表格是空的：没有任何内容。")


def _filled(sheet: Any, scan: Scan, notices: list[str]) -> Cells:
    if scan.last_column > MOST_COLUMNS:
        raise UnreadableFile(f"表格有 {scan.last_column} 列，最多 {MOST_COLUMNS} 列；请删去多余的列。")
    if scan.bare_formulas:
        named = _named(scan.bare_formulas)
        raise UnreadableFile(
            f"{named}是公式，文件里没有保存它的结果。请在 Excel 中打开并保存一次，或把公式粘贴为数值。"
        )
    sheet.reset_dimensions()
    rows: dict[int, list[str]] = {}
    lines = sheet.iter_rows(max_row=scan.last_row, max_col=scan.last_column, values_only=True)
    for number, values in enumerate(lines, start=1):
        texts = [_as_text(value) for value in values]
        if any(texts):
            rows[number] = texts
    if scan.formulas:
        notices.append(f"{_named(scan.formulas)}是公式，按保存时的结果读取。")
    if filled := _spread(rows, scan):
        notices.append(f"合并单元格 {_some(filled)} 已把左上角的内容填到各行。")
    return Cells(tuple((number, tuple(texts)) for number, texts in sorted(rows.items())), tuple(notices))


def _spread(rows: dict[int, list[str]], scan: Scan) -> list[str]:
    """Each row that a merged cell spans says what its top-left says."""
    filled = []
    for name, top, bottom, column in scan.merged:
        text = rows.get(top, [""] * scan.last_column)[column - 1] if column <= scan.last_column else ""
        if bottom == top or not text:
            continue
        for number in range(top + 1, min(bottom, scan.last_row) + 1):
            rows.setdefault(number, [""] * scan.last_column)[column - 1] = text
        filled.append(name)
    return filled


def _as_text(value: object) -> str:
    """As somebody would type it: whole numbers without a point, days without midnight."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float):
        return f"{value:.0f}" if value.is_integer() else f"{value:.15g}"
    if isinstance(value, datetime):
        at = value + timedelta(seconds=30)  # a spreadsheet's times are fractions, some a moment short
        return f"{at:%Y-%m-%d}" if (at.hour, at.minute) == (0, 0) else f"{at:%Y-%m-%d %H:%M}"
    if isinstance(value, date):
        return value.isoformat()
    return f"{value:%H:%M}" if isinstance(value, time) else str(value)


def _text(content: bytes) -> Cells:
    text = _decoded(content)
    if not text.strip():
        raise UnreadableFile("表格是空的：没有任何内容。")
    first = text.lstrip().split("\n", 1)[0]
    delimiter = max(",\t;", key=first.count)
    rows = []
    try:
        for number, texts in enumerate(_lines(text, delimiter), start=1):
            if any(cell.strip() for cell in texts):
                rows.append((number, tuple(map(_unquoted, texts[:MOST_COLUMNS]))))
    except csv.Error:
        raise UnreadableFile(BROKEN) from None
    return Cells(tuple(rows), ())


def _lines(text: str, delimiter: str) -> Iterator[list[str]]:
    for number, texts in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)):
        if number >= MOST_LINES:
            raise UnreadableFile(f"表格超过 {MOST_LINES} 行，请分成几个文件。")
        yield texts


def _unquoted(cell: str) -> str:
    """Our own lists quote away what a spreadsheet would run as a formula."""
    return cell[1:] if cell[:1] == "'" and cell[1:2] in "=+-@" else cell


def _decoded(content: bytes) -> str:
    if b"\x00" in content:
        raise UnreadableFile("这不是表格文件。请上传 .xlsx 或 .csv 文件。")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UnreadableFile("认不出文件的编码。" + RESAVE)


def _named(cells: Sequence[str]) -> str:
    return f"{_some(cells)} "


def _some(cells: Sequence[str]) -> str:
    rest = f" 等 {len(cells)} 处" if len(cells) > NAMED else ""
    return "、".join(cells[:NAMED]) + rest
