"""One cell: text as somebody typed it in, one canonical spelling out, or what is wrong with it.

Rule 1: what a spreadsheet or a hurried hand does to a value is read: full-width signs, blanks around it,
dates as 2026/1/5, 2026年1月5日, 20260105 or a serial number.
Rule 2: what could mean two things is refused, never guessed.
Rule 3: the order in which a list is typed in means nothing.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation

from anze.rules.identity import tidy_identity, wrong_identity
from anze.rules.importing.names import WrongName, named_people, split
from anze.rules.importing.sheets import Column
from anze.rules.plates import is_plate, tidy_plate

LONGEST = 32_767  # what a spreadsheet's cell holds; forms ask for less where they do
EARLIEST_YEAR, LATEST_YEAR = 1950, 2100
SERIAL_ZERO = datetime(1899, 12, 30)  # noqa: DTZ001 -- day 0 of a spreadsheet, without a zone
SERIALS = range(18_264, 73_416)  # 1950 to 2100
YES = frozenset({"是", "有", "对", "√", "y", "yes", "true", "1"})
NO = frozenset({"否", "无", "×", "n", "no", "false", "0"})
DAY = "日期写成 2026-05-08 的样子。"
MOMENT = "时间写成 2026-05-08 09:30 的样子。"

_DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?", re.ASCII)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})", re.ASCII)
_CLOCK = re.compile(
    r"(\d{1,2})\s*[:点时]\s*(?:(\d{1,2})\s*(?:[:分]\s*(?:\d{1,2}(?:\.\d+)?\s*秒?)?)?)?", re.ASCII
)
_SERIAL = re.compile(r"\d{5}(\.\d+)?", re.ASCII)
_SEPARATED = re.compile(r"[、，,；;\n]")
_FAILED = re.compile(r"#(N/A|REF!|VALUE!|DIV/0!|NAME\?|NUM!|NULL!|SPILL!)")
_UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn"}


class WrongCell(ValueError):  # noqa: N818 -- says what it is
    """str() is the Chinese sentence behind the cell's address."""


def tidy(typed: str) -> str:
    """Without blanks around it and without signs that nobody sees; line breaks stay."""
    if typed.isascii() and typed.isprintable():
        return typed.strip()
    normal = unicodedata.normalize("NFC", typed.replace("\r\n", "\n").replace("\r", "\n"))
    if normal.isprintable():
        return normal.strip()
    return "".join(c for c in normal if c in "\n\t" or unicodedata.category(c) not in _UNSEEN).strip()


def canonical(column: Column, text: str) -> str:
    """Of what is tidy. Raises WrongCell. An empty cell stays empty, unless it must not be."""
    if not text:
        if column.required:
            raise WrongCell("必填，现为空。")
        return ""
    if _FAILED.fullmatch(text):
        raise WrongCell(f"公式出错（{text}），请填写内容。")
    if len(text) > LONGEST:
        raise WrongCell(f"最多 {LONGEST} 字，现有 {len(text)} 字。")
    return _TYPES[column.type](column, text)


def _half(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()


def _text(_: Column, text: str) -> str:
    return " ".join(text.split())


def _longtext(_: Column, text: str) -> str:
    return text


def _day(_: Column, text: str) -> str:
    day, clock = _instant(_half(text), DAY)
    if clock not in ("", "00:00"):
        raise WrongCell("这里只写日期，不写时刻。")
    return day.isoformat()


def _moment(_: Column, text: str) -> str:
    day, clock = _instant(_half(text), MOMENT)
    return f"{day.isoformat()} {clock or '00:00'}"


def _instant(text: str, remedy: str) -> tuple[date, str]:
    if _SERIAL.fullmatch(text) and int(float(text)) in SERIALS:
        at = SERIAL_ZERO + timedelta(minutes=round(float(text) * 24 * 60))
        return at.date(), f"{at:%H:%M}"
    found = _DAY.match(text) or _COMPACT.match(text)
    if found is None:
        raise WrongCell(f"“{_shown(text)}”不是日期。{remedy}")
    try:
        day = date(*map(int, found.groups()))
    except ValueError:
        raise WrongCell(f"没有 {'-'.join(found.groups())} 这一天。") from None
    if not EARLIEST_YEAR <= day.year <= LATEST_YEAR:
        raise WrongCell("年份不合理，请检查。")
    return day, _clock(text[found.end() :].removeprefix("T").strip(), text, remedy)


def _clock(rest: str, text: str, remedy: str) -> str:
    if not rest:
        return ""
    found = _CLOCK.fullmatch(rest)
    if found is None:
        raise WrongCell(f"“{_shown(text)}”看不懂。{remedy}")
    hour, minute = int(found[1]), int(found[2] or 0)
    if hour > 23 or minute > 59:
        raise WrongCell(f"没有 {rest} 这个时刻。")
    return f"{hour:02d}:{minute:02d}"


def _decimal(_: Column, text: str) -> str:
    plain = re.sub(r"[\s,，￥¥]", "", _half(text)).removesuffix("元").removesuffix("小时")
    try:
        number = Decimal(plain)
    except InvalidOperation:
        raise WrongCell(f"“{_shown(text)}”不是数字。") from None
    if not number.is_finite() or abs(number) >= 10**12:
        raise WrongCell("数字过大，请检查。")
    said = f"{number:f}"
    return said.rstrip("0").rstrip(".") if "." in said else said


def _choice(column: Column, text: str) -> str:
    """The Chinese word, or its id as an older export wrote it."""
    wanted = _folded(text)
    found = [key for key, label in column.choices.items() if wanted in (_folded(label), key.lower())]
    if len(found) != 1:
        raise WrongCell(f"没有“{_shown(text)}”这一项，可选：{_some(list(column.choices.values()))}。")
    return found[0]


def _choices(column: Column, text: str) -> str:
    """Several words in one cell, each once, in printed order."""
    chosen = {_choice(column, word) for word in _SEPARATED.split(text) if word.strip()}
    return ",".join(key for key in column.choices if key in chosen)


def _bool(_: Column, text: str) -> str:
    word = _half(text).lower()
    if word in YES or word in NO:
        return "true" if word in YES else "false"
    raise WrongCell("请填“是”或“否”。")


def _people(_: Column, text: str) -> str:
    try:
        return "、".join(sorted(map(str, named_people(text))))
    except WrongName as problem:
        raise WrongCell(str(problem)) from None


def _plate(_: Column, text: str) -> str:
    plate = tidy_plate(text)
    if not is_plate(plate):
        raise WrongCell(f"“{_shown(text)}”不是车牌号，应如 浙B12345。")
    return plate


def _plates(column: Column, text: str) -> str:
    return "、".join(sorted({_plate(column, part) for part in split(text)}))


def _units(_: Column, text: str) -> str:
    return "、".join(sorted({" ".join(part.split()) for part in split(text)}))


def _identity(_: Column, text: str) -> str:
    number = tidy_identity(text)
    if problem := wrong_identity(number):
        raise WrongCell(problem)
    return number


def _phone(_: Column, text: str) -> str:
    """What a spreadsheet stored as a number comes without its blanks; whether it is one is asked later."""
    return re.sub(r"[\s（）()]", "", _half(text))


def _number(_: Column, text: str) -> str:
    return re.sub(r"\s", "", _half(text)).upper()


def _folded(text: str) -> str:
    return re.sub(r"\s", "", _half(text)).lower()


def _shown(text: str) -> str:
    return text if len(text) <= 30 else text[:30] + "…"


def _some(words: list[str]) -> str:
    return "、".join(words[:12]) + (f"等 {len(words)} 项" if len(words) > 12 else "")


_TYPES: dict[str, Callable[[Column, str], str]] = {
    "text": _text,
    "longtext": _longtext,
    "items": _longtext,
    "day": _day,
    "moment": _moment,
    "decimal": _decimal,
    "choice": _choice,
    "choices": _choices,
    "bool": _bool,
    "people": _people,
    "plate": _plate,
    "plates": _plates,
    "units": _units,
    "identity": _identity,
    "phone": _phone,
    "number": _number,
}
