"""The second factor of one's own account: begun, confirmed, its recovery codes, switched off.

A wrong code is answered with 200: an answer above takes back what the request changed, and with it the count
of wrong codes.
"""

from __future__ import annotations

from collections.abc import Callable

import segno
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from anze.records.people import factors
from anze.web.account.forms import CodeForm
from anze.web.account.views import keep_session

Codes = tuple[str, ...]


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def index(request: HttpRequest) -> HttpResponse:
    """How it stands; posted: the code that confirms it."""
    if request.method == "GET" or factors.set_up() is None:
        return _page(request, CodeForm())
    form = CodeForm(request.POST)
    codes = _tried(form, factors.confirm_second_factor)
    if codes is None:
        return _page(request, form)
    keep_session(request)
    return _codes_page(request, codes, fresh=True)


@require_POST
def begin(request: HttpRequest) -> HttpResponse:
    factors.begin_second_factor()
    return redirect("account:factor")


@sensitive_post_parameters()
@require_POST
def codes(request: HttpRequest) -> HttpResponse:
    """Ten new recovery codes for a code of the authenticator."""
    form = CodeForm(request.POST)
    renewed = _tried(form, factors.renew_recovery_codes)
    return _page(request, form) if renewed is None else _codes_page(request, renewed, fresh=False)


@sensitive_post_parameters()
@require_POST
def switch_off(request: HttpRequest) -> HttpResponse:
    form = CodeForm(request.POST)
    if _tried(form, _switched_off) is None:
        return _page(request, form)
    keep_session(request)
    messages.success(request, "两步验证已关闭，在其他设备上的登录已全部退出。")
    return redirect("account:factor")


def _switched_off(*, code: str) -> Codes:
    factors.switch_off_second_factor(code=code)
    return ()


def _tried(form: CodeForm, act: Callable[..., Codes]) -> Codes | None:
    if not form.is_valid():
        return None
    try:
        return act(code=form.cleaned_data["code"])
    except factors.WrongCode as refusal:
        form.add_error("code", str(refusal))
        return None


def _page(request: HttpRequest, form: CodeForm) -> HttpResponse:
    set_up = factors.set_up()
    words = {
        "form": form,
        "factor": factors.second_factor(),
        "set_up": set_up,
        "picture": segno.make(set_up.uri, error="m").svg_data_uri(scale=5, border=4) if set_up else "",
    }
    return _unkept(render(request, "account/factor.html", words))


def _codes_page(request: HttpRequest, codes: Codes, *, fresh: bool) -> HttpResponse:
    return _unkept(render(request, "account/codes.html", {"codes": codes, "fresh": fresh}))


def _unkept(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store"  # secrets are on no page but this answer
    return response
