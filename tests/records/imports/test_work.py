"""Thousands of rows take the statements of a few."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from anze.records.evidence.models import Item
from anze.records.imports import actions
from tests.cast import TODAY, Cast
from tests.records.imports.books import HEAD, STUDY, study, xlsx

MEETING = "meeting.safety"
MEETINGS = ["标题", "发生时间", "会议类型", "会议内容", "议定事项", "筹备人"]
LICENCE = "certificate.driving"
LICENCES = ["标题", "发生时间", "准驾车型", "有效期至", "持证人"]


def days(count: int) -> list[date]:
    return [TODAY - timedelta(days=10 + n) for n in range(count)]


def meeting(day: date) -> list[object]:
    return [f"{day} 例会", str(day), "安全例会", "布置工作", "检查车辆｜钱甬｜2026-12-31\n清点台账", "李甬"]


def licence(day: date) -> list[object]:
    return ["驾驶证", str(day), "A1 大型客车", "2030-05-08", "钱甬"]


def statements(cast: Cast, of: str, rows: list[list[object]]) -> int:
    file = xlsx(*rows)
    with CaptureQueriesContext(connection) as asked, cast.acts("safety_manager"):
        key = actions.upload(of=of, name="台账.xlsx", file=file, size=len(file.getvalue()))
        done = actions.commit(import_id=key)
    assert done.made == len(rows) - 1
    return len(asked)


@pytest.mark.parametrize("of", [STUDY, MEETING, LICENCE])
def test_more_rows_take_no_more_statements(cast: Cast, of: str) -> None:
    def sheet(some: list[date]) -> list[list[object]]:
        if of == STUDY:
            return [HEAD, *(study(n, day=str(day)) for n, day in enumerate(some))]
        return [MEETINGS, *map(meeting, some)] if of == MEETING else [LICENCES, *map(licence, some)]

    statements(cast, of, sheet(days(16)[14:]))  # what is kept is completed once
    few = statements(cast, of, sheet(days(2)))
    assert statements(cast, of, sheet(days(14)[2:])) <= few + 2  # a decision may write more sorts of rows
    if of == MEETING:
        with cast.acts("safety_manager"):
            assert Item.objects.count() == 2 * 16
            assert set(Item.objects.values_list("who", flat=True)) == {cast.a.drivers[0], None}
