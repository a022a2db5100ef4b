"""Is this the number of an identity card (公民身份号码)?

Source: GB 11643-1999. Six digits of a region, the day of birth, three digits of order, and a check character
by ISO 7064 MOD 11-2.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date

_SHAPE = re.compile(r"\d{6}(\d{4})(\d{2})(\d{2})\d{3}[\dX]", re.ASCII)
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"


def tidy_identity(typed: str) -> str:
    """Half-width, without blanks, the check character as a capital."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", typed)).upper()


def wrong_identity(tidy: str) -> str | None:
    """What is wrong with the number, in Chinese; None: nothing."""
    found = _SHAPE.fullmatch(tidy)
    if found is None:
        return "身份证号应为 18 位。"
    try:
        date(*map(int, found.groups()))
    except ValueError:
        return "身份证号中的出生日期不存在。"
    total = sum(int(digit) * weight for digit, weight in zip(tidy, _WEIGHTS, strict=False))
    return None if _CHECKS[total % 11] == tidy[-1] else "身份证号的校验码不对，请核对。"
