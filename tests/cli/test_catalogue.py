"""`anze catalogue check | publish | show | coverage`: what is printed, and the exit codes."""

from __future__ import annotations

from pathlib import Path

import pytest

from anze.cli.__main__ import main
from tests.rules.catalogue.small import edited, written
from tests.rules.catalogue.small_scheme import scheme_written

DUTIES = "duties/coach/boss.yaml"


def test_shipped_catalogue_passes_its_check(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["catalogue", "check"]) == 0
    assert capsys.readouterr().out.startswith("没有问题：")


def test_check_asks_to_publish_and_then_passes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = str(written(tmp_path))
    assert main(["catalogue", "check", "--root", root]) == 1
    assert f"{DUTIES}:0: 这一版尚未发布。运行 anze catalogue publish。" in capsys.readouterr().err
    assert main(["catalogue", "publish", "--root", root]) == 0
    assert capsys.readouterr().out.startswith("已发布：")
    assert main(["catalogue", "publish", "--root", root]) == 0
    assert capsys.readouterr().out == "没有需要发布的改动。\n"
    assert main(["catalogue", "check", "--root", root]) == 0


def test_a_broken_file_is_named_with_its_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = written(tmp_path, edited(DUTIES, "asks: limit", "ask: limit"))
    assert main(["catalogue", "check", "--root", str(root)]) == 1
    error = capsys.readouterr().err
    assert f"{DUTIES}:64: 不认识的键“ask”。是否想写“asks”。" in error
    assert error.endswith("共 2 处。\n")


def test_show_prints_each_rule(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = str(written(tmp_path))
    assert main(["catalogue", "show", "--root", root]) == 0
    shown = capsys.readouterr().out
    for rule in (
        "每季度开会〔定额；每季度1次；每季度2次〕", "持证〔持续保持；6个月内〕",
        "定期开专题会〔企业明确；不低于每年1次〕",
        "一小时内报告〔事件触发；1小时内〕", "按时参加〔按时参加〕", "事前教育〔事件触发；事前2日〕",
    ):  # fmt: skip
        assert rule in shown


def test_show_one_post(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["catalogue", "show", "coach.safety_manager"]) == 0
    shown = capsys.readouterr().out
    assert "重点时期开始前组织驾驶员专项教育〔事件触发；开始之前〕" in shown
    assert "coach.principal" not in shown


def test_show_an_unknown_post(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["catalogue", "show", "coach.princpal"]) == 1
    named = capsys.readouterr().err
    assert "没有岗位“coach.princpal”。可用：" in named
    assert "coach.principal" in named


def test_coverage_counts_lines_and_demands(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["catalogue", "coverage", "--root", str(written(tmp_path))]) == 0
    rows = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert rows == [
        [
            "岗位",
            "清单",
            "条目",
            "已编码",
            "按记录判定",
            "整条声明",
            "要求",
            "按记录判定",
            "其中企业明确",
            "人工声明",
        ],
        ["1.负责人", "责任清单", "1", "1", "1", "0", "0", "0", "0", "0"],
        ["1.负责人", "履职清单", "3", "3", "3", "0", "9", "8", "2", "1"],
        ["1.负责人", "履职记录", "1", "1", "1", "0", "0", "0", "0", "0"],
        ["小计", "5", "5", "5", "0", "9", "8", "2", "1"],
        ["合计", "5", "5", "5", "0", "9", "8", "2", "1"],
    ]


def test_coverage_lines_up_chinese_columns(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["catalogue", "coverage"]) == 0
    tables = capsys.readouterr().out.split("\n\n")
    assert len(tables) == 3, "the lists, and each standard under its name"
    for place, table in enumerate(tables):
        rows = table.splitlines()[1 if place else 0 :]
        assert len({sum(2 if ord(c) > 0x2000 else 1 for c in row) for row in rows}) == 1


def test_coverage_counts_the_deductions_of_a_standard(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["catalogue", "coverage", "--root", str(scheme_written(tmp_path))]) == 0
    name, heads, *rows = capsys.readouterr().out.split("\n\n")[1].splitlines()
    assert name.startswith("小标准（small，版本 ")
    assert len(heads.split()) == 14
    assert [row.split() for row in rows] == [
        ["1", "会议", "4", "30", "10", "6", "3", "1", "3", "1", "4", "3", "1", "1"],
        ["2", "证件", "0", "0", "20", "0", "0", "0", "0", "0", "0", "0", "0", "0"],
        ["合计", "4", "30", "70", "6", "3", "1", "3", "1", "4", "3", "1", "1"],
    ]
