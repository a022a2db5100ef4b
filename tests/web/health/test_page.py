"""The health page: what is red, and who sees which part."""

from __future__ import annotations

from collections import namedtuple
from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from anze.jobs.chains import verify_due
from anze.records.health import actions, queries
from anze.records.health.models import Check
from anze.web.health.words import say_age, say_span
from tests.cast import NOW, Cast
from tests.web.conftest import Browse

Space = namedtuple("Space", "total used free")


def text(client: Client) -> str:
    answer = client.get("/health/")
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.fixture
def _well(decided: Cast) -> None:
    actions.expect_jobs(periods={"sweep": 60, "verify_journals": 3600, "later": 60}, at=NOW)
    for name in ("sweep", "verify_journals"):
        actions.note_run(name=name, at=NOW - timedelta(seconds=20), seconds=0.2)
    verify_due(NOW)


@pytest.mark.usefixtures("_well")
def test_all_is_well(manager: Client) -> None:
    page = text(manager)
    assert "没有需要处理的问题" in page
    assert "上次成功：20 秒前" in page
    assert "核验无误" in page
    assert "later" in page, "a task without a Chinese name is shown by its own"
    assert "磁盘" not in page


def test_without_a_worker_it_is_red(manager: Client) -> None:
    page = text(manager)
    assert "后台任务进程没有启动过" in page
    assert "有 1 项需要处理" in page


@pytest.mark.usefixtures("_well")
def test_a_job_that_stopped_and_one_that_failed_are_red(manager: Client) -> None:
    actions.note_run(name="sweep", at=NOW, seconds=1, problem="SweepError")
    page = text(manager)
    assert "上次失败" in page
    assert "SweepError" in page
    with time_machine.travel(NOW + timedelta(hours=4), tick=False):
        page = text(manager)
    assert "未按时运行" in page
    assert "4 小时前" in page


@pytest.mark.usefixtures("_well")
def test_a_broken_chain_is_red_for_company_and_officer(decided: Cast, browse: Browse) -> None:
    with decided.acts("principal"):
        Check.objects.filter(company=decided.a.id).update(breaks=2, first_break="第 3 条：内容与摘要不符")
    assert "2 处不符，第一处：第 3 条" in text(browse("principal"))
    officers = text(browse("officer"))
    assert "有未通过的" in officers
    assert "安达客运" in officers
    assert "2 家中 1 家核验无误" in officers
    assert "内容与摘要不符" not in text(browse("other_principal"))


@pytest.mark.usefixtures("_well")
def test_december_asks_for_next_years_calendar(browse: Browse) -> None:
    with time_machine.travel(NOW + timedelta(days=12), tick=False):
        assert "缺少 2027 年" in text(browse("safety_manager"))
    with time_machine.travel(NOW + timedelta(days=50), tick=False):
        assert "缺今年" in text(browse("safety_manager"))


@pytest.mark.usefixtures("_well")
def test_the_administrator_sees_machine_and_schema(browse: Browse, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries.shutil, "disk_usage", lambda _: Space(100 * 2**30, 97 * 2**30, 3 * 2**30))
    page = text(browse("administrator"))
    assert "即将用尽" in page
    assert "可用 3.0 GB，共 100.0 GB（3%）" in page
    assert "0006_submission" in page
    assert "本企业" not in page


def test_spans_in_words() -> None:
    spans = [timedelta(seconds=5), timedelta(minutes=90), timedelta(days=3), timedelta(seconds=-5)]
    assert [say_span(span) for span in spans] == ["5 秒", "1 小时", "3 天", "0 秒"]
    assert say_age(NOW - timedelta(minutes=2), NOW) == "2 分钟前"
