"""The code on the screen, and the ticket of the telephone that read it; both are signed, neither is stored.

The ticket is a cookie: the address of the page holds nothing that could be sent on to somebody at home.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime

from django.conf import settings
from django.core import signing
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from anze.rules.roll_calls import TO_SIGN, is_fresh, may_sign, turn_of

TICKET, DEVICE = "anze_arrival", "anze_device"
CODE_SALT, TICKET_SALT = "anze.web.attendance.code", "anze.web.attendance.ticket"
DEVICE_STAYS = 400 * 24 * 3600


class NoCode(ValueError):  # noqa: N818 -- says what it is
    """Not made by this installation, or not complete."""


@dataclass(frozen=True, slots=True)
class Scanned:
    """Which session's code was read, and whether it was still the one on the screen."""

    company_id: int
    record_id: int
    fresh: bool


@dataclass(frozen=True, slots=True)
class Ticket:
    company_id: int
    record_id: int


def code_of(company_id: int, record_id: int, at: datetime) -> str:
    return signing.Signer(salt=CODE_SALT).sign(f"{company_id}.{record_id}.{turn_of(at)}")


def scanned(code: str, at: datetime) -> Scanned:
    """Raises NoCode."""
    try:
        company, record, turn = signing.Signer(salt=CODE_SALT).unsign(code).split(".")
        return Scanned(int(company), int(record), is_fresh(int(turn), at))
    except (signing.BadSignature, ValueError):
        raise NoCode(code) from None


def give_ticket(request: HttpRequest, response: HttpResponseBase, found: Scanned, at: datetime) -> None:
    device = request.COOKIES.get(DEVICE, "")
    if not 20 <= len(device) <= 60:
        device = secrets.token_urlsafe(24)
    value = signing.dumps([found.company_id, found.record_id, int(at.timestamp())], salt=TICKET_SALT)
    _set(response, TICKET, value, int(TO_SIGN.total_seconds()))
    _set(response, DEVICE, device, DEVICE_STAYS)


def ticket_of(request: HttpRequest, at: datetime) -> Ticket | None:
    """None: nothing was scanned on this device, or too long ago."""
    try:
        company, record, scanned_at = signing.loads(request.COOKIES.get(TICKET, ""), salt=TICKET_SALT)
        when = datetime.fromtimestamp(int(scanned_at), UTC)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return Ticket(int(company), int(record)) if may_sign(when, at) else None


def take_ticket(response: HttpResponseBase) -> None:
    """One scan, one signature."""
    response.delete_cookie(TICKET, samesite="Lax")


def device_of(request: HttpRequest) -> str:
    """Digest of what the telephone holds. A telephone that keeps no cookies has no ticket either."""
    return hashlib.sha256(request.COOKIES.get(DEVICE, "").encode()).hexdigest()


def _set(response: HttpResponseBase, name: str, value: str, seconds: int) -> None:
    response.set_cookie(
        name, value, max_age=seconds, httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
    )
