"""Every address × every member of the cast → the code that is right. A new address without a row fails.

`matrix.txt` is read by people: judge each new row before it is added.
"""

from __future__ import annotations

from pathlib import Path

import pytest
import time_machine
from django.db import transaction
from django.test import Client

from tests.cast import NOW, Cast
from tests.isolation.doors import World, address, build_world, doors

MEMBERS = (
    "principal", "safety_manager", "monitor", "driver", "clerk", "other_principal", "officer",
    "stranger_officer", "administrator", "nobody",
)  # fmt: skip
TABLE = Path(__file__).with_name("matrix.txt")


def rows() -> dict[tuple[str, str, str], tuple[int, ...]]:
    """(name, method, of a draft or not) -> a code for each member."""
    table: dict[tuple[str, str, str], tuple[int, ...]] = {}
    for line in TABLE.read_text().splitlines():
        if line and not line.startswith("#"):
            name, method, of, *codes = line.split()
            table[name, method, of] = tuple(map(int, codes))
    return table


def asked() -> list[tuple[str, str, str]]:
    return [
        (name, method, of)
        for name, parameters in sorted(doors())
        for method in ("get", "post")
        for of in (("sealed", "draft") if "record_id" in parameters else ("-",))
    ]


@pytest.fixture
def world(cast: Cast) -> World:
    return build_world(cast)


def code(world: World, member: str, method: str, url: str) -> int:
    """What the member is answered; whatever the request did is rolled back."""
    client = Client(raise_request_exception=False)
    if member != "nobody":
        client.force_login(world.cast.account(member), backend="django.contrib.auth.backends.ModelBackend")
    point = transaction.savepoint()
    response = getattr(client, method)(url)
    if response.streaming and response.status_code == 200:
        assert b"".join(response.streaming_content)
    transaction.savepoint_rollback(point)
    return response.status_code


@time_machine.travel(NOW, tick=True)
def test_every_door_answers_every_member_as_the_table_says(world: World):
    table, parameters, found = rows(), dict(doors()), {}
    for name, method, of in asked():
        url = address(world, name, parameters[name], draft=of == "draft")
        found[name, method, of] = tuple(code(world, member, method, url) for member in MEMBERS)
    wrong = [
        f"{' '.join(key)}: {' '.join(map(str, codes))}   (expected {table.get(key, 'a row of matrix.txt')})"
        for key, codes in found.items()
        if table.get(key) != codes
    ]
    assert not wrong, "\n".join(wrong)
    assert set(table) == set(found), "matrix.txt has rows for addresses that are gone"


@time_machine.travel(NOW, tick=True)
@pytest.mark.parametrize("number", ["0", "99999999999999999999", "2147483648"])
def test_numbers_that_are_nobodys_are_not_found(world: World, number: str):
    for name, parameters in doors():
        wanted = {each for each in parameters if each.endswith("_id")}
        for each in wanted:
            url = address(world, name, parameters)
            mine = str(world.arguments({each}, draft=False)[each])
            head, found, tail = (
                url.rpartition(f"/{mine}/") if each == "attachment_id" else url.partition(f"/{mine}/")
            )
            assert found
            member = "officer" if name.startswith("bureau") else "principal"
            assert code(world, member, "get", f"{head}/{number}/{tail}") in (403, 404, 405), url
