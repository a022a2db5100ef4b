"""账号安全: whether a second factor is on, one's own password, the latest sign-ins."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth import authenticate, update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from anze.records.people import factors
from anze.records.people.actions import InvalidAccount, change_password
from anze.records.people.signins import sign_ins
from anze.web.account.agents import device_of
from anze.web.account.forms import PasswordForm

WRONG_OLD = "原密码不正确。连续多次输错，账号会被暂时锁定。"


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    rows = [(row, device_of(row.agent)) for row in sign_ins()]
    return render(request, "account/index.html", {"factor": factors.second_factor(), "rows": rows})


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    """A wrong old password is answered with 200, as at sign-in: anything above takes the count back."""
    form = PasswordForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        if not _knows(request, form.cleaned_data["old"]):
            form.add_error("old", WRONG_OLD)
            return render(request, "account/password.html", {"form": form})
        if _changed(form):
            keep_session(request)
            messages.success(request, "密码已修改，在其他设备上的登录已全部退出。")
            return redirect("account:index")
    return render(request, "account/password.html", {"form": form}, status=422 if form.errors else 200)


def keep_session(request: HttpRequest) -> None:
    """What the sessions of the account rest on has changed: this one goes on, the others end."""
    account: Any = request.user
    account.refresh_from_db()
    update_session_auth_hash(request, account)


def _knows(request: HttpRequest, old: str) -> bool:
    """django-axes counts, as at sign-in."""
    return authenticate(request, username=request.user.get_username(), password=old) is not None


def _changed(form: PasswordForm) -> bool:
    try:
        change_password(old=form.cleaned_data["old"], new=form.cleaned_data["new"])
    except InvalidAccount as refusal:
        for name, problem in refusal.errors.items():
            form.add_error("new" if name == "password" else "old", problem)
        return False
    return True
