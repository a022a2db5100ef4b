"""A day as a form field: the browser's own picker, refusals in Chinese."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

FIRST_DAY, LAST_DAY = date(1950, 1, 1), date(2100, 12, 31)


class DayField(forms.DateField):
    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
        kwargs.setdefault("input_formats", ["%Y-%m-%d", "%Y/%m/%d", "%Y年%m月%d日"])
        messages = {"required": "请填写日期。", "invalid": "日期格式应为 2026-01-31。"}
        super().__init__(error_messages=messages, **kwargs)

    def validate(self, value: date | None) -> None:
        """A slip of the keyboard is no day: years that no record has."""
        super().validate(value)
        if value is not None and not FIRST_DAY <= value <= LAST_DAY:
            raise ValidationError("日期的年份不合理，请检查。")


def require_period(cleaned: Mapping[str, Any]) -> None:
    """`since` and `until`, its last day, where they are given. Raises ValidationError."""
    since, until = cleaned.get("since"), cleaned.get("until")
    if any(day and not FIRST_DAY <= day <= LAST_DAY for day in (since, until)):
        raise ValidationError("日期的年份不合理，请检查。")
    if since and until and until < since:
        raise ValidationError("结束日期早于开始日期。")
