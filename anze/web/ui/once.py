"""Forms that act once: a template puts `{% once %}` into a form, and the middleware asks here.

Only what ended in a redirection has acted; a page shown instead (a preview, an error) leaves the form fresh.
"""

from __future__ import annotations

import re
from hashlib import sha256

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django_htmx.http import HttpResponseClientRedirect

from anze.records.acting.context import current
from anze.records.people import submissions

FIELD = "once"
MARK = re.compile(r"[0-9a-f]{32}", re.ASCII)
IGNORED = frozenset({"csrfmiddlewaretoken"})
LONGEST = 500
SENT_TWICE = "这份表单刚才已经提交过，没有重复办理。"


def already_led(request: HttpRequest) -> HttpResponse | None:
    """The way on, when this very form has acted before. None: it may act now."""
    if request.method != "POST" or not MARK.fullmatch(request.POST.get(FIELD, "")):
        return None
    digest = _digest(request)
    led_to = submissions.take(digest=digest)
    if led_to is None:
        setattr(request, "submission", digest)  # noqa: B010 -- not a declared field
        return None
    messages.info(request, SENT_TWICE)
    return HttpResponseClientRedirect(led_to) if _by_htmx(request) else HttpResponseRedirect(led_to)


def settle(request: HttpRequest, response: HttpResponseBase) -> None:
    """After the form was answered; what failed is rolled back and needs no settling."""
    digest = getattr(request, "submission", None)
    if digest is None or response.status_code >= 400:
        return
    led_to = response.headers.get("HX-Redirect") or response.headers.get("Location") or ""
    submissions.settle(digest=digest, led_to=led_to if len(led_to) <= LONGEST else request.path)


def _digest(request: HttpRequest) -> str:
    typed = sorted((name, values) for name, values in request.POST.lists() if name not in IGNORED)
    files = [(file.name, file.size) for name in sorted(request.FILES) for file in request.FILES.getlist(name)]
    shown = (current().actor.label, request.get_full_path(), typed, files)
    return sha256(repr(shown).encode()).hexdigest()


def _by_htmx(request: HttpRequest) -> bool:
    return bool(getattr(request, "htmx", False))
