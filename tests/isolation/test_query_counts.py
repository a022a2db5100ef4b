"""How many queries each page takes: a change shows in `query_counts.json` and is judged there.

To write the file anew: `ANZE_WRITE_BASELINES=1 pytest tests/isolation/test_query_counts.py`.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.cast import NOW, Cast
from tests.isolation.doors import World, address, build_world, doors

BASELINE = Path(__file__).with_name("query_counts.json")
MOST = 20  # of any list page, the frame and the scope included
LISTS = ("obligations", "posts", "ledger", "ranking", "index", "company", "expiries", "scrappage", "_file")
TRANSACTION = ("SAVEPOINT", "RELEASE SAVEPOINT", "ROLLBACK TO SAVEPOINT")


@pytest.fixture
def world(cast: Cast) -> World:
    return build_world(cast)


def count(world: World, member: str, url: str) -> int | None:
    """None where the member is not shown a page."""
    client = Client()
    client.force_login(world.cast.account(member), backend="django.contrib.auth.backends.ModelBackend")
    with CaptureQueriesContext(connection) as queries:
        response = client.get(url)
        if response.streaming:
            b"".join(response.streaming_content)  # a file left open would be a warning, and warnings fail
        if response.status_code != 200 or not response.headers["Content-Type"].startswith("text/html"):
            return None
    return sum(not q["sql"].startswith(TRANSACTION) for q in queries)


@time_machine.travel(NOW, tick=True)
def test_no_page_takes_more_queries_than_its_baseline(world: World):
    found = {
        f"{name} {member}": taken
        for name, parameters in sorted(doors())
        for member in ("safety_manager", "driver", "officer")
        if (taken := count(world, member, address(world, name, parameters))) is not None
    }
    if os.environ.get("ANZE_WRITE_BASELINES"):
        BASELINE.write_text(json.dumps(found, indent=2) + "\n")
    assert found == json.loads(BASELINE.read_text())
    lists = {page: taken for page, taken in found.items() if page.split()[0].endswith(LISTS)}
    assert {page: taken for page, taken in lists.items() if taken > MOST} == {}
