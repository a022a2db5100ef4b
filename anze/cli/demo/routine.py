"""What is done every month and every quarter: studies, meetings, inspections, queries, payments."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from anze.cli.demo import minutes, texts
from anze.cli.demo.days import at
from anze.cli.demo.story import Happening, Paper, Teller

SIGNED = "签到表（扫描）.png"
ABSENT = {4: ("driver5", "driver17"), 11: ("driver9",)}
SHORT_STUDY, CATCH_UP = 6, 11


def routine(teller: Teller) -> Iterator[Happening]:
    for back in teller.days.backs():
        yield from studies(teller, back)
        yield from group_meetings(teller, back)
        yield from meeting(teller, back)
        yield from inspections(teller, back)
        yield from query(teller, back)
        yield from payment(teller, back)
        if teller.days.month(back).month % 3 == 2:
            yield from comprehensive(teller, back)
        if teller.days.month(back).month % 3 == 0:
            yield from quarter_end(teller, back)


def studies(teller: Teller, back: int) -> Iterator[Happening]:
    firm, days = teller.firm, teller.days
    day, month = days.day(back, 12), days.month(back)
    if not firm.keeps("study", back):
        return
    if firm.rate < 1 or back != SHORT_STUDY:
        absent = ABSENT.get(back, ()) if firm.rate >= 1 else ()
        yield study(teller, day, back, "2.5", firm.drivers(day), absent=absent)
    else:
        yield study(teller, day, back, "1.5", firm.drivers(day))
        later = days.day(back - 1, 4)
        yield study(teller, later, -1, "2", firm.drivers(later), makes_up=month)
    if firm.rate >= 1 and back == CATCH_UP:
        yield study(teller, days.day(back, 24), -1, "2", ABSENT[back])


def study(
    teller: Teller,
    day: date,
    back: int,
    hours: str,
    drivers: Sequence[str],
    *,
    absent: tuple[str, ...] = (),
    makes_up: date | None = None,
) -> Happening:
    month = makes_up or day.replace(day=1)
    organiser = teller.safety(day)
    kind = "补课" if makes_up or len(drivers) < 4 else "安全学习"
    if hours == "1.5":
        kind = "安全学习（因临时加班任务提前结束）"
    papers = (Paper(SIGNED),) if 0 < back <= 4 else ()
    return Happening(
        kind="training.driver-study",
        title=f"{month.year}年{month.month}月驾驶员{kind}",
        happened=at(day, "14:00"),
        ended=at(day, "14:00") + timedelta(hours=float(hours)),
        seal=teller.sealed(day, "study", back),
        by=organiser,
        values={
            "topic": texts.STUDY[month.month - 1],
            "topics": texts.STUDY_TOPICS[month.month - 1],
            "place": "公司三楼培训室",
            "hours": hours,
            "exam": f"闭卷考核，应考{len(drivers) - len(absent)}人，合格率100%",
        },
        parts={"organiser": [organiser], "participant": list(drivers)},
        absent=absent,
        makes_up=makes_up,
        papers=papers,
    )


def group_meetings(teller: Teller, back: int) -> Iterator[Happening]:
    firm, days = teller.firm, teller.days
    if firm.keeps("group", back):
        yield group_meeting(teller, days.day(back, 6), back)
    elif firm.rate >= 1 and back > 1:
        yield group_meeting(teller, days.day(back - 1, 3), -1, makes_up=days.month(back))


def group_meeting(teller: Teller, day: date, back: int, makes_up: date | None = None) -> Happening:
    month = makes_up or day.replace(day=1)
    recorder, lead = teller.safety(day), teller.lead(day)
    others = [key for key in teller.firm.managers(day) if key != recorder]
    return Happening(
        kind="meeting.leading-group",
        title=f"安全生产领导小组{month.year}年{month.month}月会议" + ("（补开）" if makes_up else ""),
        happened=at(day, "09:00"),
        ended=at(day, "10:40"),
        seal=teller.sealed(day, "group", back, "11:20"),
        by=recorder,
        values={
            "place": "公司二楼会议室",
            "topics": texts.GROUP[month.month - 1],
            "decisions": texts.GROUP_DECISION,
        },
        parts={"chair": [lead], "recorder": [recorder], "participant": [*teller.staff(day), *others]},
        excused=teller.on_leave(day),
        makes_up=makes_up,
        papers=(Paper(SIGNED),) if 0 < back <= 3 else (),
    )


def meeting(teller: Teller, back: int) -> Iterator[Happening]:
    firm, day = teller.firm, teller.days.day(back, 19)
    if not firm.keeps("meeting", back):
        return
    organiser, recorder = teller.safety(day), teller.safety(day, 1)
    quarterly = day.month % 3 == 0
    chair = teller.lead(day) if quarterly else (firm.present(["vice", "operations"], day))[0]
    covered = teller.on_leave(day)
    others = [key for key in firm.managers(day) if key not in (organiser, recorder)]
    attending = [*teller.staff(day, but=(chair,)), *others, *(["deputy"] if covered else [])]
    organisers = [organiser, *firm.present(["safety-head"], day)]
    yield Happening(
        kind="meeting.safety",
        title=f"{day.year}年{day.month}月安全" + ("工作会议" if quarterly else "例会"),
        happened=at(day, "15:00"),
        ended=at(day, "16:10"),
        seal=teller.sealed(day, "meeting", back, "09:30"),
        by=organiser,
        values={
            "type": "work" if quarterly else "regular",
            "place": "公司二楼会议室",
            "minutes": texts.MEETING[back % 6] + texts.MEETING[(back + 3) % 6],
        },
        parts={"chair": [chair], "organiser": organisers, "recorder": [recorder], "participant": attending},
        excused=covered,
        key=minutes.meeting_key(back),
        decides=minutes.decided(teller, back, day, organiser),
        follows=minutes.followed(teller, back, day),
    )


def inspections(teller: Teller, back: int) -> Iterator[Happening]:
    """Two a month by a safety manager; the first one finds the month's hazard."""
    for turn, number in enumerate((9, 23)):
        day = teller.days.day(back, number)
        if not teller.firm.keeps(f"inspection{number}", back):
            continue
        inspector = teller.safety(day, turn)
        found = 1 - turn
        yield Happening(
            kind="inspection.safety",
            title=f"{day.month}月{('上', '下')[turn]}旬现场安全检查",
            happened=at(day, "08:30"),
            ended=at(day, "11:00"),
            seal=teller.sealed(day, "inspection", back, "10:10"),
            by=inspector,
            values={
                "scope": "daily",
                "place": texts.PLACES[(back * 2 + turn) % len(texts.PLACES)],
                "found": str(found),
                "findings": "发现隐患1条，已另行登记。"
                if found
                else "抽查车辆6辆、岗位4个，未发现新的隐患。",
            },
            parts={
                "inspector": [inspector],
                "participant": teller.firm.present([f"captain{1 + back % 3}"], day),
            },
            key=f"inspection-{back}-{number}",
        )


def comprehensive(teller: Teller, back: int) -> Iterator[Happening]:
    """Quarterly, led by the principal: the place asks more than the printed list."""
    day = teller.days.day(back, 17)
    if not teller.firm.keeps("comprehensive", back):
        return
    recorder = teller.safety(day)
    yield Happening(
        kind="inspection.safety",
        title=f"{day.year}年{(day.month + 2) // 3}季度综合安全检查",
        happened=at(day, "08:30"),
        ended=at(day, "16:00"),
        seal=teller.sealed(day, "comprehensive", back),
        by=recorder,
        values={
            "scope": "comprehensive",
            "place": "公司本部、两处停车场、维修车间、客运中心发车区",
            "found": "0",
            "findings": "对照检查表42项逐项检查，台账完整，现场问题当场纠正3处。",
        },
        parts={
            "organiser": [teller.lead(day)],
            "inspector": [recorder],
            "participant": teller.staff(day)[:5],
        },
        papers=(Paper("综合检查表（签字）.png"),) if back <= 4 else (),
    )


def quarter_end(teller: Teller, back: int) -> Iterator[Happening]:
    day = teller.days.day(back, 16)
    lead, recorder = teller.lead(day), teller.safety(day)
    if teller.firm.keeps("special-inspection", back):
        yield Happening(
            kind="inspection.safety",
            title=f"{day.month}月{'夜间出车' if day.month % 2 else '车辆消防'}专项检查",
            happened=at(day, "19:30"),
            ended=at(day, "21:30"),
            seal=teller.sealed(day, "special-inspection", back),
            by=recorder,
            values={
                "scope": "special",
                "place": "长途夜班发车现场",
                "found": "0",
                "findings": "抽查8辆，均合格。",
            },
            parts={"organiser": [lead], "inspector": [recorder]},
        )
    day = teller.days.day(back, 26)
    if teller.firm.keeps("analysis", back):
        yield Happening(
            kind="violation.analysis",
            title=f"{day.year}年{(day.month + 2) // 3}季度违法和事故统计分析",
            happened=at(day, "10:00"),
            seal=teller.sealed(day, "analysis", back),
            by=recorder,
            values={
                "conclusions": "超速类占46%，集中在省道连续下坡路段；夜间22时后报警占31%。",
                "measures": "调整两条线路的分段限速，将高频驾驶员列入重点教育名单。",
            },
            parts={"organiser": [recorder], "participant": teller.staff(day)[:3]},
        )


def query(teller: Teller, back: int) -> Iterator[Happening]:
    day = teller.days.day(back, 5)
    if not teller.firm.keeps("query", back):
        return
    recorder = teller.safety(day, 1)
    yield Happening(
        kind="violation.query",
        title=f"{day.month}月驾驶员违法和事故信息查询",
        happened=at(day, "10:20"),
        seal=teller.sealed(day, "query", back, "14:10"),
        by=recorder,
        values={"found": str(back % 3), "details": "交管12123单位版批量查询，清单存安全科。"},
        parts={"recorder": [recorder], "subject": teller.firm.drivers(day)},
    )


def payment(teller: Teller, back: int) -> Iterator[Happening]:
    day = teller.days.day(back, 20)
    if not teller.firm.keeps("payment", back):
        return
    category, purpose, amount = texts.EXPENSES[back % len(texts.EXPENSES)]
    yield Happening(
        kind="expense.payment",
        title=f"安全费用：{purpose}",
        happened=at(day, "15:10"),
        seal=teller.sealed(day, "payment", back, "17:05"),
        by=teller.safety(day),
        values={"amount": amount, "category": category, "purpose": purpose},
        parts={"signer": [teller.lead(day)], "recorder": teller.firm.present(["finance"], day)},
    )
