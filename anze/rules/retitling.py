"""The title of a record that is made after an earlier one: the periods it names move on with the calendar.

Rule 1: months, quarters, halves and years move by as many as lie between the two days.
Rule 2: the very day of the earlier record becomes the new day; other days stay as they are written.
"""

from __future__ import annotations

import re
from datetime import date
from functools import partial

NUMERALS = "零一二三四五六七八九十"
_DATED = re.compile(
    r"(?<![0-9一二三四五六七八九十])(?:(?P<year>\d{4})年(?P<annual>度)?)?"
    r"(?:(?P<month>1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])月(?:(?P<day>\d{1,2})日)?"
    r"|(?P<nth>第?)(?P<quarter>[一二三四1-4])季度|(?P<half>[上下])半年)?"
)


def retitled(title: str, then: date, now: date) -> str:
    """“2026年10月驾驶员安全学习” of October becomes that of November."""
    return _DATED.sub(partial(_moved, then=then, now=now), title)


def _moved(found: re.Match[str], *, then: date, now: date) -> str:
    if found["day"]:
        return _day(found, then, now)
    if found["month"]:
        year, index = _on(found, 12, _number(found["month"]) - 1, then, now)
        return f"{year}{_spelled(index + 1, found['month'])}月"
    if found["quarter"]:
        year, index = _on(found, 4, _number(found["quarter"]) - 1, then, now)
        return f"{year}{found['nth']}{_spelled(index + 1, found['quarter'])}季度"
    if found["half"]:
        year, index = _on(found, 2, "上下".index(found["half"]), then, now)
        return f"{year}{'上下'[index]}半年"
    return _on(found, 1, 0, then, now)[0] if found["year"] else ""


def _on(found: re.Match[str], parts: int, index: int, then: date, now: date) -> tuple[str, int]:
    """The year as written, and which of its `parts` it is, as many on as lie between the days."""
    year = int(found["year"] or then.year)
    moved = year * parts + index + _serial(now, parts) - _serial(then, parts)
    written = f"{moved // parts}年{found['annual'] or ''}" if found["year"] else ""
    return written, moved % parts


def _serial(day: date, parts: int) -> int:
    return day.year * parts + (day.month - 1) * parts // 12


def _day(found: re.Match[str], then: date, now: date) -> str:
    said = (int(found["year"] or then.year), _number(found["month"]), int(found["day"]))
    if said != (then.year, then.month, then.day):
        return found[0]
    year = f"{now.year}年{found['annual'] or ''}" if found["year"] else ""
    return f"{year}{_spelled(now.month, found['month'])}月{now.day}日"


def _number(text: str) -> int:
    if text.isascii():
        return int(text)
    return NUMERALS.index(text) if len(text) == 1 else 10 + NUMERALS.index(text[1])


def _spelled(number: int, like: str) -> str:
    if like.isascii():
        return str(number)
    return NUMERALS[number] if number <= 10 else "十" + NUMERALS[number - 10]
