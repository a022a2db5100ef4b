"""A new password, and the code of an authenticator."""

from __future__ import annotations

from typing import Any

from django import forms

LONGEST_PASSWORD = 128


class CodeForm(forms.Form):
    code = forms.CharField(
        label="验证码",
        max_length=40,
        error_messages={"required": "请填写验证码。", "max_length": "验证码为 6 位数字。"},
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )


class RecoveryForm(forms.Form):
    code = forms.CharField(
        label="恢复码",
        max_length=40,
        error_messages={"required": "请填写恢复码。", "max_length": "恢复码为 16 位字母和数字。"},
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )


class PasswordForm(forms.Form):
    old = forms.CharField(label="原密码")
    new = forms.CharField(
        label="新密码",
        help_text="不少于 10 位，不能与账号相近，也不能是常见密码。一句只有自己知道的话最好记。",
    )
    again = forms.CharField(label="再输一次新密码")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            filled = "current-password" if name == "old" else "new-password"
            field.widget = forms.PasswordInput(attrs={"autocomplete": filled, "maxlength": LONGEST_PASSWORD})
            field.error_messages["required"] = f"请填写{field.label}。"
            assert isinstance(field, forms.CharField)
            field.strip = False

    def clean_again(self) -> str:
        if self.cleaned_data.get("new") != self.cleaned_data["again"]:
            raise forms.ValidationError("两次输入的新密码不一致。")
        return str(self.cleaned_data["again"])
