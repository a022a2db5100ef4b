"""Titles move on with the calendar."""

from __future__ import annotations

import pytest

from anze.rules.retitling import retitled
from tests.rules.build import day

MOVED = [
    ("2026年10月驾驶员安全学习", "2026年11月驾驶员安全学习"),
    ("十月安全例会", "十一月安全例会"),
    ("10月份安全例会", "11月份安全例会"),
    ("2026年第三季度安全检查", "2026年第四季度安全检查"),
    ("三季度安全检查", "四季度安全检查"),
    ("2026年3季度安全检查", "2026年4季度安全检查"),
    ("2026年度安全培训计划", "2026年度安全培训计划"),
    ("2026年11月培训计划", "2026年12月培训计划"),
    ("2026年12月培训计划", "2027年1月培训计划"),
    ("10月8日夜间值守日志", "11月20日夜间值守日志"),
    ("2026年10月8日检查", "2026年11月20日检查"),
    ("落实10月6日事故通报", "落实10月6日事故通报"),
    ("落实2025年10月8日通报", "落实2025年10月8日通报"),
    ("下半年演练", "下半年演练"),
    ("第12次例会", "第12次例会"),
    ("", ""),
]


@pytest.mark.parametrize(("title", "moved"), MOVED)
def test_periods_move_by_what_lies_between_the_days(title: str, moved: str) -> None:
    # The third quarter named by a record of early October was the one just over.
    then = day("2026-09-28") if "季度" in title else day("2026-10-08")
    assert retitled(title, then, day("2026-11-20")) == moved


def test_over_the_turn_of_the_year() -> None:
    then, now = day("2025-12-20"), day("2026-12-18")
    assert retitled("2026年度安全工作计划", then, now) == "2027年度安全工作计划"
    assert retitled("2025年上半年考核", day("2025-06-30"), day("2025-12-30")) == "2025年下半年考核"
    assert retitled("下半年考核", day("2025-12-30"), day("2026-06-30")) == "上半年考核"
    assert retitled("十二月例会", day("2025-12-30"), day("2026-01-30")) == "一月例会"
    assert retitled("十月例会", day("2025-10-30"), day("2025-10-31")) == "十月例会"


def test_nothing_moves_on_the_same_day() -> None:
    title = "2026年10月8日第四季度2026年度十月例会"
    assert retitled(title, day("2026-10-08"), day("2026-10-08")) == title
