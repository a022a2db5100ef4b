"""The code on a printed paper: which blank form, or which version of which record; signed."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from io import BytesIO

import segno
from django.conf import settings
from django.core import signing
from django.http import HttpRequest
from django.urls import reverse

SALT = "anze.web.papers"
BLANK, PRINTED = "b", "p"


class NoPaper(ValueError):  # noqa: N818 -- says what it is
    """Not printed by this installation, or not complete."""


@dataclass(frozen=True, slots=True)
class Blank:
    company_id: int
    kind: str
    paper: str


@dataclass(frozen=True, slots=True)
class Printed:
    company_id: int
    record_id: int
    version: str


def blank_code(company_id: int, kind: str) -> str:
    """Each print is a paper of its own."""
    return _signer().sign(f"{BLANK}~{company_id}~{kind}~{secrets.token_urlsafe(9)}")


def printed_code(company_id: int, record_id: int, version: str) -> str:
    return _signer().sign(f"{PRINTED}~{company_id}~{record_id}~{version}")


def read(code: str) -> Blank | Printed:
    """Raises NoPaper."""
    try:
        sort, company, what, rest = _signer().unsign(code).split("~")
        if sort == BLANK:
            return Blank(int(company), what, rest)
        return Printed(int(company), int(what), rest)
    except (signing.BadSignature, ValueError):
        raise NoPaper(code) from None


def picture_of(request: HttpRequest, code: str) -> str:
    """As SVG: for the page, and for what is set from it."""
    path = reverse("papers:paper", args=[code])
    address = f"{settings.SITE}{path}" if settings.SITE else request.build_absolute_uri(path)
    drawn = BytesIO()
    segno.make(address, error="m").save(drawn, kind="svg", border=0, xmldecl=False, omitsize=True)
    return drawn.getvalue().decode()


def _signer() -> signing.Signer:
    return signing.Signer(salt=SALT)
