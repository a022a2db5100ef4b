"""A company moves in with its past: who left, posts that ended, vehicles that went, numbers that it gave."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from openpyxl import load_workbook

from anze.records.duties import actions as duties
from anze.records.evidence.actions import attach_file
from anze.records.evidence.models import Record
from anze.records.fleet.models import Vehicle
from anze.records.imports import actions, queries
from anze.records.imports.lists import list_of_people, list_of_vehicles
from anze.records.imports.models import Row
from anze.records.people.models import Holding, Person
from tests.cast import Cast
from tests.records.imports.books import xlsx

PEOPLE = ["姓名", "电话", "入职日期", "岗位", "任职日期", "离任日期", "离职日期"]
VEHICLES = ["车牌号", "入册日期", "机构", "退出日期"]
NOTICES = ["标题", "发生时间", "编号", "初步判断的等级", "事故地点", "死亡（人）", "受伤（人）", "简要经过"]
REPORTS = ["标题", "发生时间", "编号", "针对事件的编号", "已报部门", "报告内容"]
SCANNED = "certificate.competence"
CERTIFICATES = ["标题", "发生时间", "证书编号", "发证机关", "有效期至", "持证人"]
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def upload(of: str, head: Sequence[object], *rows: Sequence[object]) -> int:
    file = xlsx(head, *rows)
    return actions.upload(of=of, name="旧台账.xlsx", file=file, size=len(file.getvalue()))


def errors_of(key: int) -> dict[str, str]:
    page = queries.rows(key, standing="wrong")
    return {cell.place: cell.error for row in page.rows for cell in row.errors}


def made(key: int) -> int:
    assert errors_of(key) == {}
    return actions.commit(import_id=key).made


def test_who_left_and_which_posts_ended(cast: Cast) -> None:
    rows = [
        ["吴旧", "", "2020-03-01", "动态监控人员", "2021-01-01", "2025-06-01", "2026-02-01"],
        ["吴旧", "", "2020-03-01", "安全生产管理人员", "2025-06-01", "", "2026-02-01"],
        ["郑早", "", "2019-01-01", "主要负责人", "2020-01-01", "2025-01-01", ""],
    ]
    with cast.acts("principal"):
        assert made(upload("people", PEOPLE, *rows)) == 3
        old = Person.objects.get(name="吴旧")
        assert old.left_on == date(2026, 2, 1)
        spans = Holding.objects.filter(person=old).order_by("since").values_list("since", "until")
        assert list(spans) == [
            (date(2021, 1, 1), date(2025, 6, 1)),
            (date(2025, 6, 1), date(2026, 2, 1)),
        ]
        assert Person.objects.get(name="郑早").left_on is None
        again = upload("people", PEOPLE, *rows)
        assert queries.an_import(again).counts == {"known": 3}


def test_a_past_that_cannot_be(cast: Cast) -> None:
    rows = [
        ["甲一", "138****1234", "2020-03-01", "", "", "", ""],
        ["乙二", "", "2020-03-01", "动态监控人员", "2021-01-01", "2021-01-01", ""],
        ["丙三", "", "2020-03-01", "", "", "", "2020-02-01"],
        ["丁四", "", "2020-03-01", "", "", "", "2026-02-01"],
        ["丁四", "", "2020-03-01", "动态监控人员", "2021-01-01", "", "2026-03-01"],
        ["戊五", "", "2020-03-01", "动态监控人员", "2021-01-01", "2023-01-01", ""],
        ["戊五", "", "2020-03-01", "动态监控人员", "2022-01-01", "", ""],
        ["郑早", "", "2019-01-01", "主要负责人", "2020-01-01", "2025-06-01", ""],
        ["赵甬", "", "2025-01-01", "主要负责人", "2025-01-01", "2026-01-01", "2026-01-01"],
    ]
    with cast.acts("principal"):
        assert errors_of(upload("people", PEOPLE, *rows)) == {
            "B2 电话": "电话中间几位是隐去的：请填完整的号码，或清空这一格。",
            "F3 离任日期": "离任日期应晚于任职日期 2021-01-01。",
            "G4 离职日期": "离职日期早于入职日期 2020-03-01。",
            "G6 离职日期": "前面的行写明 2026-02-01 离职，与此处不同。",
            "D8 岗位": "前面的行已写明 戊五 自 2021-01-01 起任此岗位，期间重叠。",
            "D9 岗位": "同一时间只能由一人担任：赵甬 自 2025-01-01 起任此岗位。",
            "F10 离任日期": "赵甬 已任此岗位，此处与表里不同；办理离任请在人员页面。",
            "G10 离职日期": "赵甬 已在册，此处与表里不同；修改请在人员页面。",
        }


def test_the_list_of_all_people_comes_in_again(cast: Cast) -> None:
    with cast.acts("principal"):
        made(
            upload(
                "people",
                PEOPLE,
                ["吴旧", "", "2020-03-01", "安全生产管理人员", "2021-01-01", "", "2026-02-01"],
            )
        )
        for service, count in (("", 6), ("left", 1), ("all", 7)):
            with list_of_people(text="", unit_id=None, position=None, service=service) as file:
                content = io.BytesIO(file.read())
            key = actions.upload(of="people", name="人员.xlsx", file=content, size=len(content.getvalue()))
            assert queries.an_import(key).counts == {"known": count}


def test_vehicles_that_went(cast: Cast) -> None:
    gone = ["浙B12345", "2015-03-01", "", "2025-03-01"]
    with cast.acts("principal"):
        assert made(upload("vehicles", VEHICLES, gone)) == 1
        assert Vehicle.objects.get(plate="浙B12345").until == date(2025, 3, 1)
        with list_of_vehicles(text="", unit_id=None, service="all") as file:
            content = io.BytesIO(file.read())
        heads = [cell.value for cell in load_workbook(content).worksheets[0][1]]
        assert heads == VEHICLES
        key = actions.upload(of="vehicles", name="车辆.xlsx", file=content, size=len(content.getvalue()))
        assert queries.an_import(key).counts == {"known": 3}
        rows = [
            [*gone[:3], "2025-04-01"],
            ["浙A10001", "2025-01-01", "", "2026-01-01"],
            ["浙B54321", "2015-03-01", "", "2015-03-01"],
        ]
        assert errors_of(upload("vehicles", VEHICLES, *rows)) == {
            "D2 退出日期": "浙B12345 已在册，此处与表里不同；办理退出请在车辆页面。",
            "D3 退出日期": "浙A10001 已在册，此处与表里不同；办理退出请在车辆页面。",
            "D4 退出日期": "退出日期应晚于入册日期 2015-03-01。",
        }


def notice(title: str, number: str, day: str = "2026-11-03 08:10") -> list[object]:
    return [title, day, number, "一般事故", "省道38公里处", 0, 1, "与小型货车刮擦。"]


def report(number: str, about: str, day: str = "2026-11-03 08:50") -> list[object]:
    return ["事故上报", day, number, about, "仅交通运输主管部门", "已电话报告"]


def test_events_may_be_called_as_where_they_came_from(cast: Cast) -> None:
    with cast.acts("principal"):
        made(upload("accident.notice", NOTICES, notice("先一件", "2026-安-3"), notice("又一件", "2026-安-7")))
        assert Row.objects.filter(standing="made", typed={"number": "2026-安-7"}).count() == 1
        rows = [report("", "2026-安-7"), report("", "SG-2026-0001", "2026-11-03 08:55")]
        assert made(upload("accident.report", REPORTS, *rows)) == 2
        answered = Record.objects.filter(kind="accident.report").order_by("happened_at")
        assert [record.about.title for record in answered] == ["又一件", "先一件"]
        assert errors_of(upload("accident.report", REPORTS, report("", "2026-安-9"))) == {
            "D2 针对事件的编号": "没有编号为 2026-安-9 的已封存事件。"
        }


def test_what_was_imported_under_a_number_is_known_by_it(cast: Cast) -> None:
    with cast.acts("principal"):
        rows = [notice("先一件", "旧SG-2026-0004"), notice("又一件", "旧SG-2026-0007")]
        made(upload("accident.notice", NOTICES, *rows))
        made(upload("accident.report", REPORTS, report("旧SB-1", "旧SG-2026-0007")))
        assert queries.an_import(upload("accident.notice", NOTICES, *rows)).counts == {"known": 2}
        again = upload("accident.report", REPORTS, report("旧SB-1", "旧SG-2026-0007"))
        assert queries.an_import(again).counts == {"known": 1}
        (wrong,) = errors_of(upload("accident.notice", NOTICES, notice("改了", "旧SG-2026-0007"))).values()
        assert wrong.startswith("旧SG-2026-0007 已在册，“标题”与表里不同。")
        entered = upload("accident.notice", NOTICES, notice("先一件", ""))
        assert queries.an_import(entered).counts == {"known": 1}


def test_a_number_that_can_mean_two_events_is_refused(cast: Cast) -> None:
    with cast.acts("principal"):
        made(upload("accident.notice", NOTICES, notice("从别处来的", "SG-2026-0002")))
        made(upload("accident.notice", NOTICES, notice("本企业的", "", "2026-11-04 09:00")))
        assert errors_of(upload("accident.report", REPORTS, report("", "SG-2026-0002"))) == {
            "D2 针对事件的编号": "编号 SG-2026-0002 可以指 “本企业的”（现编号 SG-2026-0002）、"
            "“从别处来的”（现编号 SG-2026-0001），请改填不会混淆的现编号。"
        }


def test_what_needs_a_scan_comes_as_a_draft(cast: Cast, settings: Any, tmp_path: Path) -> None:
    settings.ATTACHMENTS_DIR = tmp_path
    row = ["考核合格证明", "2026-11-03", "浙交安 001", "省交通运输厅", "2029-11-03", "李甬"]
    with cast.acts("principal"):
        assert made(upload(SCANNED, CERTIFICATES, row)) == 1
        record = Record.objects.get()
        assert (record.status, record.number) == ("draft", None)
        assert queries.an_import(upload(SCANNED, CERTIFICATES, row)).counts == {"known": 1}
        attach_file(record_id=record.pk, name="证书.pdf", chunks=[PDF])
        duties.seal_records(record_ids=[record.pk])
        assert Record.objects.get().status == "sealed"
