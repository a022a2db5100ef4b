"""Phone numbers: one spelling stored, masked wherever they are shown."""

from __future__ import annotations

import re
import unicodedata

_MOBILE = re.compile(r"1[3-9]\d{9}")
_LANDLINE = re.compile(r"0\d{2,3}-?\d{7,8}")


def tidy_phone(typed: str) -> str | None:
    """Digits as stored; None: not a phone number. Empty stays empty."""
    text = re.sub(r"[\s（）()]", "", unicodedata.normalize("NFKC", typed)).removeprefix("+86")
    if not text:
        return ""
    mobile = text.replace("-", "")
    if _MOBILE.fullmatch(mobile):
        return mobile
    return text if _LANDLINE.fullmatch(text) else None


def masked(phone: str) -> str:
    """138****5678."""
    return f"{phone[:3]}****{phone[-4:]}" if len(phone) >= 8 else "*" * len(phone)
