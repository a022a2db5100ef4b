"""A report, or a post's lists, as Word: the layout is a document itself, to be changed in Word itself."""

from __future__ import annotations

import re
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docxtpl import DocxTemplate

from anze.web.reports.sheet import mapped

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

LAYOUT = Path(__file__).with_name("report.docx")
UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")  # XML has no place for them


def word_of(
    sheet: DataclassInstance,
    layout: Path = LAYOUT,
    adorn: Callable[[DocxTemplate, dict[str, Any]], None] | None = None,
) -> bytes:
    """`adorn` puts pictures into the values in the place of texts."""
    document = DocxTemplate(layout)
    values = mapped(sheet, lambda text: UNWRITABLE.sub("", text))
    if adorn is not None:
        adorn(document, values)
    document.render(values, autoescape=True)
    file = BytesIO()
    document.save(file)
    return file.getvalue()
