"""A list of attendance as companies keep it: rows become sessions, and nothing of a person is lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from anze.rules.catalogue.load import load
from anze.rules.importing.reading import Row, read_row, read_rows
from anze.rules.importing.rolls import named_in, result_of, roll_sheet, sessions_of, takes_roll
from anze.rules.importing.sheets import Sheet, sheet_of

KINDS = load(Path(__file__).parents[3] / "catalogue").kinds
STUDY = sheet_of(KINDS["training.driver-study"])
ROLL = roll_sheet(KINDS["training.driver-study"], STUDY)
HEAD = [
    "标题",
    "发生时间",
    "学习内容",
    "时长（小时）",
    "组织人",
    "姓名",
    "到场情况",
    "本人时长（小时）",
    "成绩",
]


def read(*rows: list[str], sheet: Sheet = ROLL) -> tuple[Row, ...]:
    return read_rows(sheet, [(1, HEAD), *enumerate(rows, start=2)]).rows


def test_the_session_stands_in_its_first_row() -> None:
    rows = read(
        ["冬季行车", "2026-11-03", "防滑", "2", "李甬", "钱甬", "", "", "92"],
        ["", "", "", "", "", "孙甬", "缺席", "", ""],
        ["夜间行车", "2026-11-04", "视距", "2", "李甬", "钱甬", "到场", "1.5", ""],
        ["", "", "", "", "", "周甬5678", "请假", "", ""],
    )
    assert [row.errors for row in rows] == [{}] * 4
    first, second = sessions_of(STUDY, ROLL, rows)
    assert [row.number for row in first.rows] == [2, 3]
    assert first.whole.number == 2
    assert first.whole.values == {
        "title": "冬季行车",
        "happened_at": "2026-11-03 00:00",
        "values.topic": "防滑",
        "values.hours": "2",
        "parts.organiser": "李甬",
        "parts.participant": "孙甬（缺席）、钱甬（92分）",
    }
    assert second.whole.values["parts.participant"] == "周甬5678（请假）、钱甬（1.5小时）"
    assert "values.exam" not in second.whole.values


def test_what_the_session_says_itself_of_results_stays_above() -> None:
    head = [*HEAD, "考核结果"]
    cells = ["冬季行车", "2026-11-03", "防滑", "2", "李甬", "钱甬", "", "", "良好", "闭卷"]
    rows = read_rows(ROLL, [(1, head), (2, cells)]).rows
    assert sessions_of(STUDY, ROLL, rows)[0].whole.values["values.exam"] == "闭卷\n钱甬：良好"


def test_rows_that_say_the_same_belong_together_wherever_they_stand() -> None:
    session = ["冬季行车", "2026-11-03", "防滑", "2", "李甬"]
    rows = read([*session, "钱甬"], ["另一场", "2026-11-03", "x", "2", "李甬", "周甬"], [*session, "孙甬"])
    assert [[row.number for row in found.rows] for found in sessions_of(STUDY, ROLL, rows)] == [[2, 4], [3]]


def test_a_first_row_that_says_nothing_is_asked() -> None:
    (row,) = read(["", "", "", "", "", "钱甬"])
    assert set(row.errors) == {"title", "happened_at", "values.topic", "values.hours"}


def test_one_row_is_one_person() -> None:
    typed = {"title": "x", "happened_at": "2026-11-03", "person": "钱甬、孙甬"}
    row = read_row(ROLL, 2, typed)
    assert named_in(row) is None
    (session,) = sessions_of(STUDY, ROLL, [row])
    assert "parts.participant" not in session.whole.values


def test_a_kind_without_a_place_for_results_asks_none() -> None:
    kind = KINDS["training.emergency"]
    assert "成绩" not in [column.name for column in roll_sheet(kind, sheet_of(kind)).columns]


def test_which_kinds_have_a_roll() -> None:
    assert takes_roll(KINDS["training.induction"])
    assert not takes_roll(KINDS["training.plan"])
    assert not takes_roll(KINDS["certificate.competence"])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", ""),
        ("全部合格", "全部合格"),
        ("钱甬：92\n孙甬：85", "92"),
        ("钱甬5678：92\n孙甬：85", "92"),
        ("孙甬：85", ""),
        ("闭卷\n钱甬：80\n钱甬：补考 92", "80；补考 92"),
    ],
)
def test_a_file_shows_one_s_own_result(text: str, said: str) -> None:
    assert result_of(text, "钱甬") == said
