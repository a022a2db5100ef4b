"""Signing in and out."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.cast import PASSWORD, Cast
from tests.web.conftest import Browse


@pytest.mark.parametrize(("member", "first_page"), [("safety_manager", "/"), ("officer", "/bureau/")])
def test_the_first_page_is_the_one_of_the_role(decided: Cast, member: str, first_page: str) -> None:
    response = Client().post("/signin/", {"username": member, "password": PASSWORD})
    assert response.status_code == 302
    assert response["Location"] == first_page


def test_a_wrong_password_is_told_in_chinese_and_the_name_stays(decided: Cast) -> None:
    response = Client().post("/signin/", {"username": "driver", "password": "wrong"})
    page = response.content.decode()
    assert "账号或密码不正确" in page
    assert 'value="driver"' in page


def test_an_empty_form_says_what_is_missing(decided: Cast) -> None:
    page = Client().post("/signin/", {}).content.decode()
    assert "请填写账号。" in page
    assert "请填写密码。" in page


def test_too_many_failures_lock_out_with_an_explanation(decided: Cast) -> None:
    client = Client()
    for _ in range(8):
        response = client.post("/signin/", {"username": "driver", "password": "wrong"})
    assert response.status_code == 429
    assert "15 分钟" in response.content.decode()
    blocked = client.post("/signin/", {"username": "driver", "password": PASSWORD})
    assert blocked.status_code == 429


def test_only_a_post_signs_out(browse: Browse) -> None:
    client = browse("driver")
    assert client.get("/signout/").status_code == 405
    assert client.post("/signout/").status_code == 302
    assert client.get("/")["Location"].startswith("/signin/")


def test_no_redirect_to_another_site(decided: Cast) -> None:
    response = Client().post(
        "/signin/", {"username": "driver", "password": PASSWORD, "next": "https://elsewhere.example/"}
    )
    assert response["Location"] == "/"


def test_a_stale_form_is_explained(decided: Cast) -> None:
    client = Client(enforce_csrf_checks=True)
    response = client.post("/signin/", {"username": "driver", "password": PASSWORD})
    assert response.status_code == 403
    assert "页面已失效" in response.content.decode()
