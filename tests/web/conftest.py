"""The cast signed in at its instant, with every duty of both companies decided."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from anze.records.duties import actions as duties
from anze.records.evidence.actions import Draft, PartInput, draft_record
from tests.cast import NOW, Cast, Company
from tests.kept import Kept

Browse = Callable[[str], Client]


@pytest.fixture(autouse=True)
def at_now() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def decided(kept_decided: Kept[Cast], db: None) -> Cast:
    return kept_decided.again()


@pytest.fixture
def browse(decided: Cast) -> Browse:
    """A client signed in as a member of the cast."""

    def signed_in(member: str) -> Client:
        client = Client()
        client.force_login(decided.account(member), backend="django.contrib.auth.backends.ModelBackend")
        return client

    return signed_in


@pytest.fixture
def manager(browse: Browse) -> Client:
    return browse("safety_manager")


@pytest.fixture
def officer(browse: Browse) -> Client:
    return browse("officer")


def seal_study(cast: Cast, company: Company, *, happened_at: datetime = NOW - timedelta(days=1)) -> int:
    """The monthly study of the first driver, sealed."""
    draft = Draft(
        kind="training.driver-study",
        title="驾驶员安全学习",
        happened_at=happened_at,
        values={"hours": "2", "topic": "冬季行车安全", "place": "会议室"},
        parts=[
            PartInput(company.safety_manager, "organiser"),
            PartInput(company.drivers[0], "participant"),
        ],
    )
    member = "safety_manager" if company is cast.a else "other_safety_manager"
    with cast.acts(member):
        record = draft_record(draft=draft)
        duties.seal_records(record_ids=[record])
    return record


CONTROL = ("SAVEPOINT", "RELEASE SAVEPOINT", "SELECT set_config")


def statements(client: Client, url: str) -> int:
    """How often a page asks the database, transaction control aside."""
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return sum(1 for query in captured.captured_queries if not query["sql"].startswith(CONTROL))
