"""Text as it is kept: without what no printer shows, and of a bounded length; days in one spelling."""

from __future__ import annotations

import unicodedata
from datetime import date

LONGEST_TEXT = 200
EARLIEST_YEAR, LATEST_YEAR = 1950, 2100


class WrongValue(ValueError):  # noqa: N818 -- says what it is
    """str() is the Chinese sentence beside the field."""


def clean_text(text: str) -> str:
    """Without control characters, which PostgreSQL or a printer would choke on; line breaks stay."""
    normal = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    kept = (c for c in normal if c in "\n\t" or unicodedata.category(c) not in {"Cc", "Cs", "Co", "Cn"})
    return "".join(kept).strip()


def day_text(text: str) -> str:
    """2026-05-08, or WrongValue."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise WrongValue("日期请写成 2026-05-08 的样子。") from None
    if not EARLIEST_YEAR <= day.year <= LATEST_YEAR:
        raise WrongValue("年份不合理，请检查。")
    return day.isoformat()
