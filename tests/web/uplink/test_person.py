"""The whole way: a platform asks, a signed-in person answers on the page, the answer arrives there."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.test import Client

from anze.records.people.models import Holding
from anze.wire.jt809.messages.platforms import RollCallAnswer
from tests.cast import STARTED, Cast
from tests.fleet import as_owner
from tests.gateway.uplink.conftest import VERSIONS, entered, running
from tests.gateway.uplink.platform import Platform
from tests.gateway.uplink.test_questions import call
from tests.uplink import forget


@pytest.fixture
def watched(committed_cast: Cast) -> Cast:
    forget()
    cast = committed_cast
    with cast.acts("safety_manager"):
        Holding.objects.create(
            company_id=cast.a.id, person_id=cast.a.monitor, position="coach.monitor", since=STARTED
        )
    return cast


def until(fact: Callable[[], bool], what: str) -> None:
    for _ in range(400):
        if fact():
            return
        time.sleep(0.05)
    raise AssertionError(f"never: {what}")


@contextmanager
def linked(platform: Platform, company: int) -> Iterator[asyncio.AbstractEventLoop]:
    """Platform and uplink in a thread of their own; the pages are asked from here."""
    loop, over = asyncio.new_event_loop(), threading.Event()

    async def scene() -> None:
        await platform.open()
        with as_owner() as owner:
            entered(owner, platform, company=company)
        async with running(platform):
            while not over.is_set():
                await asyncio.sleep(0.05)

    thread = threading.Thread(target=loop.run_until_complete, args=(scene(),))
    thread.start()
    try:
        yield loop
    finally:
        over.set()
        thread.join(30)
        loop.close()


@pytest.mark.parametrize("version", VERSIONS)
def test_a_roll_call_is_answered_by_whoever_is_on_duty(watched: Cast, version: int) -> None:
    platform = Platform(version)
    monitor = Client()
    monitor.force_login(watched.account("monitor"), backend="django.contrib.auth.backends.ModelBackend")
    with linked(platform, watched.a.id) as loop:
        until(lambda: platform.slave_up, "the slave link")
        loop.call_soon_threadsafe(platform.say, call(version))
        until(
            lambda: "查岗：请报当前在线车辆数" in monitor.get("/uplink/alert/").content.decode(), "the note"
        )
        page = monitor.get("/uplink/").content.decode()
        assert "已连接" in page
        with as_owner() as owner:
            (number,) = owner.execute("SELECT id FROM telemetry.question").fetchone()
        address = f"/uplink/questions/{number}/"
        assert platform.of(RollCallAnswer) == []
        assert monitor.post(address, {"text": "值班员在岗"}).status_code == 302
        until(lambda: len(platform.of(RollCallAnswer)) == 1, "the answer")
        until(lambda: "已送达" in monitor.get(address).content.decode(), "its delivery on the page")
        assert monitor.get("/uplink/alert/").content.strip() == b""
    (said,) = platform.of(RollCallAnswer)
    assert said.text == "值班员在岗"
    assert said.responder in (None, "郑甬")
