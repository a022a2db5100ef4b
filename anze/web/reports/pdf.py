"""A report, or a post's lists, as PDF, set by typst with the vendored font."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import typst

from anze.web.reports.fonts import FAMILY, MISSING, fonts, shown
from anze.web.reports.sheet import mapped

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

LAYOUT = Path(__file__).with_name("report.typ")


def pdf_of(sheet: DataclassInstance, layout: Path = LAYOUT) -> bytes:
    """The texts reach the layout as data: nothing in them is read as markup."""
    lacking: set[str] = set()

    def drawn(text: str) -> str:
        found = shown(text)
        lacking.update(was for was, has in zip(text, found, strict=True) if was != has)
        return found

    values = mapped(sheet, drawn)
    if lacking:
        values["lacking"] = f"{MISSING}：所用字体缺少的字，见网页或Word文件。"
    found = typst.compile(
        str(layout), font_paths=fonts(), sys_inputs={"sheet": json.dumps(values), "family": FAMILY}
    )
    assert isinstance(found, bytes)
    return found
