"""Is this a licence plate, and how is it spelled?

Source: GA 36-2018. Province, office letter, then five or (new energy) six characters, the last maybe a word.
"""

from __future__ import annotations

import re
import unicodedata

_PLATE = re.compile(
    r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-Z][A-HJ-NP-Z0-9]{4,5}[A-HJ-NP-Z0-9挂学警港澳]"
)


def is_plate(tidy: str) -> bool:
    return _PLATE.fullmatch(tidy) is not None


def tidy_plate(typed: str) -> str:
    """Capitals, no spaces and no dot."""
    return re.sub(r"[\s·•.\-]", "", unicodedata.normalize("NFKC", typed)).upper()
