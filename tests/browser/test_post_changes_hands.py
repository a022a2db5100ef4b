"""A post that is taken: one is told by whom, ends that holding, and the successor signs on a phone."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visitor

pytestmark = pytest.mark.browser
# The demonstration is loaded once: at each size another post changes hands.
WORKS = {
    "desktop": ("8. 车辆技术管理部门负责人", "贺俊", "hejun", "孙立新"),
    "phone": ("9. 动态监控管理部门负责人", "施琴", "shiqin", "毛志刚"),
}


def first_password(visitor: Visitor, name: str, username: str) -> str:
    """The account is opened; the password is on this page and never again."""
    page = visitor.page
    visitor.go(f"/people/?q={name}")
    page.get_by_role("link", name=name).click()
    page.get_by_role("link", name="开设账号").click()
    page.get_by_label("登录名").fill(username)
    page.get_by_role("button", name="开设账号").click()
    assert visitor.fits()
    return page.get_by_label("初始密码").input_value()


def test_a_post_that_is_taken_changes_hands(visitor: Visitor):
    post, successor, username, holder = WORKS[visitor.size]
    page = visitor.page
    visitor.sign_in("manager")
    password = first_password(visitor, successor, username)

    visitor.go(f"/people/?q={username}")
    assert visitor.fits()
    page.get_by_role("link", name=successor).click()
    assert visitor.fits()
    page.get_by_role("link", name="指定岗位").click()
    page.get_by_label("岗位", exact=True).select_option(label=post)
    page.get_by_role("button", name="指定").click()
    expect(page.get_by_role("alert")).to_contain_text(f"{holder} 自 2022-03-01 起任此岗位")
    # The browser itself notes that the form was refused; nothing else may be on its console.
    assert all("422" in complaint for complaint in visitor.complaints)
    visitor.complaints.clear()
    page.get_by_label(f"同时办理 {holder} 离任").check()
    page.get_by_role("button", name="指定").click()

    expect(page.get_by_role("heading", name=f"编制交接单：{post.split()[1]}")).to_be_visible()
    assert visitor.fits()
    expect(page.get_by_label("接收人", exact=True).locator("option:checked")).to_have_text(successor)
    # Every line offers everybody but the leaver, as the first field does.
    fields = page.locator("select[name^='for_'], select[name='receiver']")
    assert len(set(fields.evaluate_all("all => all.map((one) => one.options.length)"))) == 1
    page.get_by_role("button", name="编制交接单").click()
    expect(page.get_by_text("等待签署").first).to_be_visible()
    assert visitor.fits()
    visitor.sign_out()

    visitor.sign_in(username, password)
    expect(page.get_by_role("heading", name="待签署的交接单")).to_be_visible()
    assert visitor.fits()
    page.get_by_role("listitem").filter(has_text="交接单").get_by_role("link", name="去签署").click()
    page.get_by_label("本人已逐项核对，内容属实").check()
    page.get_by_role("button", name="以接收人身份签署").click()
    expect(page.get_by_text(f"接收人 {successor}于")).to_be_visible()
    assert visitor.fits()
