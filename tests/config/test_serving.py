"""What every answer carries, and the files beside the pages."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.test import Client

from anze.config import wsgi


@pytest.mark.django_db
def test_the_supervisor_of_processes_gets_an_answer(client: Client) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"ok\n")


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/healthz", "/signin/"])
def test_every_answer_keeps_to_its_own_origin(client: Client, address: str) -> None:
    headers = client.get(address).headers
    assert "default-src 'self'" in headers["Content-Security-Policy"]
    assert "script-src" not in headers["Content-Security-Policy"]  # 'self' by default: no inline script runs
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"


def test_vendored_files_are_served(client: Client) -> None:
    folder = settings.STATICFILES_DIRS[0]
    path = next(folder.glob("vendor/**/htmx.min.js"))
    answer = client.get("/static/" + path.relative_to(folder).as_posix())
    answer.close()
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("text/javascript")


def test_a_host_that_is_not_ours_is_refused(client: Client) -> None:
    assert client.get("/healthz", headers={"host": "evil.example"}).status_code == 400


def test_passwords_are_stored_by_argon2() -> None:
    assert make_password("x").startswith("argon2$argon2id$")


def test_the_door_of_the_server_is_the_django_application() -> None:
    assert callable(wsgi.application)
    assert not settings.DEBUG
