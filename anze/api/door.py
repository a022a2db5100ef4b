"""The way in: a bearer token, the account it acts as, its scope for one request, and refusals as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest
from ninja.parser import Parser
from ninja.security import HttpBearer

from anze.records.acting.context import SHANGHAI, Acting, acting
from anze.records.acting.errors import NotFound, NotPermitted
from anze.records.acting.permissions import may
from anze.records.duties import deciding
from anze.records.duties import queries as duties
from anze.records.people import queries as people
from anze.records.people.tokens import account_of


class Token(HttpBearer):
    """No cookie is looked at, so no other site can make a browser act here."""

    def authenticate(self, request: HttpRequest, token: str) -> AbstractBaseUser | None:
        return account_of(token.strip(), datetime.now(UTC).astimezone(SHANGHAI).date())


class StrictParser(Parser):
    """JSON as its standard has it: no NaN, no Infinity."""

    def parse_body(self, request: HttpRequest) -> Any:
        return json.loads(request.body, parse_constant=_no_constant)


def _no_constant(name: str) -> None:
    raise ValueError(name)


@contextmanager
def entered(request: HttpRequest, company: int | None = None) -> Iterator[Acting]:
    """The scope of the token's account, or of one company in it. Raises NotFound for any other company."""
    account: AbstractBaseUser = getattr(request, "auth")  # noqa: B009 -- set by the token
    at = datetime.now(UTC)
    actor = people.actor_for(account, at)
    reads, writes = people.scope_of(account, at.astimezone(SHANGHAI).date())
    if not may(actor, "use_api"):
        raise NotPermitted("您的岗位无权使用接口令牌。")
    if company is not None:
        if company not in reads:
            raise NotFound("没有这家企业，或不在您的范围内。")
        reads, writes = (company,), tuple(own for own in writes if own == company)
    with acting(actor, reads=reads, writes=writes, at=at) as scope:
        yield scope


def freshen(scope: Acting) -> None:
    """Nobody is answered with a verdict whose time has run out, even when no job has run."""
    company = scope.actor.company
    if company is not None and duties.is_stale(company):
        deciding.sweep(company_id=company)
