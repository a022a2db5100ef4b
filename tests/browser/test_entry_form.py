"""The entry form: picking people, keeping files and text over a refusal and over a lost session."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from anze.records.evidence import queries
from tests.cast import PASSWORD, Cast, committed_cast

__all__ = ["committed_cast"]
pytestmark = pytest.mark.browser
NEW = "/records/new/?kind=training.driver-study"
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00" + b"\x00" * 64 + b"\xff\xd9"


@pytest.fixture
def page(browser: Browser, committed_cast: Cast, live_server: Any) -> Iterator[Page]:
    """Signed in as the safety manager."""
    context = browser.new_context(
        base_url=live_server.url, viewport={"width": 390, "height": 844}, timezone_id="Asia/Shanghai"
    )
    context.set_default_timeout(15_000)
    page = context.new_page()
    page.goto("/signin/")
    sign_in(page)
    yield page
    context.close()


def sign_in(page: Page) -> None:
    page.get_by_label("账号").fill("safety_manager")
    page.get_by_label("密码", exact=True).fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/signin/" not in url)


def count(page: Page) -> str:
    return page.inner_text('[data-count="parts"]')


def test_people_files_and_text_survive_a_refusal(committed_cast: Cast, page: Page, tmp_path: Path) -> None:
    photo, disguised = tmp_path / "现场.jpg", tmp_path / "伪装.jpg"
    photo.write_bytes(JPEG)
    disguised.write_bytes(b"MZ\x90\x00" + b"\x00" * 200)
    page.goto(NEW)
    page.fill("#people-search", "q")
    page.keyboard.press("Enter")
    assert count(page) == "2 人次"
    page.click('[data-all="driver"]')
    assert count(page) == "3 人次"
    page.locator('[data-rows="parts"] [data-key="attendance"]').nth(2).select_option("absent")
    yesterday = date.today() - timedelta(days=1)
    page.fill("#id_happened_at", f"{yesterday}T14:00")
    page.fill("#id_ended_at", f"{yesterday}T16:00")
    page.locator("#id_ended_at").dispatch_event("change")
    assert page.input_value("#id_v_hours") == "2"
    page.set_input_files("#files", [photo, disguised])
    page.fill("#id_v_topic", "冬季行车安全")
    page.click("button[value=seal]")
    page.wait_for_selector("#form-errors")
    assert "可执行程序" in page.inner_text("#form-errors")
    page.wait_for_function("document.querySelector('[data-count=parts]').textContent === '3 人次'")
    page.locator("[data-file-list] li", has_text="伪装").locator("button").click()
    page.click("button[value=seal]")
    page.wait_for_url("**/seal/")
    with committed_cast.acts("safety_manager"):
        (row,) = queries.records().rows
        draft = queries.record(row.id)
    assert [file.name for file in draft.attachments] == ["现场.jpg"]
    assert sorted(part.attendance for part in draft.parts) == ["absent", "attended", "attended"]


def test_what_was_typed_comes_back_after_a_lost_session(page: Page) -> None:
    page.goto(NEW)
    page.fill("#id_v_topic", "写了很久的内容")
    page.click('[data-all="driver"]')
    page.context.clear_cookies()
    page.click("button[value=draft]")
    page.get_by_role("heading", name="页面已失效").wait_for()
    page.goto(NEW)
    sign_in(page)
    assert page.input_value("#id_v_topic") == "写了很久的内容"
    assert count(page) == "3 人次"
    page.click("button[value=draft]")
    page.wait_for_url("**/records/*/")
    page.goto(NEW)
    assert page.input_value("#id_v_topic") == ""
