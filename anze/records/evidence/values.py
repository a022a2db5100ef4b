"""One typed field of an evidence kind: text in, one canonical spelling out, or what is wrong with it."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from decimal import Decimal, InvalidOperation

from anze.records.evidence.tables import TABLES, canonical_items, canonical_settlements, shown
from anze.records.evidence.texts import LONGEST_TEXT, WrongValue, clean_text, day_text
from anze.rules.catalogue.model import FieldSpec

__all__ = [
    "LONGEST_TEXT",
    "WrongValue",
    "canonical_value",
    "clean_text",
    "decimal_of",
    "displayed",
    "plain",
    "several",
]

LONGEST_LONGTEXT = 5000
LARGEST_NUMBER = Decimal(10) ** 12
YES = frozenset({"true", "yes", "on", "1", "是"})
NO = frozenset({"false", "no", "off", "0", "否"})


def canonical_value(spec: FieldSpec, typed: str) -> str:
    """Raises WrongValue. An empty text stays empty: whether it may be missing is asked at sealing."""
    text = clean_text(typed)
    return _TYPES[spec.type](spec, text) if text else ""


def displayed(spec: FieldSpec, value: str) -> str:
    """What a page, a print or an export says for a canonical value; several rows are several lines."""
    if spec.type in TABLES:
        return "\n".join(shown(spec, value))
    if spec.type == "choice":
        return spec.choices.get(value, value)
    if spec.type == "choices":
        return "、".join(spec.choices.get(key, key) for key in several(value))
    if spec.type == "bool":
        return "是" if value == "true" else "否"
    if spec.type == "money":
        return f"{Decimal(value):,.2f} 元"
    return f"{value} 小时" if spec.type == "hours" else value


def several(value: str) -> list[str]:
    """The ids of a field of which several may be chosen; none: an empty text."""
    return value.split(",") if value else []


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
    return day_text(text)


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


def _choices(spec: FieldSpec, text: str) -> str:
    """In printed order, each once, however they were named."""
    chosen = [key.strip() for key in text.split(",") if key.strip()]
    if not spec.choices.keys() >= set(chosen):
        raise WrongValue("请从选项中选择：" + "、".join(spec.choices.values()) + "。")
    return ",".join(key for key in spec.choices if key in chosen)


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
    "choices": _choices,
    "bool": _bool,
    "items": canonical_items,
    "settlements": canonical_settlements,
}
