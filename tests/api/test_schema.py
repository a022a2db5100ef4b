"""What the API answers is what its OpenAPI document says, whatever it is asked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi import checks

from anze.config.wsgi import application
from tests.api.conftest import key
from tests.isolation.doors import World

schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)


@schema.hook
def filter_query(context: Any, query: Any) -> bool:
    """An empty list leaves no trace in an address: nothing of it arrives that could be refused."""
    return not query or all(value not in ([], {}) for value in query.values())


CHECKS = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
    checks.negative_data_rejection,
    checks.missing_required_header,
    checks.unsupported_method,
    checks.ignored_auth,
]
BOUNDED = settings(
    max_examples=40,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture
def _connection_kept() -> Iterator[None]:
    """As Django's own test client does: the test's transaction lives on its connection."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def manager(world: World, _connection_kept: None) -> dict[str, str]:
    return {"Authorization": f"Bearer {key(world.cast, 'safety_manager')}"}


@schema.parametrize()
@BOUNDED
def test_the_api_keeps_its_word(case: Any, manager: dict[str, str]) -> None:
    case.call_and_validate(headers=manager, checks=CHECKS)
