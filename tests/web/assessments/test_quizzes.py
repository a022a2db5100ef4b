"""The sample is asked in the browser: a paper for each, a question at a time, and what it says of a rule."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from anze.records.assessments import quizzing
from anze.records.assessments.models import Quiz
from tests.cast import Cast
from tests.records.assessments.stage import as_taxi, started
from tests.web.conftest import Browse


@pytest.fixture
def taxi(decided: Cast) -> Cast:
    as_taxi(decided)
    return decided


@pytest.fixture
def asked(taxi: Cast, manager: Client) -> int:
    """Everybody is drawn and has a paper."""
    assessment = started(taxi)
    acts = f"/assessments/{assessment}/acts/"
    assert "还没有抽取从业人员样本" in manager.get(f"/assessments/{assessment}/quizzes/").content.decode()
    refused = manager.post(f"{acts}ask/", follow=True).content.decode()
    assert "从业人员样本还没有抽取，请先抽样" in refused
    manager.post(f"{acts}draw/", {"rule": "people", "seed": "甬20261120", "wanted": "6"})
    page = manager.get(f"/assessments/{assessment}/quizzes/").content.decode()
    assert "给 6 人出题" in page
    assert "题库里没有“安全生产方针和目标”的题目" in page
    assert "题目已出好" in manager.post(f"{acts}ask/", follow=True).content.decode()
    return assessment


def quiz_of(cast: Cast, person: int) -> int:
    with cast.acts("safety_manager"):
        return Quiz.objects.get(person=person).pk


def question(page: str) -> str:
    found = re.search(r'name="question" value="([^"]+)"', page)
    assert found is not None
    return found[1]


def test_somebody_who_was_drawn_answers_on_their_own_account(taxi: Cast, asked: int, browse: Browse) -> None:
    driver, quiz = browse("driver"), quiz_of(taxi, taxi.a.drivers[0])
    address = f"/assessments/quizzes/{quiz}/"
    assert "等我答的题" in driver.get("/").content.decode()
    page = driver.get(address).content.decode()
    assert "请钱甬本人作答" in page
    assert "回到询问" not in page
    empty = driver.post(address, {"question": question(page)})
    assert (empty.status_code, "请选择一个答案" in empty.content.decode()) == (422, True)
    with taxi.acts("driver"):
        posed = quizzing.paper_of(quizzing.quiz_seen(quiz))
    for one in posed:
        assert question(driver.get(address).content.decode()) == one.id
        assert driver.post(address, {"question": one.id, "option": str(one.right)}).status_code == 302
    page = driver.get(address).content.decode()
    assert "已答完，谢谢" in page
    assert "答错" not in page
    again = driver.post(address, {"question": posed[0].id, "option": "0"})
    assert "已经答过" in again.content.decode()
    assert "等我答的题" not in driver.get("/").content.decode()


def test_what_the_sample_says_is_proposed_and_confirmed(taxi: Cast, asked: int, manager: Client) -> None:
    with taxi.acts("safety_manager"):
        for quiz in Quiz.objects.all():
            wrong = quiz.person_id in (taxi.a.clerk, taxi.a.monitor)
            for posed in quizzing.paper_of(quiz):
                option = (posed.right + wrong) % len(posed.options)
                quizzing.answer_quiz(quiz_id=quiz.pk, question=posed.id, option=option)
    page = manager.get(f"/assessments/{asked}/quizzes/").content.decode()
    assert "2人次" in page
    assert "去确认" in page
    item = f"/assessments/{asked}/items/taxi-2012.4.2.c/"
    page = manager.get(item).content.decode()
    assert "询问 6 人，2 人不清：" in page
    assert 'name="count-taxi-2012.4.2.c.r1" value="2"' in page
    other = manager.post(item, {"count-taxi-2012.4.2.c.r1": "0", "save": "1"})
    assert "判定与询问结果不同的，须写明原因" in other.content.decode()
    onward = manager.post(item, {"fine": "1"})
    assert onward["Location"] != item
    assert "人工判定：2人次" in manager.get(item).content.decode()
    report = manager.get(f"/assessments/{asked}/report/").content.decode()
    assert "询问法律法规（4.2.c 第1条）：询问 6 人，2 人不清：" in report


def test_item_by_item_until_nothing_is_left(taxi: Cast, manager: Client) -> None:
    assessment = started(taxi)
    home = f"/assessments/{assessment}/"
    page = manager.get(home).content.decode()
    [first] = re.findall(r'href="([^"]+)">继续判定', page)
    seen = set()
    while first != home:
        assert first not in seen, "each item once"
        seen.add(first)
        first = manager.post(first, {"fine": "1"})["Location"]
    assert len(seen) > 50
    page = manager.get(home).content.decode()
    assert "您承担的要点都判完了" in page
    assert "继续判定" not in page


def test_the_target_is_lowered_on_the_page(taxi: Cast, manager: Client) -> None:
    assessment = started(taxi)
    acts = f"/assessments/{assessment}/acts/"
    assert (
        "目标等级已改" in manager.post(f"{acts}retarget/", {"target": "third"}, follow=True).content.decode()
    )
    assert "请选择目标等级" in manager.post(f"{acts}retarget/", {}, follow=True).content.decode()


def test_the_company_writes_its_own_questions(taxi: Cast, manager: Client, browse: Browse) -> None:
    address = "/assessments/questions/"
    assert "还没有自拟题目" in manager.get(address).content.decode()
    typed = {"topic": "policy", "text": "今年的安全目标是什么？", "option": ["死亡事故为零", "", "", ""]}
    refused = manager.post(address, typed)
    assert (refused.status_code, "2 到 6 个不同的选项" in refused.content.decode()) == (422, True)
    assert "今年的安全目标是什么？" in refused.content.decode()
    typed["option"] = ["死亡事故为零", "营收增长一成", "", ""]
    page = manager.post(address, typed, follow=True).content.decode()
    assert "题目已加入" in page
    [key] = re.findall(r'name="end" value="(\d+)"', page)
    assert browse("other_safety_manager").post(address, {"end": key}).status_code in (200, 404)
    assert "题目已停用" in manager.post(address, {"end": key}, follow=True).content.decode()
    assert manager.post(address, {"end": "x"}).status_code == 404


def test_the_bureau_reads_what_was_submitted(taxi: Cast, asked: int, browse: Browse) -> None:
    below = f"/bureau/companies/{taxi.a.id}/assessments/{asked}/quizzes/"
    assert browse("officer").get(below).status_code == 404
