"""The report as Word: `report.docx` is the layout, to be changed in Word itself."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path

from docxtpl import DocxTemplate

from anze.web.reports.sheet import Sheet, mapped

LAYOUT = Path(__file__).with_name("report.docx")
UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")  # XML has no place for them


def word_of(sheet: Sheet) -> bytes:
    document = DocxTemplate(LAYOUT)
    document.render(mapped(sheet, lambda text: UNWRITABLE.sub("", text)), autoescape=True)
    file = BytesIO()
    document.save(file)
    return file.getvalue()
