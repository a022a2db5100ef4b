"""Key periods: declared, prepared for, and one warning for which the education was forgotten."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from anze.cli.demo.days import at, office_day, spring_festival
from anze.cli.demo.story import Happening, Teller
from anze.records.lawbook import lawbook

DAY = timedelta(days=1)


def periods(teller: Teller) -> Iterator[Happening]:
    for year in teller.days.years():
        yield from key_periods(teller, year)
    yield from weather(teller)
    yield from fog(teller)


def key_periods(teller: Teller, year: int) -> Iterator[Happening]:
    """What the year's list holds needs no record of the company; a year without a list is registered."""
    festival = spring_festival(year)
    wanted = (
        ("spring_festival", f"{year}年春运", festival - 15 * DAY, 40),
        ("golden_week", f"{year}年五一假期", date(year, 5, 1), 5),
        ("flood", f"{year}年汛期", date(year, 4, 15), 184),
        ("golden_week", f"{year}年国庆假期", date(year, 10, 1), 7),
    )
    listed = {(p.type, p.begins.month): p for p in lawbook().key_periods.values() if p.begins.year == year}
    for kind, title, begins, length in wanted:
        known = listed.get((kind, begins.month))
        if known is not None and known.opens >= teller.days.start:
            taught, rostered = known.begins - 8 * DAY, known.begins - 4 * DAY
            yield from preparations(teller, None, known.name, taught, rostered)
        elif known is None and begins - 25 * DAY >= teller.days.start:
            yield from key_period(teller, kind, title, begins, length)


def key_period(teller: Teller, kind: str, title: str, begins: date, length: int) -> Iterator[Happening]:
    day, by = begins - 18 * DAY, teller.safety(begins)
    yield Happening(
        kind="key-period.declared",
        title=title,
        happened=at(day, "09:00"),
        seal=at(day, "10:00"),
        by=by,
        values={
            "type": kind,
            "begins": str(begins),
            "ends": str(begins + (length - 1) * DAY),
            "source": "行业主管部门部署",
        },
        parts={"recorder": [by]},
        key=f"period-{title}",
    )
    yield from preparations(teller, f"period-{title}", title, begins - 8 * DAY, begins - 4 * DAY)


def preparations(
    teller: Teller, event: str | None, title: str, taught: date, rostered: date
) -> Iterator[Happening]:
    by, lead = teller.safety(taught), teller.lead(rostered)
    year = taught.year * 100 + taught.month
    if teller.firm.keeps("period-education", year):
        yield Happening(
            kind="training.special",
            title=f"{title}前驾驶员专项教育",
            happened=at(taught, "14:00"),
            seal=at(taught, "17:10"),
            by=by,
            values={
                "occasion": "key_period",
                "topic": "客流特点、夜间和恶劣天气行车、应急报告。",
                "hours": "1.5",
            },
            parts={"organiser": [by], "participant": teller.firm.drivers(taught)},
            about=event,
        )
    if teller.firm.keeps("period-roster", year):
        yield Happening(
            kind="duty.roster",
            title=f"{title}值班安排",
            happened=at(rostered, "10:00"),
            seal=at(rostered, "15:00"),
            by=by,
            values={"arrangement": "每日领导带班、中层值班，24小时在岗，电话见值班表附件。"},
            parts={
                "organiser": [lead, *teller.firm.present(["office"], rostered)],
                "chair": [lead, *teller.firm.present(["vice2"], rostered)],
                "participant": teller.staff(rostered),
            },
            about=event,
        )
    if teller.firm.keeps("period-inspection", year):
        yield inspection(teller, event, title, rostered)


def inspection(teller: Teller, event: str | None, title: str, day: date) -> Happening:
    by = teller.safety(day)
    return Happening(
        kind="inspection.safety",
        title=f"{title}前营运安全检查",
        happened=at(day, "13:30"),
        seal=at(day, "16:30"),
        by=by,
        values={
            "scope": "holiday",
            "place": "发车区、车队和驻点",
            "found": "0",
            "findings": "运力和应急准备到位。",
        },
        parts={
            "organiser": ["operations"],
            "participant": teller.firm.present(["captain1", "captain2"], day),
        },
        about=event,
    )


def weather(teller: Teller) -> Iterator[Happening]:
    """A warning for the day after next, with the roster made and the education forgotten."""
    day = office_day(teller.days.month(7) + 10 * DAY)
    cold = day.month in (11, 12, 1, 2, 3)
    title = f"{day.month}月{'寒潮冰冻' if cold else '强对流天气'}预警"
    by, lead = teller.safety(day), teller.lead(day)
    yield Happening(
        kind="key-period.declared",
        title=title,
        happened=at(day, "15:00"),
        seal=at(day, "15:30"),
        by=by,
        values={
            "type": "weather",
            "begins": str(day + 2 * DAY),
            "ends": str(day + 4 * DAY),
            "source": "气象蓝色预警",
        },
        parts={"recorder": [by]},
        key="weather",
    )
    yield Happening(
        kind="duty.roster",
        title=f"{title}值班安排",
        happened=at(day, "17:00"),
        seal=at(day, "17:40"),
        by=by,
        values={"arrangement": "当晚起领导带班，监控室双岗，两条山区班线停运待命。"},
        parts={
            "organiser": [lead, *teller.firm.present(["office"], day)],
            "chair": [lead, *teller.firm.present(["vice2"], day)],
        },
        about="weather",
    )


def fog(teller: Teller) -> Iterator[Happening]:
    """A warning of last month at a level at which running may be stopped; prepared for on the day it came."""
    day = teller.days.day(1, 12)
    title, by = f"{day.month}月大雾橙色预警", teller.safety(day)
    yield Happening(
        kind="key-period.declared",
        title=title,
        happened=at(day, "08:30"),
        seal=at(day, "08:50"),
        by=by,
        values={
            "type": "weather",
            "begins": str(day + DAY),
            "ends": str(day + 2 * DAY),
            "source": "市气象台发布",
            "warning": "fog",
            "level": "orange",
        },
        parts={"recorder": [by]},
        key="fog",
    )
    yield from preparations(teller, "fog", title, day, day)
