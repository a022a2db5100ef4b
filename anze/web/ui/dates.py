"""A day as a form field: the browser's own picker, refusals in Chinese."""

from __future__ import annotations

from typing import Any

from django import forms


class DayField(forms.DateField):
    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
        kwargs.setdefault("input_formats", ["%Y-%m-%d", "%Y/%m/%d", "%Y年%m月%d日"])
        messages = {"required": "请填写日期。", "invalid": "日期格式应为 2026-01-31。"}
        super().__init__(error_messages=messages, **kwargs)
