"""What a hurried hand types is read; what could mean two things is refused, with words."""

from __future__ import annotations

import pytest

from anze.rules.identity import tidy_identity, wrong_identity
from anze.rules.importing.cells import LONGEST, WrongCell, canonical, tidy
from anze.rules.importing.sheets import Column

CHOICES = {"regular": "安全例会", "work": "工作会议"}


def read(kind: str, text: str, **more: object) -> str:
    return canonical(Column("c", "列", kind, **more), tidy(text))


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("text", "  冬季\u200b  行车 ", "冬季 行车"),
        ("longtext", "甲\r\n乙\r丙", "甲\n乙\n丙"),
        ("day", "2026/1/5", "2026-01-05"),
        ("day", "2026年1月5日", "2026-01-05"),
        ("day", "２０２６．１．５", "2026-01-05"),
        ("day", "20260105", "2026-01-05"),
        ("day", "46027", "2026-01-05"),
        ("day", "2026-01-05 00:00:00", "2026-01-05"),
        ("moment", "2026-1-5 9：30", "2026-01-05 09:30"),
        ("moment", "2026-01-05T09:30:59", "2026-01-05 09:30"),
        ("moment", "2026年1月5日 9点30分", "2026-01-05 09:30"),
        ("moment", "46027.395833", "2026-01-05 09:30"),
        ("moment", "2026-01-05", "2026-01-05 00:00"),
        ("decimal", "￥１，２００.50元", "1200.5"),
        ("decimal", "2小时", "2"),
        ("decimal", "100", "100"),
        ("choice", " 安全 例会", "regular"),
        ("choice", "WORK", "work"),
        ("choices", "工作会议；regular、安全例会、", "regular,work"),
        ("bool", "是", "true"),
        ("bool", "×", "false"),
        ("people", "李强 5678（请假）, 张 伟", "张伟、李强5678（请假）"),
        ("plate", "浙 b·１２３４５", "浙B12345"),
        ("plates", "浙B12346、浙B12345；浙B12345", "浙B12345、浙B12346"),
        ("units", "安全部,车队", "安全部、车队"),
        ("identity", "11010519491231002x", "11010519491231002X"),
        ("phone", "（0574） 8765-4321", "05748765-4321"),
        ("number", "hy-2026-0001 ", "HY-2026-0001"),
        ("items", "1. 换灭火器｜张三", "1. 换灭火器｜张三"),
        ("text", "", ""),
    ],
)
def test_it_is_read(kind: str, text: str, value: str):
    assert read(kind, text, choices=CHOICES) == value


@pytest.mark.parametrize(
    ("kind", "text", "said"),
    [
        ("day", "明天", "不是日期"),
        ("day", "2026-02-30", "没有 2026-02-30 这一天"),
        ("day", "1049-01-01", "年份不合理"),
        ("day", "2026-01-05 09:30", "不写时刻"),
        ("day", "99999", "不是日期"),
        ("moment", "2026-01-05 上午", "看不懂"),
        ("moment", "2026-01-05 25:00", "没有 25:00 这个时刻"),
        ("decimal", "很多", "不是数字"),
        ("decimal", "NaN", "数字过大"),
        ("decimal", "9" * 13, "数字过大"),
        ("choice", "班组会", "可选：安全例会、工作会议"),
        ("choices", "安全例会、班组会", "没有“班组会”这一项"),
        ("bool", "也许", "“是”或“否”"),
        ("people", "（请假）", "不是姓名"),
        ("plate", "浙" * 40, "…”不是车牌号"),
        ("identity", "110105194912310021", "校验码不对"),
        ("text", "#REF!", "公式出错"),
        ("text", "字" * (LONGEST + 1), "最多"),
    ],
)
def test_it_is_refused_in_words(kind: str, text: str, said: str):
    with pytest.raises(WrongCell, match=said):
        read(kind, text, choices=CHOICES)


def test_many_choices_are_not_all_told():
    with pytest.raises(WrongCell, match="等 20 项"):
        read("choice", "x", choices={str(n): f"第{n}项" for n in range(20)})


def test_a_required_cell_is_asked_for():
    with pytest.raises(WrongCell, match="必填"):
        read("text", " ", required=True)


def test_identity_numbers():
    assert tidy_identity(" １1010519491231002x") == "11010519491231002X"
    assert wrong_identity("11010519491231002X") is None
    assert wrong_identity("110105194913310021") == "身份证号中的出生日期不存在。"
    assert wrong_identity("12") == "身份证号应为 18 位。"
