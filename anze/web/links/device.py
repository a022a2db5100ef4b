"""The device that opened a one-use link: its cookie, and the few addresses to which that admits.

The cookie is no session: it names a link and holds a key; each request looks up what the link still gives.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.core import signing
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import Resolver404, ResolverMatch, resolve, reverse

from anze.records.reminders import links
from anze.records.reminders.links import STAYS, Entry, Opened

COOKIE = "anze_link"
SALT = "anze.web.links"
TO_CONFIRM = ("confirmations:confirm", "records:attachment")
OF_RECORD = ("records:record", "records:edit", "records:attachment")


@dataclass(frozen=True, slots=True)
class Visit:
    """One request of such a device. `detour`: where the draft that was begun is gone on with."""

    entry: Entry
    detour: str = ""


def give_cookie(response: HttpResponseBase, opened: Opened) -> None:
    value = signing.dumps([opened.link_id, opened.key], salt=SALT)
    response.set_cookie(
        COOKIE,
        value,
        max_age=STAYS,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )


def key_of(request: HttpRequest) -> tuple[int, str] | None:
    """(link, key) that the device shows."""
    try:
        link_id, key = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=STAYS)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return int(link_id), str(key)


def visit_of(request: HttpRequest, at: datetime) -> Visit | None:
    """None unless the device holds a link that is still worth something, and asks for its page."""
    shown = key_of(request) if COOKIE in request.COOKIES else None
    if shown is None:
        return None
    try:
        match = resolve(request.path_info)
    except Resolver404:
        return None
    entry = links.entry(link_id=shown[0], key=shown[1], at=at)
    if entry is None or not _covers(entry, request, match):
        return None
    return Visit(entry, _detour(entry, match))


def _covers(entry: Entry, request: HttpRequest, match: ResolverMatch) -> bool:
    if entry.confirms is not None:
        return match.view_name in TO_CONFIRM and bool(match.kwargs["record_id"] == entry.confirms)
    if match.view_name == "own:obligation":
        return bool(match.kwargs["obligation_id"] == entry.obligation_id)
    if match.view_name in OF_RECORD:
        return entry.record_id is not None and match.kwargs["record_id"] == entry.record_id
    if match.view_name == "records:new":
        asked, kind = request.GET.get("obligation"), request.GET.get("kind")
        return asked == str(entry.obligation_id) and (not kind or kind in entry.kinds)
    return False


def page_of(opened: Opened | Entry) -> str:
    """The one page that the link is for."""
    return address_of(opened.obligation_id, opened.confirms)


def address_of(obligation_id: int | None, confirms: int | None) -> str:
    """Empty for neither."""
    if confirms is not None:
        return reverse("confirmations:confirm", args=[confirms])
    return reverse("own:obligation", args=[obligation_id]) if obligation_id is not None else ""


def _detour(entry: Entry, match: ResolverMatch) -> str:
    if match.view_name != "records:new" or entry.record_id is None:
        return ""
    return f"{reverse('records:edit', args=[entry.record_id])}?obligation={entry.obligation_id}"


def keep_record(visit: Visit, response: HttpResponseBase) -> None:
    """The form sends on to the draft that it made: from then on the link is for that draft alone."""
    target = response.headers.get("HX-Redirect") or response.headers.get("Location")
    if visit.entry.record_id is not None or not target:
        return
    try:
        match = resolve(urlsplit(target).path)
    except Resolver404:
        return
    if match.view_name in ("records:record", "records:seal"):
        links.note_record(link_id=visit.entry.link_id, record_id=match.kwargs["record_id"])
