"""The cast signed in, at the instant of the cast, with what a browser would send."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.test import Client

from tests.cast import NOW, Cast, Company, cast

__all__ = ["cast"]

JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00" + b"\x00" * 64 + b"\xff\xd9"


@pytest.fixture(autouse=True)
def at_now(settings: Any, tmp_path: Path) -> Iterator[None]:
    settings.ATTACHMENTS_DIR = tmp_path
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def browse(cast: Cast) -> Callable[[str], Client]:
    """A client signed in as a member of the cast."""

    def signed_in(member: str) -> Client:
        client = Client()
        client.force_login(cast.account(member))
        return client

    return signed_in


@pytest.fixture
def manager(browse: Callable[[str], Client]) -> Client:
    return browse("safety_manager")


def part(person: int, role: str, attendance: str = "attended", hours: str = "") -> dict[str, Any]:
    return {"person": person, "role": role, "attendance": attendance, "hours": hours}


def study(company: Company, **changes: Any) -> dict[str, Any]:
    """The monthly study of the drivers as the form sends it: two hours, both drivers."""
    drivers = [part(driver, "participant") for driver in company.drivers]
    typed = {
        "title": "十一月驾驶员安全学习",
        "happened_at": "2026-11-18T14:00",
        "ended_at": "2026-11-18T16:00",
        "v_hours": "2",
        "v_topic": "冬季行车安全",
        "v_place": "会议室",
        "parts": json.dumps([part(company.safety_manager, "organiser"), *drivers]),
        "subjects": "[]",
        "about": "",
        "then": "draft",
    }
    return typed | changes
