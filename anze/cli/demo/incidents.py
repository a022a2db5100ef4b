"""What comes unasked: hazards, violations, accidents."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from anze.cli.demo import texts
from anze.cli.demo.days import at, office_day
from anze.cli.demo.story import Happening, Teller

DAY = timedelta(days=1)
TYRE = 6  # which hazard is open today
LATE_RECTIFICATION, LATE_HANDLING = 5, 5  # months back
NOTICES = (13, 11, 9, 7, 5, 3, 2)


def incidents(teller: Teller) -> Iterator[Happening]:
    for back in teller.days.backs():
        if back and teller.firm.keeps("inspection9", back):
            day = teller.days.day(back, 9)
            wait = 24 if back == LATE_RECTIFICATION else 5 + back % 4
            yield from hazard(teller, f"hazard-{back}", day, back, day + wait * DAY)
        if back in NOTICES:
            wait = 17 if back == LATE_HANDLING else 3
            yield from violation(teller, back, teller.days.day(back, 8), wait)
    yield from hazard(teller, "hazard-today", teller.days.today - 6 * DAY, TYRE, None)
    yield from accidents(teller)


def hazard(teller: Teller, key: str, day: date, pick: int, rectified: date | None) -> Iterator[Happening]:
    description, measures, vehicle = texts.HAZARDS[pick % len(texts.HAZARDS)]
    by, on = teller.safety(day), (pick % 9,) if vehicle else ()
    yield Happening(
        kind="hazard.found",
        title=description[:24].rstrip("，。"),
        happened=at(day, "10:30"),
        seal=at(day, "11:30"),
        by=by,
        values={"level": "general", "description": description, "owner": "车队长" if vehicle else "机务科"},
        parts={"recorder": [by]},
        vehicles=on,
        key=key,
    )
    if rectified is None or not teller.firm.keeps("rectification", pick):
        return
    by = teller.safety(rectified)
    yield Happening(
        kind="hazard.rectification",
        title=f"整改：{description[:20].rstrip('，。')}",
        happened=at(rectified, "15:00"),
        seal=at(rectified, "16:20"),
        by=by,
        values={"measures": measures, "result": "done"},
        parts={
            "inspector": [by, *teller.firm.present(["safety-head"], rectified)],
            "signer": [teller.lead(rectified), *teller.firm.present(["vice"], rectified)],
        },
        vehicles=on,
        about=key,
    )


def violation(teller: Teller, back: int, day: date, wait: int) -> Iterator[Happening]:
    drivers = teller.firm.drivers(day + wait * DAY)
    driver = next(d for d in drivers[back % len(drivers) :] if d in teller.firm.drivers(day))
    vehicle, key = (back * 3 % 12,), f"notice-{back}"
    yield from notice(teller, key, day, driver, back)
    if not teller.firm.keeps("handling", back):
        return
    handled = office_day(day + wait * DAY)
    by = teller.safety(handled)
    yield Happening(
        kind="violation.handling",
        title=f"{day.month}月抄告违法处理：约谈教育",
        happened=at(handled, "10:00"),
        seal=at(handled, "11:00"),
        by=by,
        values={"measure": "talk", "description": "约谈并签字，停班学习半天，扣当月安全奖200元。"},
        parts={"organiser": [by, *teller.firm.present(["safety-head"], handled)], "subject": [driver]},
        vehicles=vehicle,
        about=key,
    )
    if teller.firm.keeps("violation-education", back):
        yield Happening(
            kind="training.special",
            title=f"{handled.month}月违法驾驶员针对性教育",
            happened=at(handled, "15:00"),
            seal=at(handled + DAY, "09:00"),
            by=by,
            values={"occasion": "violation", "topic": "播放本人行车视频，分析违法成因。", "hours": "1"},
            parts={"organiser": [by], "participant": [driver]},
        )


def notice(teller: Teller, key: str, day: date, driver: str, pick: int) -> Iterator[Happening]:
    by = teller.safety(day)
    yield Happening(
        kind="violation.notice",
        title=f"{day.month}月{day.day}日违法抄告",
        happened=at(day, "09:20"),
        seal=at(day, "11:00"),
        by=by,
        values={
            "source": "transport" if "交通运输" in texts.VIOLATIONS[pick % 8] else "police",
            "description": texts.VIOLATIONS[pick % 8],
            "points": str((3, 0, 1, 3)[pick % 4]),
        },
        parts={"recorder": [by], "subject": [driver]},
        vehicles=(pick * 3 % 12,),
        key=key,
    )


def accidents(teller: Teller) -> Iterator[Happening]:
    """The diligent firm reports in time and investigates the second one late; the other reports next day."""
    if teller.firm.rate >= 1:
        yield from accident(teller, 11, 18, "省道38公里处：与小型货车刮擦，一名乘客手臂骨折。", 40, 32)
        yield from accident(teller, 4, 10, "城区振兴路口：右转时与电动自行车碰撞，骑行人腿部骨折。", 35, 76)
    else:
        yield from accident(teller, 7, 9, "沿海线隧道出口：追尾前车，一名乘客肋骨骨折。", 27 * 60, None)


def accident(
    teller: Teller, back: int, number: int, brief: str, minutes: int, investigated: int | None
) -> Iterator[Happening]:
    day = teller.days.month(back) + (number - 1) * DAY
    by, key = teller.safety(day), f"accident-{back}"
    known = at(day, "09:40")
    driver = teller.firm.drivers(day)[back]
    yield Happening(
        kind="accident.notice",
        title=f"{day.month}月{day.day}日道路交通事故接报",
        happened=known,
        seal=known + timedelta(minutes=12),
        by=by,
        values={
            "level": "ordinary",
            "place": brief.split("：", maxsplit=1)[0],
            "deaths": "0",
            "injuries": "1",
            "brief": brief,
        },
        parts={"recorder": [by], "subject": [driver]},
        vehicles=(back % 9,),
        key=key,
    )
    yield response(teller, day, key)
    yield from reports(teller, day, key, brief, minutes)
    if investigated is not None:
        yield from lessons(teller, key, day, day + investigated * DAY)


def response(teller: Teller, day: date, key: str) -> Happening:
    """What was done on the spot."""
    by, lead, known = teller.safety(day), teller.lead(day), at(day, "09:40")
    managers = [k for k in teller.firm.managers(day) if k != by]
    return Happening(
        kind="emergency.response",
        title=f"{day.month}月{day.day}日事故现场处置",
        happened=known + timedelta(minutes=25),
        seal=known + timedelta(hours=6),
        by=by,
        values={"actions": "启动预案，报警送医，转运乘客，保护现场，安排家属联络。"},
        parts={
            "chair": [lead],
            "organiser": teller.firm.present(["vice", "vice2"], day),
            "participant": [
                by,
                *managers,
                *teller.firm.present(["safety-head", "operations", "technical", "office", "technician"], day),
            ],
        },
        about=key,
    )


def reports(teller: Teller, day: date, key: str, brief: str, minutes: int) -> Iterator[Happening]:
    """To the principal, and by the principal to the authorities."""
    by, lead, known = teller.safety(day), teller.lead(day), at(day, "09:40")
    if leaders := teller.firm.present(["vice", "vice2"], day):
        yield Happening(
            kind="accident.report",
            title=f"{day.month}月{day.day}日事故向主要负责人报告",
            happened=known + timedelta(minutes=8),
            seal=known + timedelta(hours=5),
            by=by,
            values={"recipients": "superior", "content": brief},
            parts={"signer": leaders, "recorder": [by]},
            about=key,
        )
    yield Happening(
        kind="accident.report",
        title=f"{day.month}月{day.day}日事故上报",
        happened=known + timedelta(minutes=minutes),
        seal=known + timedelta(minutes=minutes + 400),
        by=by,
        values={"recipients": "both", "content": f"{brief}已送医救治，车辆停运，后续情况续报。"},
        parts={"signer": [lead], "recorder": [by, *teller.firm.present(["safety-head"], day)]},
        about=key,
    )


def lessons(teller: Teller, key: str, day: date, investigated: date) -> Iterator[Happening]:
    """Four things are not let go: the cause, the persons, the measures, the education."""
    taught = office_day(day + 10 * DAY)
    by, lead = teller.safety(taught), teller.lead(taught)
    yield Happening(
        kind="training.special",
        title=f"{day.month}月事故警示教育",
        happened=at(taught, "14:30"),
        seal=at(taught, "17:20"),
        by=by,
        values={"occasion": "accident", "topic": "事故经过、直接原因和同类风险路段。", "hours": "1.5"},
        parts={
            "organiser": [by, *teller.firm.present(["vice", "safety-head"], taught)],
            "participant": [lead, *teller.firm.drivers(taught)],
        },
        about=key,
    )
    investigated = office_day(investigated)
    yield Happening(
        kind="accident.investigation",
        title=f"{day.month}月{day.day}日事故内部调查报告",
        happened=at(investigated, "10:00"),
        seal=at(investigated, "16:50"),
        by=teller.safety(investigated),
        values={
            "cause": "驾驶员观察不足，转弯未让行；公司对该路口风险提示不够。",
            "persons": "驾驶员停班学习15日，所属车队队长扣发当季安全奖。",
            "measures": "更新路口风险清单，右转停车观察列入例检内容，两周内完成。",
            "education": "全体驾驶员警示教育一次，覆盖率100%。",
        },
        parts={
            "chair": [teller.lead(investigated), *teller.firm.present(["safety-head"], investigated)],
            "participant": [
                teller.safety(investigated),
                *teller.firm.present(["vice", "vice2", "technical", "technician"], investigated),
            ],
        },
        about=key,
    )
    yield from closing(teller, key, day)


def closing(teller: Teller, key: str, day: date) -> Iterator[Happening]:
    """What the departments add to an investigation: the vehicle, those to answer for it, the injured."""
    wanted = (
        ("vehicle.inquiry", "事故车辆技术调查", {"organiser": ["technical"], "participant": ["technician"]},
         {"cause": "制动和转向合格，与事故无关。", "appraisal": "车辆技术状况良好。"}),
        ("accident.followup", "责任追究和防范措施",
         {"organiser": ["safety-head"], "signer": ["vice"], "inspector": ["vice"]},
         {"persons": "停班学习，扣发安全奖。", "measures": "路口观察列入例检和培训。"}),
        ("accident.aftermath", "事故善后和理赔", {"organiser": ["office"], "participant": ["vice2"]},
         {"content": "医疗费已垫付，保险理赔办结。"}),
    )  # fmt: skip
    for index, (kind, title, cast, values) in enumerate(wanted):
        done = office_day(day + (14 + 5 * index) * DAY)
        parts = {role: teller.firm.present(keys, done) for role, keys in cast.items()}
        if all(parts.values()):
            yield Happening(
                kind=kind,
                title=f"{day.month}月{title}",
                happened=at(done, "14:00"),
                seal=at(done, "16:30"),
                by=teller.safety(done),
                values=values,
                parts=parts,
                about=key,
            )
