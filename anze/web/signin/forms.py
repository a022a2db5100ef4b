"""The sign-in form."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm


class SignInForm(AuthenticationForm):
    error_messages = {
        "invalid_login": "账号或密码不正确。请检查大小写后重试；连续多次输错，账号会被暂时锁定。",
        "inactive": "此账号已停用，请联系系统管理员。",
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = "账号"
        self.fields["password"].label = "密码"
        for name in self.fields:
            self.fields[name].error_messages["required"] = f"请填写{self.fields[name].label}。"
        if isinstance(self.fields["password"], forms.CharField):
            self.fields["password"].strip = False
