"""Tokens and everything that answers beside the operations: always JSON, always in Chinese."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest
import time_machine
from django.db import OperationalError
from django.test import Client

from anze.api import standards
from anze.records.people import tokens
from anze.records.people.accounts import close_account
from anze.records.people.models import Token
from tests.api.conftest import Ask
from tests.cast import NOW, TODAY
from tests.isolation.doors import World


def me(secret: str) -> int:
    return Client(headers={"Authorization": secret}).get("/api/v1/me").status_code


def issued(world: World, days: int = 30) -> tokens.Issued:
    with world.cast.acts("safety_manager"):
        return tokens.issue_token(name="报表", days=days)


def test_a_token_acts_as_its_account_until_it_ends(world: World) -> None:
    secret = f"Bearer {issued(world, days=2).secret}"
    assert me(secret) == 200
    row = Token.objects.get(name="报表", last_used_on__isnull=False)
    assert row.last_used_on == TODAY
    with time_machine.travel(NOW + timedelta(days=1), tick=False):
        assert me(secret) == 200
    row.refresh_from_db()
    assert row.last_used_on == TODAY + timedelta(days=1)
    with time_machine.travel(NOW + timedelta(days=2), tick=False):
        assert me(secret) == 401


def test_a_revoked_token_and_a_closed_account_are_nobody(world: World) -> None:
    first, second = issued(world), issued(world)
    with world.cast.acts("safety_manager"):
        tokens.revoke_token(token_id=first.id)
    assert (me(f"Bearer {first.secret}"), me(f"Bearer {second.secret}")) == (401, 200)
    with world.cast.acts("principal"):
        close_account(account_id=world.cast.a.accounts["safety_manager"].pk)
    assert me(f"Bearer {second.secret}") == 401


@pytest.mark.parametrize(
    "header",
    ["", "Bearer", "Bearer ", "Bearer x", "Basic eDp5", "Bearer anze_", "Bearer anze_张三", "bearer"],
)
def test_what_is_no_token_is_refused(world: World, header: str) -> None:
    answer = Client().get("/api/v1/me", headers={"Authorization": header.encode().decode("latin-1")})
    assert (answer.status_code, answer.json()["title"]) == (401, "令牌无效")
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert "Set-Cookie" not in answer.headers
    assert not answer.cookies


def test_addresses_and_methods_that_are_none_answer_in_json(ask: Ask) -> None:
    gone = ask("principal", "get", "/nothing")
    assert (gone.status_code, gone.json()["title"]) == (404, "找不到这项内容")
    wrong = ask("principal", "delete", "/records")
    assert (wrong.status_code, wrong.json()["title"]) == (405, "不支持这种方法")
    assert set(wrong.headers["Allow"].replace(" ", "").split(",")) == {"GET", "POST"}
    assert Client().get("/api/v2/").json()["status"] == 404


def test_a_failure_of_ours_says_so_without_details(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise ZeroDivisionError("秘密")

    monkeypatch.setattr(standards, "lawbook", fail)
    answer = ask("principal", "get", "/kinds")
    assert (answer.status_code, answer.json()["status"]) == (500, 500)
    assert "秘密" not in answer.content.decode()


@pytest.mark.parametrize(("state", "expected"), [("40P01", 409), ("08006", 500)])
def test_a_deadlock_is_a_race_and_a_lost_database_is_not(
    ask: Ask, monkeypatch: pytest.MonkeyPatch, state: str, expected: int
) -> None:
    def fail() -> None:
        error = OperationalError("gone")
        error.__cause__ = type("Cause", (Exception,), {"sqlstate": state})()
        raise error

    monkeypatch.setattr(standards, "lawbook", fail)
    assert ask("principal", "get", "/kinds").status_code == expected


def test_the_document_is_open_and_names_every_refusal() -> None:
    document = Client().get("/api/v1/openapi.json").json()
    for methods in document["paths"].values():
        for operation in methods.values():
            assert {"401", "403"} <= set(operation["responses"])
            assert operation["security"]
    assert SimpleNamespace(**document["info"]).version == "1"
