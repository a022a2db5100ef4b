"""工作台."""

from __future__ import annotations

from django.test import Client

from tests.cast import Cast
from tests.web.conftest import Browse, seal_study, statements

STUDY = "每月至少组织一次驾驶员安全学习，每次不少于 2 小时"
EACH = "每名驾驶员每月参加一次不少于 2 小时的安全学习"


def test_the_overdue_study_is_shown_with_its_rule_and_the_way_to_make_it_up(manager: Client) -> None:
    page = manager.get("/").content.decode()
    assert STUDY in page
    assert "每月至少1次" in page
    assert "/records/new/?kind=training.driver-study&amp;obligation=" in page
    assert "去补办" in page


def test_subjects_are_one_row_with_a_count(decided: Cast, manager: Client) -> None:
    seal_study(decided, decided.a)
    page = manager.get("/").content.decode()
    assert "1/2</b> 名驾驶员" in page
    assert page.count(EACH) <= 3  # overdue, due this month, coming


def test_periods_of_one_demand_are_folded(manager: Client) -> None:
    page = manager.get("/").content.decode()
    assert "期逾期</a>" in page


def test_tiles_lead_to_their_rows(manager: Client) -> None:
    page = manager.get("/").content.decode()
    for key in ("missed", "week", "month", "unset", "later"):
        assert f'href="#{key}"' in page
    assert 'id="missed"' in page


def test_a_driver_sees_what_concerns_the_driver(browse: Browse) -> None:
    page = browse("driver").get("/").content.decode()
    assert "与我有关的要求" in page
    assert EACH in page
    assert STUDY not in page
    assert "去办理" not in page


def test_one_without_posts_is_told_what_to_do(browse: Browse) -> None:
    page = browse("clerk").get("/").content.decode()
    assert "目前没有与您有关的要求" in page


def test_an_officer_goes_to_the_ranking_and_the_administrator_to_the_manual(browse: Browse) -> None:
    assert browse("officer").get("/")["Location"] == "/bureau/"
    assert "anze 命令" in browse("administrator").get("/").content.decode()


def test_few_queries(manager: Client) -> None:
    assert statements(manager, "/") <= 20
