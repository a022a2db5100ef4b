"""Lived with: from a red cell to the missing fact, eleven holders at desk and phone, the search, the year."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from anze.records.acting.context import SHANGHAI
from anze.records.lawbook import lawbook
from tests.browser.conftest import SIZES, Visitor

pytestmark = [pytest.mark.browser, pytest.mark.long]
HOLDERS = (
    "boss", "deputy-chief", "other-chief", "safety-head", "admin-head", "operations-head", "technical-head",
    "monitoring-head", "manager", "monitor", "technician",
)  # fmt: skip
CHOSEN = re.compile(r"“([^”]+)”选“([^”]+)”")  # what the form says the duty wants
LEAST = re.compile(r"“([^”]+)”不少于 ([\d.]+)")
LACKING = re.compile("尚无已封存的一份|还差.+份|缺少")
RED_CELLS = 5


@pytest.fixture
def phone(browser: Browser, served: str) -> Iterator[Visitor]:
    width, height = SIZES["phone"]
    context = browser.new_context(
        viewport={"width": width, "height": height}, locale="zh-CN", timezone_id="Asia/Shanghai"
    )
    context.set_default_timeout(15_000)
    visitor = Visitor(context.new_page(), served, "phone")
    yield visitor
    context.close()
    assert visitor.complaints == []


def printed_lines() -> set[str]:
    return {
        "".join(line.text.split())
        for position in lawbook().positions_of("coach")
        for line in (*position.duties, *position.responsibilities)
    }


def test_two_clicks_lead_from_a_red_cell_to_the_printed_line_and_the_missing_fact(visitor: Visitor):
    visitor.sign_in("other-boss")
    assert visitor.fits()
    visitor.go("/company/")
    assert visitor.fits()
    reds = visitor.page.locator("a.cell-missed")
    assert reds.count() >= RED_CELLS
    cells = [str(cell.get_attribute("href")) for cell in reds.all()]
    for href in random.Random(len(cells)).sample(cells, RED_CELLS):
        visitor.go("/company/")
        assert visitor.fits()
        visitor.page.locator(f'a.cell-missed[href="{href}"]').click()
        first = visitor.page.locator("tbody tr").first
        expect(first).to_contain_text("逾期未履行")
        expect(first).to_contain_text(LACKING)
        assert visitor.fits()
        first.get_by_role("link").first.click()
        expect(visitor.page.get_by_role("region", name="结论")).to_contain_text(LACKING)
        shown = visitor.page.locator("dt", has_text="清单原文").locator("xpath=following-sibling::dd[1]")
        printed = re.sub(r"^\S+ \S+?\. ", "", shown.inner_text().split("\n")[0])
        assert "".join(printed.split()) in printed_lines()
        expect(visitor.page.locator("dt", has_text="依据条款")).to_be_visible()
        assert visitor.fits()


@pytest.mark.parametrize("username", HOLDERS)
def test_each_holder_enters_what_is_owed_and_sees_the_duty_move(visitor: Visitor, username: str):
    visitor.sign_in(username)
    assert visitor.fits()
    page = visitor.page
    item = page.locator("ul.duties > li").filter(has=page.get_by_role("link", name=DO)).first
    item.locator("a.text").click()
    visitor.wait()
    before = undone(page)
    assert before
    duty = page.url.removeprefix(visitor.base)
    assert visitor.fits()
    page.go_back()
    assert visitor.fits()
    item.get_by_role("link", name=DO).click()
    choose_kind(page)
    assert visitor.fits()
    fill_in(page)
    name_whom_it_covers(page)
    page.get_by_role("button", name="保存草稿").click()
    expect(page.get_by_text("草稿").first).to_be_visible()
    page.wait_for_url(re.compile(r"/records/\d+/$"))
    assert visitor.fits()
    seal(page)
    assert visitor.fits()
    visitor.go(duty)
    assert undone(page) < before


DO, UNDONE = re.compile("去办理|去补办|去声明"), re.compile("待履行|逾期未履行")


def undone(page: Page) -> int:
    """Of one duty's page, or of the list of a duty for many vehicles or drivers."""
    shown = page.get_by_role("region", name="结论").or_(page.locator("tbody tr"))
    expect(shown.first).to_be_visible()
    return shown.filter(has_text=UNDONE).count()


def name_whom_it_covers(page: Page) -> None:
    """All vehicles, or all drivers, with one click."""
    for name in ("全部车辆", "全部驾驶员"):
        button = page.get_by_role("button", name=name)
        if button.count() and button.is_visible():
            button.click()
            return


def test_a_driver_writes_on_the_phone_and_the_safety_manager_seals(phone: Visitor):
    page = phone.page
    phone.sign_in("driver")
    phone.go("/records/new/?kind=other.record")
    fill_in(page)
    page.get_by_label("标题").fill("出车前发现雨刮器磨损")
    page.get_by_role("button", name="保存草稿").click()
    page.wait_for_url(re.compile(r"/records/\d+/$"))
    assert phone.fits()
    draft = page.url.removeprefix(phone.base)
    expect(page.locator("main").get_by_role("link", name="封存")).to_have_count(0)
    phone.sign_out()
    phone.sign_in("manager")
    phone.go(draft)
    seal(page)
    expect(page.get_by_text(re.compile(r"[A-Z]{2}-\d{4}-\d{4}")).first).to_be_visible()


def choose_kind(page: Page) -> None:
    """Where several kinds of record prove it, the page there lets one choose."""
    if page.locator("#record-form").count() == 0:
        page.wait_for_load_state()
        page.locator("main a[href*='kind=']").first.click()
    expect(page.locator("#record-form")).to_be_visible()


def fill_in(page: Page) -> None:
    """Everything that the form asks for, with values of its type."""
    made_late = page.locator("input[name=made]")
    if made_late.count():
        made_late.last.check()
    wanted = dict(CHOSEN.findall(page.locator("main").inner_text()))
    for label, choice in wanted.items():
        control = page.get_by_label(label)
        if control.count() and control.first.evaluate("it => it.tagName") == "SELECT":
            control.first.select_option(label=choice)
    for label, least in LEAST.findall(page.locator("main").inner_text()):
        page.get_by_label(re.compile(f"^{re.escape(label)}")).first.fill(least)
    form = page.locator("#record-form")
    for control in form.locator("input:visible, select:visible, textarea:visible").all():
        _fill(control)


def _fill(control: Locator) -> None:
    name, kind = control.get_attribute("name"), control.get_attribute("type")
    if not name or kind in ("checkbox", "radio", "file", "search", "hidden") or control.input_value():
        return
    if name == "about":  # what it answers is filled in already, where there is such an event
        return
    if control.evaluate("it => it.tagName") == "SELECT":
        values = control.evaluate("it => [...it.options].map(o => o.value).filter(Boolean)")
        control.select_option(values[0]) if values else None
    elif offered := control.evaluate("it => it.list?.options[0]?.value"):  # of the company's people
        control.fill(offered)
    elif kind == "date":
        control.fill((date.today() + timedelta(days=200)).isoformat())
    elif kind == "datetime-local":
        if name == "happened_at":
            control.fill(f"{datetime.now(SHANGHAI) - timedelta(hours=1):%Y-%m-%dT%H:%M}")
    else:
        numeric = control.get_attribute("inputmode") in ("decimal", "numeric") or kind == "number"
        control.fill("2" if numeric else "按清单要求办理")


def seal(page: Page) -> None:
    to_seal = page.locator("main").get_by_role("link", name="封存").first
    page.wait_for_load_state()
    to_seal.click()
    page.wait_for_load_state()
    confirm = page.get_by_role("button", name="确认封存")
    expect(confirm).to_be_visible()
    confirm.click()
    page.wait_for_load_state()
    expect(page.get_by_text(re.compile(r"[A-Z]{2}-\d{4}-\d{4}")).first).to_be_visible()


def test_the_box_finds_as_one_types_and_is_walked_by_keys(visitor: Visitor):
    visitor.sign_in("manager")
    assert visitor.fits()
    page = visitor.page
    if visitor.size == "phone":
        page.get_by_role("link", name="搜索").click()
        page.get_by_role("searchbox", name="搜索").fill("zys")
        expect(page.locator("#found").get_by_role("link", name="赵永胜")).to_be_visible()
    else:
        page.keyboard.press("/")
        page.keyboard.type("zys")
        expect(page.locator("#az-found").get_by_role("link", name="赵永胜")).to_be_visible()
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        expect(page.get_by_text("与赵永胜有关")).to_be_visible()
    assert visitor.fits()


def test_the_year_leads_to_the_day_and_fits(visitor: Visitor):
    visitor.sign_in("boss")
    assert visitor.fits()
    visitor.go("/calendar/")
    assert visitor.fits()
    visitor.page.locator("a.cal-day.cell-missed").first.click()
    expect(visitor.page.locator("tbody tr").first).to_contain_text("逾期未履行")
    assert visitor.fits()
