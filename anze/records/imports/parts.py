"""One pass over the XML of a sheet before it is parsed: how far it is filled, its formulas and merged cells.

Document types and entities are refused: no spreadsheet has any. Blank cells only pass by.
"""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass, field
from xml.parsers import expat  # nosec -- entities are refused by handlers below

CHUNK = 256 * 1024
MOST_MERGED = 5000
MOST_FORMULAS = 100_000
_PLACE = re.compile(r"([A-Z]{1,3})([1-9]\d{0,6})", re.ASCII)


class WrongPart(ValueError):  # noqa: N818 -- says what it is
    """str() says in Chinese why the file is not read."""


@dataclass(slots=True)
class Scan:
    """`merged`: (range, first row, last row, first column). Rows and columns count from 1."""

    last_row: int = 0
    last_column: int = 0
    formulas: list[str] = field(default_factory=list)
    bare_formulas: list[str] = field(default_factory=list)  # without a saved result
    merged: list[tuple[str, int, int, int]] = field(default_factory=list)


def scan_part(archive: zipfile.ZipFile, name: str) -> Scan:
    """Raises WrongPart; expat.ExpatError for what is no XML."""
    reader = _Reader()
    with archive.open(name) as part:
        while chunk := part.read(CHUNK):
            reader.parser.Parse(chunk, False)
    reader.parser.Parse(b"", True)
    return reader.scan


class _Reader:
    def __init__(self) -> None:
        self.scan = Scan()
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self.parser.StartDoctypeDeclHandler = self._refuse
        self._row = self._column = 0
        self._place = ""
        self._formula = self._value = self._inside = False

    def _refuse(self, *_: object) -> None:
        raise WrongPart("文件里有表格不该有的内容，没有读取。请用 Excel 或 WPS 另存为新的 .xlsx。")

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        match tag.rpartition(" ")[2]:
            case "row":
                self._next_row(attributes.get("r"))
            case "c":
                self._next_cell(attributes.get("r"))
            case "f":
                self._formula = True
            case "v" | "t":
                self._inside = True
            case "mergeCell":
                self._merged(attributes.get("ref", ""))

    def _text(self, _: str) -> None:
        """An empty value is none: a formula whose result nobody saved has such a one."""
        if self._inside:
            self._value = True

    def _end(self, tag: str) -> None:
        self._inside = False
        if tag.rpartition(" ")[2] != "c":
            return
        if self._formula:
            self._note_formula()
        if self._value:
            self.scan.last_row = max(self.scan.last_row, self._row)
            self.scan.last_column = max(self.scan.last_column, self._column)
        self._formula = self._value = False

    def _next_row(self, number: str | None) -> None:
        following = int(number) if number else self._row + 1
        if following <= self._row:
            raise WrongPart("表格的行号次序混乱，没有读取。请用 Excel 或 WPS 另存为新的 .xlsx。")
        self._row, self._column = following, 0

    def _next_cell(self, place: str | None) -> None:
        found = _PLACE.fullmatch(place) if place else None
        self._column = column_of(found[1]) if found else self._column + 1
        self._place = place or f"第 {self._row} 行第 {self._column} 列"

    def _note_formula(self) -> None:
        cells = self.scan.formulas if self._value else self.scan.bare_formulas
        if len(cells) < MOST_FORMULAS:
            cells.append(self._place)

    def _merged(self, name: str) -> None:
        first, _, last = name.partition(":")
        begin, end = _PLACE.fullmatch(first), _PLACE.fullmatch(last)
        if begin is None or end is None:
            return
        if len(self.scan.merged) >= MOST_MERGED:
            raise WrongPart(f"合并单元格超过 {MOST_MERGED} 处，请取消合并后再上传。")
        self.scan.merged.append((name, int(begin[2]), int(end[2]), column_of(begin[1])))


def column_of(letters: str) -> int:
    """A -> 1, AA -> 27."""
    number = 0
    for sign in letters:
        number = number * 26 + ord(sign) - 64
    return number
