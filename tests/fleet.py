"""Terminals in vehicles of the cast, and what they send."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import psycopg
from django.conf import settings

from anze.cli.postgres import Server
from anze.telemetry.rows import STORED
from anze.telemetry.writer import SyncWriter
from tests.telemetry.build import drive, install


def as_owner() -> psycopg.Connection[Any]:
    return Server(settings.HOME).connect("anze_owner", "anze")


def installed(vehicle: int, company: int, phone: str, *, since: datetime) -> int:
    """The terminal's id; committed."""
    with as_owner() as owner:
        return install(owner, phone.lstrip("0"), vehicle=vehicle, company=company, since=since)


def report(terminal: int, start: datetime, count: int, *, every: int = 30) -> None:
    """A way of `count` positions, stored as the gateway stores them."""
    with Server(settings.HOME).connect("anze_gateway", "anze") as gateway:
        assert SyncWriter(gateway).store(drive(terminal, start, count, every=every)) == [STORED] * count
