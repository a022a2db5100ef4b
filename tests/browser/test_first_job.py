"""The first job: what is overdue is recorded, is then proved, and the bureau sees the company move."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visitor

pytestmark = pytest.mark.browser
STUDY = "每月至少组织一次驾驶员安全学习，每次不少于 2 小时"
COMPANY = "宁海安途客运有限公司（演示）"
# The demonstration is loaded once: at each size another company does the job.
WORKS = {"desktop": ("manager", COMPANY), "phone": ("other-manager", "象山联运客运有限公司（演示）")}


def missed(visitor: Visitor, company: str) -> int:
    """What the bureau reads in the company's row."""
    visitor.sign_in("officer")
    row = visitor.page.get_by_role("row").filter(has_text=company)
    found = re.search(r"(\d+)\s*项", row.inner_text())
    assert found
    visitor.sign_out()
    return int(found[1])


def last_month() -> str:
    """A morning of the last closed month, as the form's field takes it."""
    last = date.today().replace(day=1) - timedelta(days=1)
    return f"{last.replace(day=20).isoformat()}T09:00"


def fill_in_the_study(visitor: Visitor, hours: str) -> None:
    page = visitor.page
    page.get_by_label("当期已经做了，现在补录").check()
    page.get_by_label("发生时间").fill(last_month())
    page.get_by_label("学习内容").fill("冬季行车安全与防御性驾驶")
    page.get_by_label("时长（小时）").first.fill(hours)
    page.get_by_role("button", name="全部驾驶员").click()
    page.get_by_role("button", name="保存并去封存").click()
    expect(page.get_by_role("heading", name="核对并封存")).to_be_visible()


def test_an_overdue_study_is_recorded_proved_and_seen_by_the_bureau(visitor: Visitor):
    manager, company = WORKS[visitor.size]
    before = missed(visitor, company)
    page = visitor.page
    visitor.sign_in(manager)
    overdue = page.get_by_role("listitem").filter(has_text=STUDY).filter(has_text="已逾期")
    expect(overdue).to_have_count(1)
    assert visitor.fits()
    overdue.get_by_role("link", name="去补办").click()
    assert visitor.fits()

    fill_in_the_study(visitor, "1.5")
    expect(page.get_by_text("未达到最低要求").first).to_be_visible()
    page.get_by_role("link", name="返回修改").click()
    page.get_by_label("时长（小时）").first.fill("2")
    page.get_by_role("button", name="保存并去封存").click()
    expect(page.get_by_role("listitem").filter(has_text=STUDY).filter(has_text="能证明")).to_be_visible()
    page.get_by_role("button", name="确认封存").click()

    expect(page.get_by_text(re.compile(r"XX-\d{4}-\d{4}")).first).to_be_visible()
    page.get_by_role("link", name=STUDY).first.click()
    expect(page.get_by_text("事情按期做了，但记录封存过迟，属补录。").first).to_be_visible()
    expect(page.get_by_text("客运企业岗位安全责任清单").first).to_be_visible()
    visitor.sign_out()
    assert missed(visitor, company) < before


def test_the_bureau_goes_from_the_ranking_down_to_the_clause(visitor: Visitor):
    page = visitor.page
    visitor.sign_in("officer")
    page.get_by_role("link", name=COMPANY).click()
    expect(page.get_by_role("link", name="安全生产管理人员").first).to_be_visible()
    assert visitor.fits()
    page.get_by_role("link", name="安全生产管理人员").first.click()
    page.get_by_role("link", name=STUDY).first.click()
    page.locator("main").get_by_role("link", name=STUDY).first.click()
    expect(page.get_by_text("客运企业岗位安全责任清单").first).to_be_visible()
    expect(page.get_by_text("判定于").first).to_be_visible()
    assert visitor.fits()


def test_every_page_in_the_frame_fits_its_screen_and_logs_no_error(visitor: Visitor):
    for username in ("manager", "boss", "driver", "taxi-boss", "officer", "stranger"):
        visitor.sign_in(username)
        places = {str(link.get_attribute("href")) for link in visitor.page.locator("nav a[href^='/']").all()}
        assert places
        for place in places:
            visitor.go(place)
            assert visitor.fits(), place
        visitor.sign_out()
