"""Asking for a key: what for, and for how long."""

from __future__ import annotations

from django import forms

from anze.records.people.tokens import LONGEST_NAME

DAYS = {30: "30 天", 90: "90 天", 180: "180 天", 365: "一年"}


class TokenForm(forms.Form):
    name = forms.CharField(
        label="用途", max_length=LONGEST_NAME, help_text="例如：车队系统每晚上传学习记录。"
    )
    days = forms.TypedChoiceField(label="有效期", choices=list(DAYS.items()), coerce=int, initial=90)
