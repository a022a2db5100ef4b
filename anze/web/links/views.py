"""The landing page of a one-use link. Looking at it opens nothing: programs that preview links look, too."""

from __future__ import annotations

from datetime import UTC, datetime

from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from anze.records.reminders import links
from anze.records.reminders.links import LinkRefused
from anze.web.links.device import address_of, give_cookie, key_of, page_of

OTHER = "这个链接不是发给您当前登录的账号的。"


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def go(request: HttpRequest, secret: str) -> HttpResponseBase:
    """Whoever is signed in needs no link: it is left as it is."""
    response = _go(request, secret, datetime.now(UTC))
    response.headers["Cache-Control"] = "no-store"
    return response


def _go(request: HttpRequest, secret: str, at: datetime) -> HttpResponseBase:
    shown = key_of(request)
    if shown is not None and links.opened_by(secret=secret, key=shown[1]):
        entry = links.entry(link_id=shown[0], key=shown[1], at=at)
        if entry is not None:
            return redirect(page_of(entry))
    try:
        entry = links.check(secret, at)
        if request.user.is_authenticated:
            if request.user.pk != entry.actor.account:
                return _refused(request, OTHER, status=403)
            return redirect(page_of(entry))
        if request.method != "POST":
            words = {"hours": int(links.STAYS.total_seconds() // 3600), "confirms": entry.confirms}
            return render(request, "links/landing.html", words)
        with transaction.atomic():
            opened = links.open_link(secret=secret, at=at)
    except LinkRefused as refusal:
        return _refused(request, str(refusal), status=410, page=address_of(*links.aim_of(secret)))
    response = redirect(page_of(opened))
    give_cookie(response, opened)
    return response


def _refused(request: HttpRequest, text: str, *, status: int, page: str = "") -> HttpResponse:
    """`page`: to which signing in leads instead."""
    return render(request, "links/refused.html", {"text": text, "page": page}, status=status)
