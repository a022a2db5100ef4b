"""From a file to sealed records, people and vehicles: previewed, repaired, committed whole and once."""

from __future__ import annotations

import io
from datetime import date

import pytest
from openpyxl import load_workbook

from anze.records.acting.errors import NotFound, NotPermitted
from anze.records.duties.models import Obligation
from anze.records.evidence import queries as evidence
from anze.records.evidence.models import Participation, Record
from anze.records.fleet.models import Vehicle
from anze.records.imports import actions, queries
from anze.records.imports.actions import ImportEnded, UnreadableFile
from anze.records.imports.models import Import, Row
from anze.records.journal.models import Entry
from anze.records.people.models import Holding, Person
from tests.cast import Cast
from tests.records.imports.books import HEAD, STUDY, study, xlsx


def upload(file: io.BytesIO, of: str = STUDY) -> int:
    return actions.upload(of=of, name="学习台账.xlsx", file=file, size=len(file.getvalue()))


def errors_of(key: int) -> dict[str, str]:
    page = queries.rows(key, standing="wrong")
    return {cell.place: cell.error for row in page.rows for cell in row.errors}


def test_a_sheet_becomes_sealed_records_that_prove(cast: Cast):
    with cast.acts("safety_manager"):
        key = upload(xlsx(HEAD, study(1), study(2, day="2026-10-12", who="钱甬、孙甬（缺席）")))
        shown = queries.an_import(key)
        assert (shown.name, shown.total, shown.counts) == ("驾驶员安全学习", 2, {"good": 2})
        assert not Record.objects.exists()
        assert actions.commit(import_id=key).made == 2
        records = list(Record.objects.order_by("happened_at"))
        assert [record.status for record in records] == ["sealed", "sealed"]
        assert all(record.number and record.digest for record in records)
        absent = Participation.objects.get(record=records[0], person=cast.a.drivers[1])
        assert absent.attendance == "absent"
        proof = Obligation.objects.filter(state="met", facts__contains=[records[1].pk])
        assert proof.exists()
        origin = queries.origin(records[1].pk, kind=STUDY)
        assert origin is not None
        assert (origin.number, origin.file_name, origin.by) == (2, "学习台账.xlsx", "李甬")
        detail = evidence.record(records[0].pk)
        assert detail.lag_days == 39  # entered late, and said so
    with cast.acts("safety_manager"):
        noted = Entry.objects.order_by("number").values_list("action", flat=True)
        assert list(noted)[-4:] == ["import.upload", "evidence.draft", "record.seal", "import.commit"]


def test_what_was_typed_is_forgotten_when_it_ends(cast: Cast):
    with cast.acts("safety_manager"):
        key = upload(xlsx(HEAD, study(1)))
        actions.commit(import_id=key)
        assert list(Row.objects.values_list("typed", "errors", "standing")) == [({}, {}, "made")]


def test_every_error_of_every_row_is_found_with_its_cell(cast: Cast):
    rows = [
        ["", "2026-02-30", "冬季行车", "很久", "李甬", "王不在"],
        ["夜间行车", "2027-01-01", "", 2, "李甬", "钱甬"],
        ["雨天", "2026-11-03", "雨天", 2, "李甬、周某", "钱甬、钱甬"],
    ]
    with cast.acts("safety_manager"):
        key = upload(xlsx(HEAD, *rows, study(1)))
        assert errors_of(key) == {
            "A2 标题": "必填，现为空。",
            "B2 发生时间": "没有 2026-02-30 这一天。",
            "D2 时长（小时）": "“很久”不是数字。",
            "F2 参加学习的驾驶员": "本企业没有“王不在”这个人。",
            "B3 发生时间": "发生时间在将来：只能记录已经发生的事。",
            "C3 学习内容": "必填，现为空。",
            "E4 组织人": "本企业没有“周某”这个人。",
            "F4 参加学习的驾驶员": "同一人写了两次。",
        }
        assert actions.commit(import_id=key).wrong == 3
        assert not Record.objects.exists()


def test_a_form_s_own_checks_speak_of_cells_too(cast: Cast):
    rows = [study(1, day="2027-01-01"), study(2, who="钱甬、钱甬"), study(3, day="2024-06-01")]
    with cast.acts("safety_manager"):
        found = errors_of(upload(xlsx(HEAD, *rows)))
    assert found["B2 发生时间"] == "发生时间在将来：只能记录已经发生的事。"
    assert found["F3 参加学习的驾驶员"] == "同一人写了两次。"
    assert found["E4 组织人"] == "李甬 在 2024-06-01 不在职，请核对人员或时间。"


def test_a_row_is_repaired_in_place(cast: Cast):
    with cast.acts("safety_manager"):
        key = upload(xlsx(HEAD, study(1, who="钱甬、李四"), study(2, who="张三")))
        row, sheet, typed, errors = queries.a_row(key, 2)
        assert (row.standing, sheet.of, errors) == (
            "wrong",
            STUDY,
            {"parts.participant": "本企业没有“李四”这个人。"},
        )
        assert not actions.repair(import_id=key, number=2, typed={**typed, "title": ""})
        assert actions.repair(import_id=key, number=2, typed={**typed, "parts.participant": "钱甬"})
        actions.drop_row(import_id=key, number=3)
        assert actions.commit(import_id=key).made == 1
        with pytest.raises(ImportEnded):
            actions.repair(import_id=key, number=2, typed=typed)
        with pytest.raises(ImportEnded):
            actions.discard(import_id=key)


def test_committed_twice_is_committed_once(cast: Cast):
    with cast.acts("safety_manager"):
        key = upload(xlsx(HEAD, study(1)))
        actions.commit(import_id=key)
    with cast.acts("principal"):
        again = actions.commit(import_id=key)
        assert (again.made, again.before) == (1, True)
        assert Record.objects.count() == 1


def test_the_same_file_again_makes_nothing_a_second_time(cast: Cast):
    with cast.acts("safety_manager"):
        actions.commit(import_id=upload(xlsx(HEAD, study(1))))
        key = upload(xlsx(HEAD, study(1), study(2)))
        assert queries.an_import(key).counts == {"known": 1, "good": 1}
        assert actions.commit(import_id=key).made == 1
        assert Record.objects.count() == 2


def test_equal_rows_of_one_sheet_are_told(cast: Cast):
    with cast.acts("safety_manager"):
        assert errors_of(upload(xlsx(HEAD, study(1), study(1)))) == {"A3 标题": "与第 2 行完全相同。"}


def test_what_changed_since_the_preview_is_found_at_the_commit(cast: Cast):
    with cast.acts("safety_manager"):
        key = upload(xlsx(HEAD, study(1)))
        Person.objects.filter(pk=cast.a.drivers[0]).update(name="钱某")
        assert actions.commit(import_id=key).wrong == 1
        assert list(errors_of(key)) == ["F2 参加学习的驾驶员"]
        assert not Record.objects.exists()


def test_another_company_s_people_and_plates_look_like_nobody_s(cast: Cast):
    head = ["标题", "发生时间", "车辆", "维护级别", "维护单位"]
    with cast.acts("safety_manager"):
        theirs = errors_of(upload(xlsx(HEAD, study(1, who="钱海"))))
        nobody = errors_of(upload(xlsx(HEAD, study(1, who="钱无"))))
    assert [text.replace("海", "无") for text in theirs.values()] == list(nobody.values())
    with cast.acts("safety_manager"):
        kind = "vehicle.maintenance"
        found = [
            errors_of(upload(xlsx(head, ["二保", "2026-11-03", plate, "二级维护", "一厂"]), kind))
            for plate in PLATES
        ]
    assert [f["C2 车辆"] for f in found] == ["浙B10001 不是本企业的车辆。", "浙C99999 不是本企业的车辆。"]


PLATES = ("浙B10001", "浙C99999")


def test_people_with_posts(cast: Cast):
    head = ["姓名", "电话", "入职日期", "驾驶员", "机构", "岗位", "任职日期"]
    rows = [
        ["周新", "１３８ ０００１ ２３４５", "2026/3/1", "是", "安全部", "", ""],
        ["吴双", "", "2026-03-01", "", "", "安全生产管理人员", "2026-04-01"],
        ["钱甬", "138****0003", "2025-01-01", "", "", "", ""],
    ]
    with cast.acts("safety_manager"):
        key = upload(xlsx(head, *rows), "people")
        assert errors_of(key) == {}
        assert queries.an_import(key).counts == {"good": 2, "known": 1}
        assert actions.commit(import_id=key).made == 2
        new = Person.objects.get(name="周新")
        assert (new.phone, new.joined_on, new.driver, new.unit_id) == (
            "13800012345",
            date(2026, 3, 1),
            True,
            cast.a.department,
        )
        held = Holding.objects.get(person__name="吴双")
        assert (held.position, held.since) == ("coach.safety_manager", date(2026, 4, 1))
        assert Person.objects.filter(name="钱甬").count() == 1


def test_people_who_do_not_fit(cast: Cast):
    head = ["姓名", "电话", "入职日期", "机构", "岗位", "任职日期"]
    rows = [
        ["周新", "12", "2026-03-01", "没有的部", "主要负责人", "2026-02-01"],
        ["钱甬", "13900000000", "2025-01-01", "", "", ""],
        ["吴双", "", "2026-03-01", "", "", "2026-04-01"],
        ["冯新", "", "2026-03-01", "", "队长", ""],
    ]
    with cast.acts("safety_manager"):
        assert errors_of(upload(xlsx(head, *rows), "people")) == {
            "B2 电话": "“12”不是电话号码。",
            "D2 机构": "本企业没有“没有的部”这个机构。",
            "E2 岗位": "同一时间只能由一人担任：赵甬 自 2025-01-01 起任此岗位。",
            "F2 任职日期": "任职日期早于入职日期。",
            "B3 电话": "钱甬 已在册，此处与表里不同；修改请在人员页面。",
            "E4 岗位": "填了任职日期，岗位却空着。",
            "E5 岗位": errors_of(upload(xlsx(head, rows[3]), "people"))["E2 岗位"],
        }


def test_one_person_with_two_posts_is_one_person(cast: Cast):
    head = ["姓名", "入职日期", "岗位"]
    rows = [["吴双", "2026-03-01", "安全生产管理人员"], ["吴双", "2026-03-01", "动态监控人员"]]
    with cast.acts("safety_manager"):
        key = upload(xlsx(head, *rows), "people")
        if wrong := errors_of(key):
            pytest.fail(str(wrong))
        assert actions.commit(import_id=key).made == 2
        assert Person.objects.filter(name="吴双").count() == 1
        assert Holding.objects.filter(person__name="吴双").count() == 2


def test_vehicles(cast: Cast):
    head = ["车牌号", "入册日期", "机构"]
    rows = [
        ["浙 B·12345", "20260301", "安全部"],
        ["浙A10001", "2025-01-01", ""],
        ["浙A10002", "2025-02-01", ""],
        ["浙B１２３４５", "20260401", ""],
        ["坏", "20260401", ""],
    ]
    with cast.acts("safety_manager"):
        key = upload(xlsx(head, *rows), "vehicles")
        assert errors_of(key) == {
            "B4 入册日期": "浙A10002 已在册，此处与表里不同；修改请在车辆页面。",
            "A5 车牌号": "浙B12345 与第 2 行重复。",
            "A6 车牌号": "“坏”不是车牌号，应如 浙B12345。",
        }
        for number in (4, 5, 6):
            actions.drop_row(import_id=key, number=number)
        assert actions.commit(import_id=key).made == 1
        assert Vehicle.objects.get(plate="浙B12345").unit_id == cast.a.department


def test_an_import_is_the_company_s_own(cast: Cast):
    with cast.acts("safety_manager"):
        key = upload(xlsx(HEAD, study(1)))
    with cast.acts("other_safety_manager"):
        assert queries.imports().total == 0
        for act in (
            queries.an_import,
            lambda k: actions.commit(import_id=k),
            lambda k: actions.discard(import_id=k),
        ):
            with pytest.raises(NotFound):
                act(key)
    with cast.acts("monitor"):
        with pytest.raises(NotFound):
            queries.an_import(key)
        mine = upload(xlsx(HEAD, study(2)))
        assert [row.id for row in queries.imports().rows] == [mine]
    with cast.acts("principal"):
        assert queries.imports().total == 2


def test_who_may_not_write_may_not_import(cast: Cast):
    for member, of in (("driver", STUDY), ("clerk", STUDY), ("monitor", "people"), ("monitor", "vehicles")):
        with cast.acts(member), pytest.raises(NotPermitted):
            upload(xlsx(HEAD, study(1)), of)
    with cast.acts("safety_manager"), pytest.raises(NotFound):
        upload(xlsx(HEAD), "no.such")


def test_a_discarded_import_leaves_nothing(cast: Cast):
    with cast.acts("safety_manager"):
        key = upload(xlsx(HEAD, study(1)))
        actions.discard(import_id=key)
        actions.discard(import_id=key)
        assert not Row.objects.exists()
        with pytest.raises(ImportEnded, match="取消"):
            actions.commit(import_id=key)
        assert Import.objects.get().status == "discarded"


def test_a_template_filled_in_is_taken(cast: Cast):
    with cast.acts("safety_manager"):
        name, file = queries.template(STUDY)
        assert name == "驾驶员安全学习"
        with file:
            book = load_workbook(file)
        page = book.worksheets[0]
        heads = [cell.value for cell in page[1]]
        assert str(page["A2"].value).startswith("填写说明")
        for head, value in zip(HEAD, study(1), strict=True):
            page.cell(3, heads.index(head) + 1, value)
        full = io.BytesIO()
        book.save(full)
        full.seek(0)
        assert errors_of(key := upload(full)) == {}
        assert actions.commit(import_id=key).made == 1


def test_unknown_columns_are_named_not_lost(cast: Cast):
    with cast.acts("safety_manager"):
        key = upload(xlsx([*HEAD, "备注甲"], [*study(1), "重要"]))
        assert queries.an_import(key).notices == ("不认识的列没有读取：G1“备注甲”。",)
        with pytest.raises(UnreadableFile, match="缺少“学习内容”列"):
            upload(xlsx(["标题", "发生时间", "学习的内容"], ["a", "2026-11-03", "b"]))
