"""One request of a signed-in account, or of a one-use link: one actor, scope, frozen instant, transaction.

Anything refused or failed is rolled back whole, and answered by a page in Chinese.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.views import redirect_to_login
from django.db import IntegrityError, InterfaceError, OperationalError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django_htmx.http import HttpResponseClientRedirect

from anze.records.acting.context import Actor, NoScope, OutOfScope, acting
from anze.records.acting.errors import NotFound, NotPermitted, Refused
from anze.records.people import factors
from anze.records.people import queries as people
from anze.records.reminders.links import BY_LINK
from anze.records.tenants import queries as tenants
from anze.web.links.device import Visit, keep_record, visit_of
from anze.web.ui import once
from anze.web.ui.attempt import RACE
from anze.web.ui.errors import is_connection_lost, out_of_service, refused
from anze.web.ui.shell import Shell, shell_for, shell_for_link

ANSWERS: tuple[tuple[type[Exception], int, str, str], ...] = (
    (NotFound, 404, "找不到这项内容", "search"),
    (NotPermitted, 403, "没有权限", "lock"),
    (Refused, 400, "无法完成操作", "alert-triangle"),
)
ACCOUNT = "/account/"
LOCKED_OUT = 429  # the count of failures is what such an answer rests on: it stays


class ActingMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        try:
            return self._answer(request)
        except (OperationalError, InterfaceError) as error:
            if not is_connection_lost(error):
                raise
            return out_of_service()

    def _answer(self, request: HttpRequest) -> HttpResponseBase:
        if _of_programs(request):
            return self.get_response(request)
        at = datetime.now(UTC)
        if request.user.is_authenticated:
            return self._answer_account(request, at)
        visit = visit_of(request, at)
        return self.get_response(request) if visit is None else self._answer_link(request, visit, at)

    def _answer_account(self, request: HttpRequest, at: datetime) -> HttpResponseBase:
        assert not isinstance(request.user, AnonymousUser)
        with people.entered(request.user, at) as scope:
            actor = scope.actor
            return self._inside(request, shell_for(actor, _owner(actor), request.path, at))

    def _answer_link(self, request: HttpRequest, visit: Visit, at: datetime) -> HttpResponseBase:
        """A device that opened a one-use link: its page and nothing else, without a session."""
        if visit.detour:
            return HttpResponseRedirect(visit.detour)
        actor, companies = visit.entry.actor, (visit.entry.company_id,)
        with acting(actor, reads=companies, at=at, reason=BY_LINK):
            response = self._inside(request, shell_for_link(visit.entry, _owner(actor), at))
            if response.status_code < 400:
                keep_record(visit, response)
        return response

    def _inside(self, request: HttpRequest, shell: Shell) -> HttpResponseBase:
        setattr(request, "shell", shell)  # noqa: B010 -- not a declared field
        response = self.get_response(request)
        if response.status_code >= 400 and response.status_code != LOCKED_OUT:
            transaction.set_rollback(True)
        else:
            once.settle(request, response)
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        """Strangers are sent to sign in, whatever the address; only open views are shown to them.

        Who must have a second factor and has none is sent to set one up. A form sent twice acts once.
        """
        open_view = not getattr(view, "login_required", True)
        if _of_programs(request) or open_view:
            return None
        if request.user.is_authenticated and _lacks_second_factor(request):
            return _to_set_up(request)
        if _acts(request):
            return once.already_led(request)
        if getattr(request, "htmx", False):
            return HttpResponseClientRedirect(
                redirect_to_login(request.headers.get("HX-Current-URL", "/")).url
            )
        return redirect_to_login(request.get_full_path())

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if _of_programs(request):
            return None
        if is_connection_lost(error):
            return out_of_service()
        if _acts(request):
            transaction.set_rollback(True)
        for kind, status, title, icon in ANSWERS:
            if isinstance(error, kind):
                return refused(request, title=title, text=str(error), status=status, icon=icon)
        if isinstance(error, NoScope | OutOfScope):
            return refused(
                request,
                title="没有权限",
                text="此账号不能查看或改动这家企业的数据。",
                status=403,
                icon="lock",
            )
        if isinstance(error, IntegrityError | OperationalError):
            return refused(request, title="数据刚刚被改动", text=RACE, status=409)
        return None


def _lacks_second_factor(request: HttpRequest) -> bool:
    account = request.user
    assert not isinstance(account, AnonymousUser)
    missing = factors.must_have_second_factor(account) and not factors.has_second_factor(account)
    return missing and not request.path.startswith(ACCOUNT)


def _to_set_up(request: HttpRequest) -> HttpResponse:
    page = reverse("account:factor")
    return HttpResponseClientRedirect(page) if getattr(request, "htmx", False) else redirect(page)


def _acts(request: HttpRequest) -> bool:
    """Somebody acts: signed in, or by a one-use link."""
    return hasattr(request, "shell")


def _of_programs(request: HttpRequest) -> bool:
    """The API looks at no cookie: its requests carry a token, and it opens its own scope."""
    return request.path.startswith("/api/")


def _owner(actor: Actor) -> str:
    if actor.company is not None:
        return tenants.company(actor.company).short_name
    if actor.authority is not None:
        return tenants.authority(actor.authority).name
    return "系统管理"
