"""Pages for what went wrong, in Chinese, with the way back."""

from __future__ import annotations

import psycopg
from django.contrib.auth.decorators import login_not_required
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.http import url_has_allowed_host_and_scheme


def refused(
    request: HttpRequest, *, title: str, text: str, status: int, icon: str = "alert-triangle"
) -> HttpResponse:
    back = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}) or back.endswith(
        request.get_full_path()
    ):
        back = ""
    words = {"title": title, "text": text, "icon_name": icon, "back": back}
    return render(request, "ui/refused.html", words, status=status)


def out_of_service() -> HttpResponse:
    """Without the frame: whose page it is, nobody can look up."""
    return HttpResponse(render_to_string("503.html"), status=503, headers={"Retry-After": "5"})


def is_connection_lost(error: Exception) -> bool:
    """The database is gone, as against a deadlock or a lock not given."""
    cause = error.__cause__
    if not isinstance(error, OperationalError | InterfaceError) or not isinstance(cause, psycopg.Error):
        return False
    return cause.sqlstate is None or cause.sqlstate.startswith(("08", "57P"))


@login_not_required
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form's key is stale: another tab signed out, or cookies are off."""
    text = "页面停留过久或登录状态已改变。请返回上一页，刷新后重新提交。"
    return refused(request, title="页面已失效", text=text, status=403, icon="history")
