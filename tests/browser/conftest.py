"""A real Chromium against a served demonstration."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connections
from playwright.sync_api import Browser, BrowserContext, Page, Request, expect, sync_playwright
from pytest_django.live_server_helper import LiveServer

from anze.cli import demo
from anze.cli.demo.cast import PASSWORD
from tests.emptying import empty

ARGUMENTS = [
    "--no-sandbox",  # a test machine's user is often root
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE = 15_000  # milliseconds
SIZES = {"desktop": (1440, 900), "phone": (390, 844)}


class Visitor:
    """Somebody at a screen."""

    def __init__(self, page: Page, base: str, size: str) -> None:
        self.page, self.base, self.size = page, base, size
        self.complaints: list[str] = []
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", lambda line: line.type == "error" and self.complaints.append(line.text))
        page.on("requestfailed", self._failed)

    def _failed(self, request: Request) -> None:
        """What somebody leaves before it is there has not failed."""
        if request.failure != "net::ERR_ABORTED":
            self.complaints.append(request.url)

    def sign_in(self, username: str, password: str = PASSWORD) -> None:
        self.page.goto(f"{self.base}/signin/")
        self.page.get_by_label("账号").fill(username)
        self.page.get_by_label("密码", exact=True).fill(password)
        self.page.keyboard.press("Enter")
        self.page.wait_for_url(lambda url: "/signin/" not in url)
        self.wait()

    def sign_out(self) -> None:
        self.page.context.clear_cookies()

    def go(self, path: str) -> None:
        self.page.goto(self.base + path)
        self.wait()

    def wait(self) -> None:
        """Until the page is there with all its parts."""
        self.page.wait_for_load_state()
        expect(self.page.locator("[data-part][aria-busy]")).to_have_count(0)

    def fits(self) -> bool:
        """Nothing sticks out to the right."""
        self.wait()
        return bool(self.page.locator("html").evaluate("page => page.scrollWidth <= window.innerWidth"))


@pytest.fixture(scope="module")
def browser(chromium_path: str) -> Iterator[Browser]:
    """For a module, not the session: other tests run event loops of their own."""
    with sync_playwright() as playwright:
        # Playwright keeps an event loop running in this thread; the tests' own queries are not async.
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
        yield playwright.chromium.launch(executable_path=chromium_path, args=ARGUMENTS)
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(params=list(SIZES))
def visitor(request: pytest.FixtureRequest, browser: Browser, served: str) -> Iterator[Visitor]:
    width, height = SIZES[request.param]
    context: BrowserContext = browser.new_context(
        viewport={"width": width, "height": height}, locale="zh-CN", timezone_id="Asia/Shanghai"
    )
    context.set_default_timeout(PATIENCE)
    expect.set_options(timeout=PATIENCE)
    visitor = Visitor(context.new_page(), served, request.param)
    yield visitor
    visitor.wait()
    context.close()
    assert visitor.complaints == []


@pytest.fixture(scope="module")
def served(django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    """The demonstration, loaded once for a module, and a server before it."""
    with django_db_blocker.unblock():
        demo.load(datetime.now(UTC), months=9)
        server = LiveServer("127.0.0.1")
        yield str(server)
        server.stop()
        connections.close_all()
        empty()
