"""Making, seeing and revoking one's own keys."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from anze.records.journal.models import Entry
from anze.records.people.models import Token
from anze.records.people.tokens import MOST_TOKENS, issue_token
from tests.cast import Cast
from tests.web.conftest import Browse

SECRET = re.compile(r"anze_[A-Za-z0-9_-]{43}")


def make(client: Client, name: str = "报表") -> str:
    answer = client.post("/tokens/", {"name": name, "days": "90"})
    assert answer.status_code == 200
    (secret,) = SECRET.findall(answer.content.decode())
    return str(secret)


def test_a_key_is_shown_once_and_works(manager: Client) -> None:
    answer = manager.post("/tokens/", {"name": "报表", "days": "90"})
    (secret,) = SECRET.findall(answer.content.decode())
    assert answer.headers["Cache-Control"] == "no-store"
    assert Client(headers={"Authorization": f"Bearer {secret}"}).get("/api/v1/me").status_code == 200
    page = manager.get("/tokens/").content.decode()
    assert secret not in page
    assert "报表" in page
    assert not Token.objects.filter(digest__contains=secret[5:]).exists()


def test_a_revoked_key_is_nobody(manager: Client) -> None:
    secret = make(manager)
    answer = manager.post(f"/tokens/{Token.objects.get().pk}/revoke/", follow=True)
    assert "令牌已停用" in answer.content.decode()
    assert Client(headers={"Authorization": f"Bearer {secret}"}).get("/api/v1/me").status_code == 401


def test_acts_are_on_the_chain(decided: Cast, browse: Browse) -> None:
    for member in ("safety_manager", "officer"):
        client = browse(member)
        make(client)
        token = Token.objects.get(account=decided.account(member))
        for _ in range(2):
            client.post(f"/tokens/{token.pk}/revoke/")
        with decided.acts(member) as scope:
            owner = {"company": scope.actor.company, "authority": scope.actor.authority}
            noted = Entry.objects.filter(**owner, action__endswith="_token").order_by("number")
            assert [entry.action for entry in noted] == ["people.issue_token", "people.revoke_token"]


def test_what_was_typed_stays_beside_the_error(manager: Client) -> None:
    answer = manager.post("/tokens/", {"name": "长" * 61, "days": "90"})
    assert answer.status_code == 422
    assert "长" * 61 in answer.content.decode()
    assert not Token.objects.exists()
    assert manager.post("/tokens/", {"name": "报表", "days": "9999"}).status_code == 422
    assert manager.post("/tokens/", {"name": "\u200b", "days": "30"}).status_code == 422


def test_keys_have_an_end_of_number(decided: Cast, manager: Client) -> None:
    with decided.acts("safety_manager"):
        for _ in range(MOST_TOKENS):
            issue_token(name="x", days=1)
    answer = manager.post("/tokens/", {"name": "再一个", "days": "30"})
    assert (answer.status_code, "最多有 20 个" in answer.content.decode()) == (422, True)


def test_anothers_key_is_not_there(manager: Client, browse: Browse) -> None:
    make(manager)
    key = Token.objects.get().pk
    assert browse("principal").post(f"/tokens/{key}/revoke/").status_code == 404
    assert "报表" not in browse("principal").get("/tokens/").content.decode()
    assert manager.post(f"/tokens/{2**64}/revoke/").status_code == 404


@pytest.mark.parametrize(
    ("member", "offered"), [("driver", True), ("clerk", False), ("administrator", False)]
)
def test_who_may_make_keys_finds_the_page(browse: Browse, member: str, offered: bool) -> None:
    assert ("/tokens/" in browse(member).get("/", follow=True).content.decode()) is offered
