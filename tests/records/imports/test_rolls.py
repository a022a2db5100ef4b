"""Lists of attendance: one row for each person, one sealed record for each session."""

from __future__ import annotations

import pytest

from anze.records.acting.errors import NotFound
from anze.records.evidence.models import Participation, Record
from anze.records.imports import actions, queries
from anze.records.imports.targets import record_sheet
from anze.records.imports.texts import texts_of
from anze.records.lawbook import lawbook
from anze.rules.importing.names import named_people
from tests.cast import Cast
from tests.records.imports.books import STUDY, xlsx
from tests.records.imports.test_importing import errors_of, upload

OF = f"roll:{STUDY}"
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
FIRST = ["冬季行车", "2026-11-03 14:00", "防滑", 2, "李甬", "钱甬", "", "", "92"]
SECOND = ["", "", "", "", "", "孙甬", "", 1.5, "85"]
OTHER = ["夜间行车", "2026-11-04 14:00", "视距", 2, "李甬", "钱甬", "缺席", "", ""]


def test_rows_become_sessions_that_prove(cast: Cast) -> None:
    with cast.acts("safety_manager"):
        key = upload(xlsx(HEAD, FIRST, SECOND, OTHER), OF)
        assert errors_of(key) == {}
        assert queries.an_import(key).name == "驾驶员安全学习签到表"
        assert actions.commit(import_id=key).made == 3
        winter, night = Record.objects.order_by("happened_at")
        assert (winter.status, winter.values.get("exam")) == ("sealed", None)
        parts = Participation.objects.filter(role="participant").order_by("record__happened_at", "person")
        assert [(p.record_id, p.person_id, p.attendance, str(p.hours), str(p.score)) for p in parts] == [
            (winter.pk, cast.a.drivers[0], "attended", "None", "92.0"),
            (winter.pk, cast.a.drivers[1], "attended", "1.50", "85.0"),
            (night.pk, cast.a.drivers[0], "absent", "None", "None"),
        ]
        made = {row.number: row.made for row in queries.rows(key).rows}
        assert made == {2: winter.pk, 3: winter.pk, 4: night.pk}
        origin = queries.origin(winter.pk, kind=STUDY)
        assert origin is not None
        assert origin.import_id == key


def test_the_same_list_again_makes_nothing(cast: Cast) -> None:
    with cast.acts("safety_manager"):
        actions.commit(import_id=upload(xlsx(HEAD, FIRST, SECOND), OF))
        key = upload(xlsx(HEAD, FIRST, SECOND, OTHER), OF)
        assert queries.an_import(key).counts == {"known": 2, "good": 1}
        assert actions.commit(import_id=key).made == 1
        assert Record.objects.count() == 2


def test_errors_stand_at_the_person_or_at_the_first_row_of_the_session(cast: Cast) -> None:
    rows = [
        FIRST,
        ["", "", "", "", "", "王不在", "迟到", "", ""],
        ["", "", "", "", "", "钱甬", "缺席", "", ""],
        ["", "", "", "", "", "孙甬、周甬", "", "", ""],
        ["夜间", "2027-01-01", "视距", 2, "李甬", "钱甬", "", "", ""],
        ["", "", "", "", "", "孙甬", "", "很久", ""],
        ["雨天", "2027-01-02", "视距", 2, "李甬", "赵不在", "", "", ""],
        ["", "", "", "", "", "钱甬", "", "", ""],
    ]
    with cast.acts("safety_manager"):
        found = errors_of(upload(xlsx(HEAD, *rows), OF))
    assert found.pop("G3 到场情况").startswith("没有“迟到”这一项")
    assert found == {
        "F3 姓名": "本企业没有“王不在”这个人。",
        "F4 姓名": "同一场里与第 2 行是同一人。",
        "F5 姓名": "一行只写一个人。",
        "H7 本人时长（小时）": "“很久”不是数字。",
        "B6 发生时间": "发生时间在将来：只能记录已经发生的事。",
        "F8 姓名": "本企业没有“赵不在”这个人。",
        "B9 发生时间": "发生时间在将来：只能记录已经发生的事。",
    }


def test_a_session_is_repaired_at_one_of_its_rows(cast: Cast) -> None:
    wrong = ["冬季行车", "2027-11-03", *FIRST[2:]]
    with cast.acts("safety_manager"):
        key = upload(xlsx(HEAD, wrong, SECOND, OTHER), OF)
        _, _, typed, _ = queries.a_row(key, 2)
        assert actions.repair(import_id=key, number=2, typed={**typed, "happened_at": "2026-11-03"})
        assert queries.a_row(key, 3)[2]["happened_at"] == "2026-11-03"
        assert queries.a_row(key, 4)[2]["happened_at"] == OTHER[1]
        assert actions.repair(import_id=key, number=3, typed={**queries.a_row(key, 3)[2], "person": "孙甬"})
        assert actions.commit(import_id=key).made == 3
        assert Record.objects.count() == 2


def test_a_kind_without_attendance_has_no_list(cast: Cast) -> None:
    with cast.acts("safety_manager"), pytest.raises(NotFound):
        queries.template("roll:training.plan")


def test_results_go_out_and_come_in_again_unchanged(cast: Cast) -> None:
    """As the record's own sheet writes them, behind the name."""
    with cast.acts("safety_manager"):
        graded = [*FIRST[:-1], "92（合格）"]
        actions.commit(import_id=upload(xlsx(HEAD, graded, [*SECOND[:-1], "不合格"]), OF))
        (record,) = Record.objects.all()
        sheet = record_sheet(lawbook().kinds[STUDY])
        cell = texts_of(sheet, [record])[record.pk]["parts.participant"]
        assert cell == "钱甬（92分）（合格）、孙甬（1.5小时）（不合格）"
        again = named_people(cell)
        assert [(p.name, p.score, p.outcome) for p in again] == [
            ("钱甬", "92", "passed"),
            ("孙甬", "", "failed"),
        ]


def test_another_word_stays_in_the_sessions_field(cast: Cast) -> None:
    with cast.acts("safety_manager"):
        actions.commit(import_id=upload(xlsx(HEAD, [*FIRST[:-1], "良好"]), OF))
        (record,) = Record.objects.all()
        assert record.values["exam"] == "钱甬：良好"
        assert not Participation.objects.exclude(score=None).exists()
