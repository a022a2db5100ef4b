"""The cast with every duty decided, and a key for each member."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from anze.records.people.models import Token
from anze.records.people.tokens import PREFIX, _digest
from tests.cast import NOW, TODAY, Cast, cast
from tests.isolation.doors import World, build_world

__all__ = ["cast"]

Ask = Callable[..., Any]


@pytest.fixture(autouse=True)
def at_now() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def world(cast: Cast) -> World:
    return build_world(cast)


def key(cast: Cast, member: str) -> str:
    """Of members too who may not make one: somebody's roles may have ended since."""
    secret = f"{PREFIX}{member}"
    Token.objects.get_or_create(
        digest=_digest(secret),
        defaults={
            "account": cast.account(member),
            "name": member,
            "issued_at": NOW,
            "expires_on": TODAY + timedelta(days=1),
        },
    )
    return secret


@pytest.fixture
def ask(world: World) -> Ask:
    """ask("safety_manager", "get", "/records", …) -> the response."""

    def asked(member: str | None, method: str, path: str, content: Any = None, **named: Any) -> Any:
        headers = {"Authorization": f"Bearer {key(world.cast, member)}"} if member else {}
        client = Client(raise_request_exception=False, headers=headers)
        if content is not None:
            named |= {"data": content, "content_type": "application/json"}
        return getattr(client, method)(f"/api/v1{path}", **named)

    return asked
