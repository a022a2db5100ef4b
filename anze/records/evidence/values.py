"""One typed field of an evidence kind: text in, one canonical spelling out, or what is wrong with it."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from datetime import date
from decimal import Decimal, InvalidOperation

from anze.rules.catalogue.model import FieldSpec

LONGEST_TEXT = 200
LONGEST_LONGTEXT = 5000
LARGEST_NUMBER = Decimal(10) ** 12
EARLIEST_YEAR, LATEST_YEAR = 1950, 2100
YES = frozenset({"true", "yes", "on", "1", "是"})
NO = frozenset({"false", "no", "off", "0", "否"})


class WrongValue(ValueError):  # noqa: N818 -- says what it is
    """str() is the Chinese sentence beside the field."""


def clean_text(text: str) -> str:
    """Without control characters, which PostgreSQL or a printer would choke on; line breaks stay."""
    normal = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    kept = (c for c in normal if c in "\n\t" or unicodedata.category(c) not in {"Cc", "Cs", "Co", "Cn"})
    return "".join(kept).strip()


def canonical_value(spec: FieldSpec, typed: str) -> str:
    """Raises WrongValue. An empty text stays empty: whether it may be missing is asked at sealing."""
    text = clean_text(typed)
    return _TYPES[spec.type](spec, text) if text else ""


def decimal_of(text: str) -> Decimal:
    """Raises WrongValue. Full-width digits are read as digits."""
    try:
        number = Decimal(unicodedata.normalize("NFKC", text))
    except InvalidOperation:
        raise WrongValue("请填写数字，如 12 或 1.5。") from None
    if number.is_nan():
        raise WrongValue("请填写数字，如 12 或 1.5。")
    if abs(number) >= LARGEST_NUMBER:
        raise WrongValue("数字过大，请检查。")
    return number


def plain(number: Decimal) -> str:
    """Without exponent and trailing zeros."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _text(_: FieldSpec, text: str) -> str:
    if len(text) > LONGEST_TEXT:
        raise WrongValue(f"最多 {LONGEST_TEXT} 字，现有 {len(text)} 字。")
    return " ".join(text.split())


def _longtext(_: FieldSpec, text: str) -> str:
    if len(text) > LONGEST_LONGTEXT:
        raise WrongValue(f"最多 {LONGEST_LONGTEXT} 字，现有 {len(text)} 字。")
    return text


def _date(_: FieldSpec, text: str) -> str:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise WrongValue("日期请写成 2026-05-08 的样子。") from None
    if not EARLIEST_YEAR <= day.year <= LATEST_YEAR:
        raise WrongValue("年份不合理，请检查。")
    return day.isoformat()


def _number(_: FieldSpec, text: str) -> str:
    number = decimal_of(text)
    if number != round(number, 6):
        raise WrongValue("最多保留 6 位小数。")
    return plain(number)


def _money(_: FieldSpec, text: str) -> str:
    amount = decimal_of(text)
    if amount < 0 or amount != round(amount, 2):
        raise WrongValue("金额不能为负数，最多两位小数。")
    return plain(amount)


def _hours(_: FieldSpec, text: str) -> str:
    hours = decimal_of(text)
    if hours < 0 or hours > 10_000 or hours != round(hours, 2):
        raise WrongValue("时长应为 0 至 10000 小时，最多两位小数。")
    return plain(hours)


def _choice(spec: FieldSpec, text: str) -> str:
    if text not in spec.choices:
        raise WrongValue("请从选项中选择：" + "、".join(spec.choices.values()) + "。")
    return text


def _bool(_: FieldSpec, text: str) -> str:
    folded = text.lower()
    if folded in YES:
        return "true"
    if folded in NO:
        return "false"
    raise WrongValue("请选择“是”或“否”。")


_TYPES: dict[str, Callable[[FieldSpec, str], str]] = {
    "text": _text,
    "longtext": _longtext,
    "date": _date,
    "number": _number,
    "money": _money,
    "hours": _hours,
    "choice": _choice,
    "bool": _bool,
}
