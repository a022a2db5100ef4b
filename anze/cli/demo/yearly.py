"""What the calendar year brings: plans, letters, appraisals, drills, declarations."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from anze.cli.demo import texts
from anze.cli.demo.days import at, office_day
from anze.cli.demo.story import Happening, Paper, Teller

DAY = timedelta(days=1)


def yearly(teller: Teller) -> Iterator[Happening]:
    yield from founding(teller)
    for year in teller.days.years():
        if year > teller.days.start.year:
            yield from plans(teller, date(year, 1, 8))
            yield from letters(teller, date(year, 1, 15), teller.firm.managers(date(year, 1, 15)))
        yield from appraisals(teller, year)
        yield from drills(teller, year)
        yield from review(teller, year)
        yield from year_end(teller, year)


def founding(teller: Teller) -> Iterator[Happening]:
    """The papers that stand since the company's records began."""
    first = teller.days.start
    day, lead = office_day(first + 2 * DAY), teller.lead(first)
    by = teller.safety(first)
    yield Happening(
        kind="appointment.paper",
        title="关于成立安全生产领导小组、设置安全科并配备专职安全管理人员的通知",
        happened=at(day, "09:00"),
        seal=at(day, "16:00"),
        by=by,
        values={"subject": "all", "number": f"安〔{day.year}〕10号", "content": "组长由主要负责人担任。"},
        parts={"signer": [lead], "subject": teller.firm.managers(day)},
    )
    for document, title, number in texts.POLICIES:
        if not teller.firm.keeps(document, 0):
            continue
        yield Happening(
            kind="policy.issue",
            title=f"签发{title}",
            happened=at(day + DAY, "09:30"),
            seal=at(day + DAY, "16:30"),
            by=by,
            values={
                "document": document,
                "number": number.format(year=day.year),
                "effective": str(day + 8 * DAY),
            },
            parts={"signer": [lead], "organiser": [by]},
        )
    if teller.firm.keeps("archive", 0):
        yield Happening(
            kind="archive.check",
            title="安全生产基础档案建档检查",
            happened=at(day + 4 * DAY, "09:30"),
            seal=at(day + 4 * DAY, "16:30"),
            by=by,
            values={"scope": "all", "findings": "四类档案齐全，补正从业人员档案缺页3处。"},
            parts={"inspector": [by]},
        )
    yield from plans(teller, first + 7 * DAY)
    yield from letters(teller, first + 14 * DAY, teller.firm.managers(first + 14 * DAY))


def plans(teller: Teller, day: date) -> Iterator[Happening]:
    """Targets, training, expense and work plans of the year, signed in one week."""
    day, year = office_day(day), str(day.year)
    lead, by = teller.lead(day), teller.safety(day)
    wanted = (
        ("target.plan", f"{year}年安全生产目标", {"year": year, "targets": texts.TARGETS}),
        ("training.plan", f"{year}年安全教育培训计划", {"year": year, "content": "驾驶员每月学习。"}),
        ("expense.plan", f"{year}年安全费用提取和使用计划", {"year": year, "amount": "684000"}),
        ("expense.provision", f"{year}年安全费用提取",
         {"year": year, "revenue": "42600000", "ratio": "1.6", "amount": "681600"}),
        ("policy.issue", f"{year}年安全工作计划", {"document": "work_plan", "number": f"安〔{year}〕6号"}),
    )  # fmt: skip
    for index, (kind, title, values) in enumerate(wanted):
        if not teller.firm.keeps(kind, day.year):
            continue
        drafter = "recorder" if kind.startswith("expense") else "organiser"
        yield Happening(
            kind=kind,
            title=title,
            happened=at(day, f"{9 + index:02d}:10"),
            seal=at(day, "17:20"),
            by=by,
            values=values,
            parts={"signer": [lead], drafter: [by]},
        )


def letters(teller: Teller, day: date, people: list[str]) -> Iterator[Happening]:
    day = office_day(day)
    if not teller.firm.keeps("letter", day.year):
        return
    yield Happening(
        kind="target.letter",
        title=f"{day.year}年度安全生产责任书",
        happened=at(day, "14:00"),
        seal=at(day, "16:45"),
        by=teller.safety(day),
        values={"year": str(day.year), "content": "目标按岗位分解，一式两份，签字盖章。"},
        parts={"signer": [teller.lead(day)], "subject": [*people, *teller.staff(day)]},
        papers=(Paper("责任书签字页.png"),),
    )


def appraisals(teller: Teller, year: int) -> Iterator[Happening]:
    for month, half in ((6, "上半年"), (12, "下半年")):
        day = teller.on(year, month, 18)
        if day is None or not teller.firm.keeps("appraisal", month + year):
            continue
        lead, by = teller.lead(day), teller.safety(day)
        yield Happening(
            kind="target.appraisal",
            title=f"{year}年{half}安全生产责任考核",
            happened=at(day, "13:30"),
            seal=at(day, "17:00"),
            by=by,
            values={
                "scope": "leaders",
                "result": "考核领导层3人、部门负责人5人，优秀2人，合格6人。",
                "rewards": "优秀每人奖励1000元；一名部门负责人约谈提醒。",
            },
            parts={"chair": [lead], "participant": [by], "subject": teller.staff(day)},
        )
        yield Happening(
            kind="expense.check",
            title=f"{year}年{half}安全费用使用检查",
            happened=at(day + DAY, "09:00"),
            seal=at(day + DAY, "15:00"),
            by=by,
            values={"enough": "full", "scope": "inside", "findings": "抽查凭证32笔，账实相符。"},
            parts={"inspector": [lead], "participant": teller.firm.present(["finance"], day)},
        )


def drills(teller: Teller, year: int) -> Iterator[Happening]:
    for month, scenario in (
        (4, "客车行驶途中发动机舱起火，疏散乘客并处置"),
        (10, "暴雨积水路段被困，停运、转运和报告"),
    ):
        day = teller.on(year, month, 16)
        if day is None or not teller.firm.keeps("drill", month + year):
            continue
        day = office_day(day)
        lead, by = teller.lead(day), teller.safety(day)
        others = [k for k in teller.firm.managers(day) if k != by]
        sick = tuple(k for k in others if k == "manager3")
        yield Happening(
            kind="training.emergency",
            title=f"{year}年{month}月应急预案培训",
            happened=at(day - 6 * DAY, "14:00"),
            seal=at(day - 5 * DAY, "09:00"),
            by=by,
            values={"topic": "预案职责分工、报告程序、灭火和疏散要领。", "hours": "2"},
            parts={"organiser": [by], "participant": [*others, *teller.staff(day)]},
        )
        yield Happening(
            kind="drill.emergency",
            title=f"{year}年{'上' if month < 7 else '下'}半年专项应急演练",
            happened=at(day, "14:00"),
            ended=at(day, "15:30"),
            seal=at(day, "17:30"),
            by=by,
            values={"type": "special", "scenario": scenario, "place": "城南停车场"},
            parts={
                "organiser": [lead, *teller.firm.present(["vice", "safety-head"], day)],
                "participant": [by, *others, *teller.staff(day)],
            },
            excused=sick,
            key=f"drill-{year}-{month}",
            papers=(Paper("演练签到表.png"),),
        )
        if teller.firm.keeps("drill-review", month + year):
            yield drill_review(teller, day, month)


def drill_review(teller: Teller, day: date, month: int) -> Happening:
    reviewed = office_day(day + 4 * DAY)
    return Happening(
        kind="drill.review",
        title=f"{day.year}年{month}月应急演练评估总结",
        happened=at(reviewed, "10:00"),
        seal=at(reviewed, "15:00"),
        by=teller.safety(day),
        values={
            "effect": "疏散用时1分40秒，报告程序正确。",
            "improvements": "灭火器取用路线需在车内标明。",
        },
        parts={"organiser": [teller.lead(day)], "participant": [teller.safety(day)]},
        about=f"drill-{day.year}-{month}",
    )


def review(teller: Teller, year: int) -> Iterator[Happening]:
    day = teller.on(year, 11, 10)
    if day is None or not teller.firm.keeps("review", year):
        return
    day, by = office_day(day), teller.safety(day)
    yield Happening(
        kind="review.regulations",
        title=f"{year}年制度、规程和预案符合性评价",
        happened=at(day, "09:00"),
        seal=at(day + DAY, "10:00"),
        by=by,
        values={"scope": "all", "conclusion": "revise", "findings": "两项制度引用的标准已更新，年内修订。"},
        parts={"organiser": [teller.lead(day)], "participant": [by, *teller.staff(day)[:3]]},
    )


def year_end(teller: Teller, year: int) -> Iterator[Happening]:
    day = teller.on(year, 12, 21)
    if day is None:
        return
    day, by = office_day(day), teller.safety(day)
    if teller.firm.keeps("summary", year):
        yield Happening(
            kind="policy.issue",
            title=f"{year}年安全工作总结",
            happened=at(day, "10:00"),
            seal=at(day, "16:00"),
            by=by,
            values={"document": "summary", "number": f"安〔{year}〕31号"},
            parts={"organiser": [by], "signer": [teller.lead(day)]},
        )
    if teller.firm.keeps("declarations", year):
        yield from declarations(teller, day, teller.lead(day), PRINCIPAL_DECLARES)
        for manager in teller.firm.managers(day):
            if manager not in teller.on_leave(day):
                yield from declarations(teller, day, manager, MANAGER_DECLARES)


PRINCIPAL_DECLARES = ("coach.principal.r10.a", "coach.principal.d1.b", "coach.principal.d10.b")
MANAGER_DECLARES = ("coach.safety_manager.r4.a", "coach.safety_manager.r11.a")


def declarations(teller: Teller, day: date, key: str, about: tuple[str, ...]) -> Iterator[Happening]:
    for requirement in about:
        yield Happening(
            kind="attestation",
            title=f"{day.year}年度履职声明",
            happened=at(day, "11:00"),
            seal=at(day, "16:20"),
            by=key,
            values={"statement": texts.DECLARATION.format(year=day.year)},
            parts={"signer": [key]},
            attests=requirement,
        )
