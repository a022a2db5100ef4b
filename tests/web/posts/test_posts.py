"""The list of posts and the three lists of one."""

from __future__ import annotations

from django.test import Client

from tests.cast import Cast
from tests.web.conftest import Browse, seal_study, statements

MANAGER = "/posts/coach.safety_manager/"


def test_every_post_with_its_holder_and_standing(manager: Client) -> None:
    page = manager.get("/posts/").content.decode()
    assert "1. 主要负责人" in page
    assert "赵甬" in page
    assert "逾期未履行" in page


def test_others_see_their_own_posts_only(browse: Browse) -> None:
    assert "您目前没有担任清单中的岗位" in browse("driver").get("/posts/").content.decode()


def test_the_three_lists_with_sources(manager: Client) -> None:
    page = manager.get(MANAGER).content.decode()
    for heading in ("履职清单", "责任清单", "履职记录"):
        assert heading in page
    assert "3.每月至少组织驾驶员开展一次安全学习" in page or "每月至少组织驾驶员开展一次安全学习" in page
    assert "客运企业岗位安全责任清单" in page
    assert "原文此处有缺损" in page  # the printed list jumps from 4 to 6
    assert "人工声明" in page
    assert "未触发" in page
    assert 'href="#coach.safety_manager.d' in page  # responsibilities point at the duties that perform them


def test_sealed_records_are_counted_under_the_lines_that_name_them(decided: Cast, manager: Client) -> None:
    seal_study(decided, decided.a)
    assert "驾驶员安全学习 · 1 份" in manager.get(MANAGER).content.decode()


def test_an_unknown_post_is_not_found(manager: Client) -> None:
    assert manager.get("/posts/coach.emperor/").status_code == 404


def test_few_queries(manager: Client) -> None:
    for url in ("/posts/", MANAGER):
        assert statements(manager, url) <= 20, url
