"""When and from where the acting account signed in, as django-axes notes it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from axes.models import AccessLog

from anze.records.acting.context import current
from anze.records.people.models import Account

MOST_SIGN_INS = 10


@dataclass(frozen=True, slots=True)
class SignInRow:
    at: datetime
    address: str
    agent: str  # as the browser calls itself


def sign_ins() -> list[SignInRow]:
    """The latest, newest first."""
    account = Account.objects.get(pk=current().actor.account or 0)
    rows = AccessLog.objects.filter(username=account.username).order_by("-attempt_time")[:MOST_SIGN_INS]
    return [SignInRow(row.attempt_time, row.ip_address or "", row.user_agent) for row in rows]
