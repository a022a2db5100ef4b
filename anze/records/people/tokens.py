"""Keys for programs: issued to the acting account, shown once, recognised by digest, revoked.

A secret holds 256 random bits, so a plain digest of it cannot be guessed back, unlike one of a password.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q

from anze.records.acting.context import current
from anze.records.acting.errors import NotFound, Refused
from anze.records.acting.permissions import require
from anze.records.journal.actions import append, digest_of
from anze.records.people.models import Account, Token

PREFIX = "anze_"
LONGEST_NAME = 60
LONGEST_SECRET = 100
LONGEST_DAYS = 366
MOST_TOKENS = 20  # of one account, that are still taken
LARGEST_ID = 2**63 - 1


class InvalidToken(Refused):
    """`errors`: "name" or "days" -> what is wrong."""

    def __init__(self, errors: dict[str, str]) -> None:
        self.errors = errors
        super().__init__("".join(errors.values()))


@dataclass(frozen=True, slots=True)
class Issued:
    id: int
    secret: str  # known now and never again


@dataclass(frozen=True, slots=True)
class TokenRow:
    """`last_used_on` is no finer than a day."""

    id: int
    name: str
    issued_at: datetime
    expires_on: date
    last_used_on: date | None
    revoked_at: datetime | None
    taken: bool  # neither expired nor revoked


def issue_token(*, name: str, days: int) -> Issued:
    """A key for the acting account, good for `days` days, today included. Raises InvalidToken."""
    require("use_api")
    scope = current()
    assert scope.actor.account is not None, "the system needs no key"
    name = " ".join(c for c in name.split() if c.isprintable())
    errors = {}
    if not 1 <= len(name) <= LONGEST_NAME:
        errors["name"] = f"请填写用途（不超过 {LONGEST_NAME} 字）。"
    if not 1 <= days <= LONGEST_DAYS:
        errors["days"] = f"有效期为 1 至 {LONGEST_DAYS} 天。"
    if errors:
        raise InvalidToken(errors)
    if sum(row.taken for row in tokens()) >= MOST_TOKENS:
        raise InvalidToken({"name": f"每个账号最多有 {MOST_TOKENS} 个有效令牌，请先停用不再使用的。"})
    secret = PREFIX + secrets.token_urlsafe(32)
    row = Token.objects.create(
        account_id=scope.actor.account,
        name=name,
        digest=_digest(secret),
        issued_at=scope.at,
        expires_on=scope.today + timedelta(days=days),
    )
    _note("people.issue_token", row)
    return Issued(row.pk, secret)


def revoke_token(*, token_id: int) -> None:
    """No longer taken, at once. Revoking twice changes nothing. Raises NotFound for another's token."""
    scope = current()
    if not 0 < token_id <= LARGEST_ID:
        raise NotFound("没有这个令牌。")
    row = Token.objects.select_for_update().filter(pk=token_id, account=scope.actor.account or 0).first()
    if row is None:
        raise NotFound("没有这个令牌。")
    if row.revoked_at is None:
        row.revoked_at = scope.at
        row.save(update_fields=["revoked_at"])
        _note("people.revoke_token", row)


def tokens() -> list[TokenRow]:
    """Of the acting account, newest first."""
    scope = current()
    rows = Token.objects.filter(account=scope.actor.account or 0).order_by("-pk")
    return [
        TokenRow(
            id=row.pk,
            name=row.name,
            issued_at=row.issued_at,
            expires_on=row.expires_on,
            last_used_on=row.last_used_on,
            revoked_at=row.revoked_at,
            taken=row.revoked_at is None and scope.today < row.expires_on,
        )
        for row in rows
    ]


def account_of(secret: str, on: date) -> Account | None:
    """Whose key this is on a day; None when it is nobody's, spent, or of a closed account.

    Needs no scope: it is what makes one. Notes the day of use, at most once a day.
    """
    if not secret.startswith(PREFIX) or len(secret) > LONGEST_SECRET or not secret.isascii():
        return None
    row = (
        Token.objects.select_related("account")
        .filter(digest=_digest(secret), revoked_at=None, expires_on__gt=on, account__is_active=True)
        .first()
    )
    if row is None:
        return None
    if row.last_used_on is None or row.last_used_on < on:
        not_yet = Q(last_used_on=None) | Q(last_used_on__lt=on)
        Token.objects.filter(not_yet, pk=row.pk).update(last_used_on=on)
    return row.account


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _note(action: str, row: Token) -> None:
    """On the chain of the account's company or authority. The entry does not hold the secret's digest."""
    actor = current().actor
    noted = [("people.token", row.pk, digest_of([row.pk, row.account_id, str(row.expires_on)]))]
    append(action=action, rows=noted, company_id=actor.company, authority_id=actor.authority)
