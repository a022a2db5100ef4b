"""Connections of each role, an emptied `telemetry`, and two companies' terminals."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import psycopg
import pytest

from anze.telemetry import cold, schema
from tests.telemetry.build import ANOTHER_COMPANY, COMPANY, SINCE, install

Connection = psycopg.Connection[Any]


@pytest.fixture
def owner(django_db_setup: None) -> Iterator[Connection]:
    with connect("anze_owner") as connection:
        forget_days(connection)
        schema.empty(connection)
        yield connection
        forget_days(connection)
        schema.empty(connection)


def forget_days(owner: Connection) -> None:
    for parent in ("position", "identity", "raw_frame"):
        cold.drop_days(owner, parent, date.max)


@pytest.fixture
def gateway(owner: Connection) -> Iterator[Connection]:
    with connect("anze_gateway") as connection:
        yield connection


@pytest.fixture
def app(owner: Connection) -> Iterator[Connection]:
    with connect("anze_app") as connection:
        yield connection


def connect(role: str) -> Connection:
    from django.conf import settings

    from anze.cli.postgres import Server

    return Server(settings.HOME).connect(role, "anze")


@dataclass(frozen=True, slots=True)
class Fleet:
    """Terminals by vehicle: 11 and 12 are one company's, 21 is another's."""

    first: int
    second: int
    other: int


@pytest.fixture
def fleet(owner: Connection) -> Fleet:
    return Fleet(
        install(owner, "13800000011", vehicle=11, company=COMPANY, since=SINCE),
        install(owner, "13800000012", vehicle=12, company=COMPANY, since=SINCE),
        install(owner, "13800000021", vehicle=21, company=ANOTHER_COMPANY, since=SINCE),
    )
