"""The second step of signing in: the password was right, the code is asked for.

Until it is given, the session holds who is halfway in, and nobody is signed in.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from axes.handlers.proxy import AxesProxyHandler
from django.contrib import messages
from django.contrib.auth import load_backend, login
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.signals import user_login_failed
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from anze.records.people import factors
from anze.web.account.forms import CodeForm, RecoveryForm
from anze.web.signin.pages import first_page, locked_out

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser

HALFWAY = "halfway"
LONGEST_HALFWAY = 10 * 60  # seconds between password and code


def remember_halfway(request: HttpRequest, account: Any, next_page: str) -> None:
    """Whose password was right. The hash ends it when password or second factor change in between."""
    request.session.cycle_key()
    request.session[HALFWAY] = {
        "account": account.pk,
        "backend": account.backend,
        "hash": account.get_session_auth_hash(),
        "next": next_page,
        "until": time.time() + LONGEST_HALFWAY,
    }


@sensitive_post_parameters()
@never_cache
@login_not_required
@require_http_methods(["GET", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    account = _halfway(request)
    if request.user.is_authenticated or account is None:
        return redirect("signin:signin")
    if not AxesProxyHandler.is_allowed(request, {"username": account.get_username()}):
        return locked_out(request)
    recovery = request.GET.get("use") == "recovery"
    kind = RecoveryForm if recovery else CodeForm
    form = kind(request.POST if request.method == "POST" else None)
    if form.is_valid() and _passed(request, account, form):
        return _signed_in(request, account, recovery=recovery)
    return render(request, "signin/code.html", {"form": form, "recovery": recovery})


def _halfway(request: HttpRequest) -> Any:
    """The account, of this product's own model; None: nobody, or too long ago."""
    noted = request.session.get(HALFWAY)
    if noted is None or noted["until"] < time.time():
        return None
    account = load_backend(noted["backend"]).get_user(noted["account"])
    if account is None or not constant_time_compare(noted["hash"], account.get_session_auth_hash()):
        return None
    return account


def _passed(request: HttpRequest, account: AbstractBaseUser, form: CodeForm | RecoveryForm) -> bool:
    """A wrong code counts twice: the device waits longer each time, and django-axes locks after eight."""
    try:
        factors.pass_second_factor(account, form.cleaned_data["code"], datetime.now(UTC))
    except factors.WrongCode as refusal:
        form.add_error("code", str(refusal))
        if refusal.counted:
            credentials = {"username": account.get_username()}
            user_login_failed.send(sender=__name__, credentials=credentials, request=request)
        return False
    return True


def _signed_in(request: HttpRequest, account: Any, *, recovery: bool) -> HttpResponse:
    noted = request.session.pop(HALFWAY)
    login(request, account, backend=noted["backend"])
    if recovery:
        messages.warning(request, "已使用一个恢复码，它不能再次使用。剩余数量见“账号安全”。")
    return redirect(noted["next"] or first_page(account))
