"""The confirmation under a list: what was shown, and that it was read and is promised."""

from __future__ import annotations

from django import forms

INCOMPLETE = dict.fromkeys(("required", "max_length"), "页面内容不完整，请重新阅读后签署。")


class SignForm(forms.Form):
    edition = forms.CharField(max_length=12, error_messages=INCOMPLETE)
    digest = forms.CharField(max_length=64, error_messages=INCOMPLETE)
    promised = forms.BooleanField(error_messages={"required": "请先勾选“本人已阅读并承诺履行”。"})
