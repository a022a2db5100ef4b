"""What the holders of posts bring themselves: certificates, courses, declarations on leaving."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from anze.cli.demo.days import at, office_day
from anze.cli.demo.story import Happening, Paper, Teller
from anze.cli.demo.yearly import PRINCIPAL_DECLARES, declarations, letters

DAY = timedelta(days=1)
CERTIFICATE = "安全生产知识和管理能力考核合格证明"


def holders(teller: Teller) -> Iterator[Happening]:
    yield from certificates(teller)
    for year in teller.days.years():
        yield from courses(teller, year)
    if teller.firm.rate >= 1:
        yield from newcomers(teller)


def certificates(teller: Teller) -> Iterator[Happening]:
    """One ends forty days from now; the careless firm's safety manager let hers lapse."""
    start, today = teller.days.start, teller.days.today
    if teller.firm.rate < 1:
        yield certificate(teller, "boss", start + 5 * DAY, today + 700 * DAY)
        yield certificate(teller, "manager", start + 5 * DAY, today - 50 * DAY)
        return
    yield certificate(teller, "vice", start + 5 * DAY, today + 610 * DAY)
    yield certificate(teller, "safety-head", start + 6 * DAY, today + 420 * DAY)
    yield certificate(teller, "boss-old", start + 5 * DAY, start + 900 * DAY)
    yield certificate(teller, "manager", start + 5 * DAY, today + 40 * DAY)
    yield certificate(teller, "manager3", start + 5 * DAY, today + 500 * DAY)
    yield certificate(teller, "manager2", teller.days.day(5, 18), teller.days.month(5) + 1000 * DAY)
    yield certificate(teller, "boss", teller.days.day(4, 14), teller.days.month(4) + 1090 * DAY)


def certificate(teller: Teller, key: str, day: date, expires: date) -> Happening:
    name = next(m.name for m in teller.firm.members if m.key == key)
    number = f"浙运安考（演示）{expires.year - 3}{len(key):02d}{day.month:02d}{expires.day:02d}"
    lines = (CERTIFICATE, f"姓名：{name}", f"编号：{number}", f"有效期至：{expires}", "演示文件，不具效力")
    return Happening(
        kind="certificate.competence",
        title=f"{name}安全考核合格证明",
        happened=at(day, "09:00"),
        seal=at(day, "10:30"),
        by=teller.safety(day),
        values={"number": number, "issuer": "宁波市交通运输局（演示）", "expires": str(expires)},
        parts={"subject": [key]},
        papers=(Paper(f"{name}合格证明.pdf", lines),),
    )


def courses(teller: Teller, year: int) -> Iterator[Happening]:
    """The bureau's yearly course: the principal in spring, the safety managers in autumn."""
    for month, principal in ((4, True), (9, False)):
        day = teller.on(year, month, 23)
        if day is None or not teller.firm.keeps("course", month + year):
            continue
        leaders = teller.firm.present(["vice", "safety-head"], day)
        people = [teller.lead(day)] if principal else [*teller.firm.managers(day), *leaders]
        away = teller.on_leave(date(year, 12, 31))
        people = [key for key in people if key not in away]
        yield course(teller, day, people)


def course(teller: Teller, day: date, people: list[str]) -> Happening:
    return Happening(
        kind="training.authority-course",
        title=f"{day.year}年道路运输企业安全管理能力培训班",
        happened=at(day, "08:30"),
        seal=at(day + DAY, "16:00"),
        by=teller.safety(day),
        values={
            "host": "宁波市交通运输局（演示）",
            "topic": "新修订标准解读、典型事故剖析",
            "class_hours": "12",
            "result": "passed",
        },
        parts={"participant": people},
    )


def newcomers(teller: Teller) -> Iterator[Happening]:
    """The new principal and the safety manager who joined catch up; the old principal closes his papers."""
    handover = teller.days.month(6)
    last = handover - 3 * DAY
    yield from declarations(teller, last, "boss-old", PRINCIPAL_DECLARES)
    day = teller.days.day(4, 25)
    if day.year == handover.year:
        yield course(teller, day, ["boss"])
    joined = teller.days.month(8) + 9 * DAY
    yield from letters(teller, joined + 5 * DAY, ["manager2"])
    if joined.month < 9:
        yield course(teller, office_day(joined + 60 * DAY), ["manager2"])
