"""Every operation of the API's own schema × every member of the cast → the code that is right.

`api_matrix.txt` is read by people: judge each new row before it is added.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client

from anze.api.v1 import api
from tests.api.conftest import key
from tests.cast import NOW, Cast
from tests.isolation.doors import PNG, World, build_world
from tests.isolation.test_matrix import MEMBERS

TABLE = Path(__file__).with_name("api_matrix.txt")
DRAFT = {
    "kind": "meeting.leading-group",
    "title": "四季度会议",
    "happened_at": "2026-11-19T09:00:00+08:00",
    "values": {"topics": "冬季行车"},
}
Row = tuple[str, str, str]


def rows() -> dict[Row, tuple[int, ...]]:
    table: dict[Row, tuple[int, ...]] = {}
    for line in TABLE.read_text().splitlines():
        if line and not line.startswith("#"):
            method, path, of, *codes = line.split()
            table[method, path, of] = tuple(map(int, codes))
    return table


def operations() -> list[Row]:
    """(method, path, of which record) of everything that the document describes."""
    found = []
    for path, methods in api.get_openapi_schema()["paths"].items():
        kinds = ("sealed", "draft") if "{record_id}" in path else ("-",)
        found += [(method, path, of) for method in methods for of in kinds]
    return found


@pytest.fixture
def world(cast: Cast) -> World:
    return build_world(cast)


def body(method: str, path: str) -> dict[str, Any]:
    if path.endswith("/attachments"):
        return {"data": {"file": SimpleUploadedFile("签到表.png", PNG, "image/png")}}
    if method in ("post", "put") and not path.endswith("/seal"):
        return {"data": json.dumps(DRAFT), "content_type": "application/json"}
    return {}


def code(world: World, member: str, row: Row) -> int:
    """What the member's token is answered; whatever the request did is rolled back."""
    method, path, of = row
    url = path.format(
        record_id=world.draft_id if of == "draft" else world.record_id, obligation_id=world.obligation_id
    )
    if url.endswith("/obligations"):
        url += f"?company={world.cast.a.id}"
    headers = {} if member == "nobody" else {"Authorization": f"Bearer {key(world.cast, member)}"}
    point = transaction.savepoint()
    response = getattr(Client(raise_request_exception=False, headers=headers), method)(
        url, **body(method, path)
    )
    transaction.savepoint_rollback(point)
    assert response.headers["Content-Type"].startswith("application/json"), url
    return int(response.status_code)


@time_machine.travel(NOW, tick=True)
def test_every_operation_answers_every_member_as_the_table_says(world: World) -> None:
    table = rows()
    found = {row: tuple(code(world, member, row) for member in MEMBERS) for row in operations()}
    wrong = [
        f"{' '.join(row)} {' '.join(map(str, codes))}   (expected {table.get(row)})"
        for row, codes in found.items()
        if table.get(row) != codes
    ]
    assert not wrong, "\n".join(wrong)
    assert set(table) == set(found), "api_matrix.txt has rows for operations that are gone"


@time_machine.travel(NOW, tick=True)
def test_a_cookie_opens_nothing(world: World) -> None:
    client = Client()
    client.force_login(world.cast.account("principal"), backend="django.contrib.auth.backends.ModelBackend")
    assert client.get("/api/v1/me").status_code == 401
