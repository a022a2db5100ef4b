"""The taxi company assesses itself from nothing to the report and corrections, at a desk and on a phone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connections
from playwright.sync_api import Browser, Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from anze.cli import demo
from anze.records.acting.context import SHANGHAI, acting
from anze.records.assessments import actions, quizzing
from anze.records.assessments.access import seen
from anze.records.assessments.actions import Given
from anze.records.assessments.models import Quiz, Reply
from anze.records.assessments.queries import overview
from anze.records.assessments.quiz_results import quiz_says
from anze.records.people.models import Account
from anze.records.people.queries import actor_for
from tests.browser.conftest import PATIENCE, SIZES, Visitor
from tests.emptying import empty
from tests.isolation.doors import PNG

pytestmark = [pytest.mark.browser, pytest.mark.long]
YEAR = datetime.now(SHANGHAI).year
TITLE = f"{YEAR}年度第二次自评"
TARGETS = "1.1.a"  # 安全生产方针和目标: facts answer one of its deductions and its veto
PLANNED = f"taxi-2012.{TARGETS}.r4"


@pytest.fixture(scope="module")
def served(django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    """The taxi company alone, and a server before it."""
    with django_db_blocker.unblock():
        demo.load(datetime.now(UTC), months=2, only={"c"})
        server = LiveServer("127.0.0.1")
        yield str(server)
        server.stop()
        connections.close_all()
        empty()


@pytest.fixture
def visitor(browser: Browser, served: str) -> Iterator[Visitor]:
    """One person after another at one screen, which changes its size."""
    width, height = SIZES["desktop"]
    context = browser.new_context(
        viewport={"width": width, "height": height}, locale="zh-CN", timezone_id="Asia/Shanghai"
    )
    context.set_default_timeout(PATIENCE)
    expect.set_options(timeout=PATIENCE)
    visitor = Visitor(context.new_page(), served, "desktop")
    yield visitor
    context.close()
    assert visitor.complaints == []


def resize(visitor: Visitor, size: str) -> None:
    width, height = SIZES[size]
    visitor.page.set_viewport_size({"width": width, "height": height})


def press(visitor: Visitor, name: str | re.Pattern[str]) -> None:
    """A button that ends in another page."""
    exact = isinstance(name, str)
    button = visitor.page.locator("main").get_by_role("button", name=name, exact=exact)
    with visitor.page.expect_navigation():
        button.click()
    assert visitor.fits()


def test_from_nothing_to_the_report(visitor: Visitor) -> None:
    visitor.sign_in("taxi-manager")
    says_what_is_kept(visitor)
    home = plans(visitor)
    draws(visitor, home)
    resize(visitor, "phone")
    asks(visitor, home)
    overrules(visitor, home)
    sees_on_the_spot(visitor, home)
    judges_the_rest(visitor, home)
    resize(visitor, "desktop")
    hands_in(visitor, home)
    visitor.sign_out()
    visitor.sign_in("taxi-boss")
    reviews(visitor, home)
    visitor.sign_out()
    visitor.sign_in("taxi-manager")
    concludes(visitor, home)
    puts_right(visitor, home)


def says_what_is_kept(visitor: Visitor) -> None:
    """From now on no record of a target means that there was none."""
    page = visitor.page
    visitor.go("/assessments/")
    page.get_by_role("link", name="台账范围").click()
    page.get_by_label("年度安全生产目标", exact=True).fill(f"{YEAR - 1}-01-01")
    press(visitor, "保存")
    expect(page.get_by_text("已保存，改动 1 类台账。")).to_be_visible()


def plans(visitor: Visitor) -> str:
    """Standard, period, target and team; the first pass over the books. The path of the assessment."""
    page = visitor.page
    page.get_by_role("link", name="新建考评").click()
    page.get_by_label("考评名称").fill(TITLE)
    page.get_by_label("目标等级").select_option(label="二级")
    page.get_by_label("考评组成员").select_option(label=["范晓燕", "鲍建忠"])
    page.get_by_label("复核人").select_option(label="姚振华")
    press(visitor, "保存计划")
    page.get_by_label(re.compile(r"^1\.1\.b")).select_option(label="范晓燕")
    press(visitor, "保存分工")
    press(visitor, "开始考评")
    expect(page.get_by_text("考评开始，已按记录自动判定一遍。")).to_be_visible()
    expect(page.get_by_text(re.compile("还有 .+ 处不能提交"))).to_be_visible()
    return re.sub(r"^https?://[^/]+", "", page.url)


def draws(visitor: Visitor, home: str) -> None:
    page = visitor.page
    page.locator("main").get_by_role("link", name="抽样", exact=True).click()
    for rule in ("people", "vehicles"):
        card = page.locator(f"#{rule}")
        card.get_by_label("种子").fill("顺行20261128")
        with page.expect_navigation():
            card.get_by_role("button", name="抽样").click()
        expect(page.locator(f"#{rule}").get_by_text("重抽结果一致")).to_be_visible()
    assert visitor.fits()


def asks(visitor: Visitor, home: str) -> None:
    """One of those who were drawn answers on the assessor's phone, the others on their own."""
    page = visitor.page
    visitor.go(f"{home}quizzes/")
    press(visitor, "给 3 人出题")
    expect(page.get_by_text("题目已出好，请抽到的人答题。")).to_be_visible()
    page.get_by_role("link", name="用本机答题").first.click()
    expect(page.get_by_role("heading", name=re.compile("请.+本人作答"))).to_be_visible()
    assert visitor.fits()
    for _ in range(MOST_QUESTIONS):
        page.get_by_role("radio").first.check()
        press(visitor, re.compile("^(提交，下一题|交卷)$"))
        if page.get_by_text("已答完，谢谢").count():
            break
    expect(page.get_by_role("heading", name="已答完，谢谢")).to_be_visible()
    others_reply(int(home.split("/")[2]))
    page.get_by_role("link", name="回到询问").click()
    expect(page.get_by_text("已答完").first).to_be_visible()
    assert visitor.fits()
    page.get_by_role("link", name="4.2.c 第1条").click()
    expect(rule_of(page, "第1条").get_by_text(re.compile("询问 3 人，(都清楚|. 人不清)"))).to_be_visible()
    rule_of(page, "第1条").get_by_label("数目").fill("3")
    press(visitor, "保存")
    expect(page.get_by_role("alert")).to_contain_text("判定与询问结果不同的，须写明原因")
    excuse(visitor)
    rule_of(page, "第1条").get_by_label("第1条 说明").fill("当面追问，三人都说不清")
    press(visitor, "保存")
    expect(rule_of(page, "第1条").get_by_text("人工判定：3人次")).to_be_visible()


MOST_QUESTIONS = 20


@contextmanager
def at_work() -> Iterator[None]:
    """The safety manager, at another screen."""
    manager, at = Account.objects.get(username="taxi-manager"), datetime.now(SHANGHAI)
    assert manager.company_id is not None
    with acting(actor_for(manager, at), reads=(manager.company_id,), at=at):
        yield


def others_reply(assessment: int) -> None:
    """Everything right, at the same time."""
    with at_work():
        for quiz in Quiz.objects.filter(assessment=assessment):
            answered = set(Reply.objects.filter(quiz=quiz).values_list("question", flat=True))
            for posed in quizzing.paper_of(quiz):
                if posed.id not in answered:
                    quizzing.answer_quiz(quiz_id=quiz.pk, question=posed.id, option=posed.right)


def excuse(visitor: Visitor) -> None:
    """The browser itself notes that a form was refused; nothing else may be on its console."""
    assert all("422" in complaint for complaint in visitor.complaints)
    visitor.complaints.clear()


def rule_of(page: Page, name: str) -> Locator:
    return page.get_by_role("region", name=name, exact=True)


def overrules(visitor: Visitor, home: str) -> None:
    """What facts said, against it with a reason only."""
    page = visitor.page
    visitor.go(f"{home}items/taxi-2012.{TARGETS}/")
    assert visitor.fits()
    rule = rule_of(page, "第4条")
    expect(rule.get_by_text("按记录：不得分")).to_be_visible()
    rule.get_by_text("改判", exact=True).click()
    rule.get_by_label("不扣分").check()
    press(visitor, "保存")
    expect(page.get_by_role("alert")).to_contain_text("须写明原因")
    excuse(visitor)
    rule = rule_of(page, "第4条")
    expect(rule.get_by_label("不扣分")).to_be_checked()
    rule.get_by_label("第4条 说明").fill("年度目标在纸质文件里，已当场看过")
    press(visitor, "保存")
    expect(rule_of(page, "第4条").get_by_text("人工改判：不扣分")).to_be_visible()


def sees_on_the_spot(visitor: Visitor, home: str) -> None:
    """Who was asked, and a photo."""
    page = visitor.page
    rule = rule_of(page, "第3条")
    rule.get_by_label("不扣分").check()
    rule.get_by_label("询问了谁").fill("戴国荣、丁学文、方小明")
    press(visitor, "保存")
    expect(rule_of(page, "第3条").get_by_text("询问 戴国荣、丁学文、方小明")).to_be_visible()
    page.get_by_label("照片或文件").set_input_files(
        {"name": "公告栏.png", "mimeType": "image/png", "buffer": PNG}
    )
    press(visitor, "上传")
    expect(page.get_by_role("img", name="公告栏.png")).to_be_visible()


def judges_the_rest(visitor: Visitor, home: str) -> None:
    """One loses points; all others are in order, a tap for each, until none is left."""
    page = visitor.page
    visitor.go(f"{home}items/taxi-2012.1.1.b/")
    rule = rule_of(page, "第1条")
    rule.get_by_label("数目").fill("2")
    rule.get_by_label("第1条 说明").fill("措施缺少分解和绩效考核两个环节")
    for _ in range(WALKED):
        press(visitor, FINE)
    others_judge(int(home.split("/")[2]))
    visitor.go(home)
    page.get_by_role("link", name="继续判定").click()
    press(visitor, FINE)
    expect(page.get_by_text("您承担的要点都判完了。")).to_be_visible()
    expect(page.get_by_role("heading", name=TITLE)).to_be_visible()
    expect(page.locator(".tile", has_text="扣分项未判定")).to_contain_text("0 项")


FINE, WALKED = "其余都符合", 6


def others_judge(assessment: int) -> None:
    """Nothing is wrong in any further item but the last, which is left."""
    with at_work():
        score = overview(assessment).score
        waiting = [item for item in score.items if item.open]
        for item in waiting[:-1]:
            known = {rule: says.count or 0 for rule, says in quiz_says(seen(assessment)).items()}
            given = [Given(rule, known.get(rule, 0)) for rule in item.open]
            veto = item.item.veto
            if veto is not None and veto.id not in score.standpoints:
                given.append(Given(veto.id, 0))
            actions.answer(assessment_id=assessment, item=item.item.id, given=given)


def hands_in(visitor: Visitor, home: str) -> None:
    page = visitor.page
    visitor.go(home)
    check = page.locator(".card", has_text="提交前核对").last
    expect(check).to_contain_text("请再看一眼")
    press(visitor, "提交复核")
    expect(page.get_by_text("已提交复核。")).to_be_visible()
    visitor.go(f"{home}items/taxi-2012.1.1.b/")
    expect(page.get_by_role("button", name="保存", exact=True)).to_have_count(0)


def reviews(visitor: Visitor, home: str) -> None:
    """The second assessor is stricter in one point; both scores stand side by side."""
    page = visitor.page
    visitor.go(home)
    page.locator(".az-head, main").get_by_role("link", name="复核", exact=True).first.click()
    page.get_by_role("link", name="1.1.b", exact=True).click()
    rule = rule_of(page, "第1条")
    rule.get_by_text("复核意见不同").click()
    rule.get_by_label("数目").fill("3")
    rule.get_by_label("第1条 说明").fill("还缺实施环节")
    press(visitor, "保存")
    expect(page.get_by_text("考评组判 3 分，复核 2 分")).to_be_visible()
    visitor.go(f"{home}review/")
    row = page.get_by_role("row", name=re.compile(r"^1\.1\.b"))
    expect(row).to_contain_text(re.compile(r"5\s*3\s*2"))
    page.get_by_label("复核意见").fill("除一项外同意考评组的判定")
    press(visitor, "完成复核")
    expect(page.get_by_text("复核完成。")).to_be_visible()


def concludes(visitor: Visitor, home: str) -> None:
    page = visitor.page
    visitor.go(home)
    press(visitor, "作出结论")
    expect(page.get_by_text("已作出结论，得分和理由不再改变。")).to_be_visible()
    page.locator("main").get_by_role("link", name="报告", exact=True).click()
    expect(page.get_by_role("heading", name="二、考评结果")).to_be_visible()
    expect(page.get_by_text("525分未见原文").first).to_be_visible()
    expect(page.get_by_text("还缺实施环节").first).to_be_visible()
    assert visitor.fits()
    with page.expect_download() as loading:
        page.get_by_role("link", name="Word（含考评表）").click()
    assert loading.value.suggested_filename.endswith("报告.docx")


def puts_right(visitor: Visitor, home: str) -> None:
    """What was lost becomes a list of corrections, sealed, whose rows wait to be settled."""
    page = visitor.page
    visitor.go(f"{home}corrections/")
    page.get_by_label("责任人").select_option(label="范晓燕")
    press(visitor, "生成整改清单草稿")
    expect(page.get_by_text("1.1.b 失3分").or_(page.locator("[value^='1.1.b 失3分']")).first).to_be_visible()
