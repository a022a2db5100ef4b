"""What lies on the desk today: what came in, drafts that wait, and a record entered twice."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from anze.cli.demo.days import at
from anze.cli.demo.incidents import TYRE, notice
from anze.cli.demo.story import Happening, Teller

DAY = timedelta(days=1)


def desk(teller: Teller) -> Iterator[Happening]:
    yield from ahead(teller)
    yield from drafts(teller)
    yield from entered_twice(teller)


def ahead(teller: Teller) -> Iterator[Happening]:
    """A fresh notice."""
    day = teller.days.today
    yield from notice(teller, "notice-today", day - 2 * DAY, teller.firm.drivers(day)[5], 3)


def drafts(teller: Teller) -> Iterator[Happening]:
    day = teller.days.today
    by, lead = teller.safety(day), teller.lead(day)
    yield Happening(
        kind="hazard.rectification",
        title="整改：一辆客车右后轮花纹不足（待复查）",
        happened=at(day - 2 * DAY, "11:00"),
        seal=None,
        by=by,
        values={"measures": "车辆已停运，轮胎到货后更换。", "result": "ongoing"},
        parts={"inspector": [by], "signer": [lead]},
        vehicles=(TYRE,),
        about="hazard-today",
    )
    yield Happening(
        kind="inspection.safety",
        title="夜间发车现场抽查",
        happened=at(day - DAY, "19:30"),
        seal=None,
        by="manager2",
        values={"scope": "daily", "place": "长途一车队夜班发车现场", "found": "0"},
        parts={"inspector": ["manager2"]},
    )
    yield Happening(
        kind="other.record",
        title="出车前发现右侧后视镜松动",
        happened=at(day - DAY, "06:10"),
        seal=None,
        by="driver1",
        values={"content": "已报车队长紧固，请安全科确认是否登记隐患。"},
        parts={"recorder": ["driver1"]},
    )


def entered_twice(teller: Teller) -> Iterator[Happening]:
    twice = teller.days.day(3, 19)
    by = teller.safety(twice)
    yield Happening(
        kind="meeting.safety",
        title=f"{twice.year}年{twice.month}月安全会议",
        happened=at(twice, "15:00"),
        seal=at(twice + 2 * DAY, "09:10"),
        by=by,
        values={"type": "regular", "minutes": "与前一条为同一次会议。"},
        parts={"recorder": [by]},
        key="duplicate",
    )
