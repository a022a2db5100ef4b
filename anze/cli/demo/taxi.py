"""A taxi company under the same bureau: no list of its trade is encoded, so it only keeps records."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from anze.cli.demo.assessing import assess
from anze.cli.demo.cast import Firm, Holder, Member
from anze.cli.demo.days import Days, at, office_day
from anze.cli.demo.dossiers import dossiers
from anze.cli.demo.play import play, set_stage
from anze.cli.demo.story import Happening, Paper

NAME, SHORT_NAME, TRADE = "宁海顺行出租汽车有限公司（演示）", "顺行出租", "taxi"
USERNAMES = {"boss": "taxi-boss", "manager": "taxi-manager"}
VEHICLES = 60
DRIVERS = (
    "戴国荣", "丁学文", "方小明", "葛水林", "顾建平", "胡志勇", "黄海青", "林福康", "陆伟民", "罗永兵",
    "毛良才", "倪卫星", "裘文军", "邵志平", "沈阿龙", "宋佳明", "唐建国", "童小勇", "汪海波", "徐金标",
    "叶明华",
)  # fmt: skip
TOPICS = (
    "文明行车与防御性驾驶",
    "夜间营运安全",
    "恶劣天气行车",
    "疲劳驾驶的危害",
    "乘客突发疾病处置",
    "车内失物与纠纷处理",
)


def firm() -> Firm:
    staff = (
        Member("boss", "姚振华", None, date(2010, 3, 1)),
        Member("manager", "钟丽君", "安全运营部", date(2016, 5, 3)),
        Member("office", "范晓燕", "综合部", date(2018, 7, 2)),
        Member("captain", "鲍建忠", "安全运营部", date(2013, 9, 2)),
    )
    drivers = tuple(
        Member(f"driver{i + 1}", name, "出租车队", date(2014 + i % 8, 1 + i % 12, 9), driver=True)
        for i, name in enumerate(DRIVERS)
    )
    return Firm(
        key="c",
        name=NAME,
        short_name=SHORT_NAME,
        area="330226",
        letter="B",
        members=(*staff, *drivers),
        holders=(
            Holder("boss", f"{TRADE}.principal", date(2012, 1, 4)),
            Holder("manager", f"{TRADE}.safety_manager", date(2017, 3, 1)),
        ),
        units=(("department", "安全运营部"), ("department", "综合部"), ("fleet", "出租车队")),
        vehicles=VEHICLES,
        undecided=frozenset(),
        trade=TRADE,
    )


def tell(company: Firm, days: Days, company_id: int) -> None:
    """A study and an inspection each month: what such a company can already prove."""
    stage = set_stage(company, days, company_id, at(days.start, "07:30"), USERNAMES)
    told = (*_studies(days), *_inspections(days), _certificate(days), *dossiers(company, days, "manager"))
    play(stage, list(told), [])
    assess(stage, days)


def _certificate(days: Days) -> Happening:
    """Registered when the company began here; it runs out soon."""
    day = office_day(days.start + timedelta(days=9))
    expires = days.today + timedelta(days=75)
    return Happening(
        kind="assessment.certificate",
        title="安全生产标准化三级达标证书",
        happened=at(day, "09:00"),
        seal=at(day, "10:30"),
        by="manager",
        values={
            "number": f"{day.year}-33-000217",
            "grade": "third",
            "issuer": "宁海县交通运输局（演示）",
            "trade": "出租汽车",
            "expires": str(expires),
        },
        parts={"recorder": ["manager"]},
        papers=(Paper("达标等级证书.pdf", ("三级达标证书", f"有效期至：{expires}", "演示文件，不具效力")),),
    )


def _studies(days: Days) -> Iterator[Happening]:
    for back in range(days.months, 0, -1):
        day = office_day(days.month(back) + timedelta(days=11))
        topic = TOPICS[back % len(TOPICS)]
        yield Happening(
            kind="training.driver-study",
            title=f"{day.year}年{day.month}月驾驶员安全学习：{topic}",
            happened=at(day, "13:30"),
            ended=at(day, "15:30"),
            seal=at(day, "16:20"),
            by="manager",
            values={"topic": topic, "hours": "2"},
            parts={
                "organiser": ["manager"],
                "participant": [f"driver{i + 1}" for i in range(len(DRIVERS))],
            },
        )


def _inspections(days: Days) -> Iterator[Happening]:
    for back in range(days.months, 0, -1):
        day = office_day(days.month(back) + timedelta(days=18))
        yield Happening(
            kind="inspection.safety",
            title=f"{day.year}年{day.month}月出租车安全检查",
            happened=at(day, "09:00"),
            seal=at(day, "15:10"),
            by="manager",
            values={"scope": "daily", "place": "公司停车场", "found": "0"},
            parts={"inspector": ["manager"]},
            vehicles=tuple((back * 7 + i) % VEHICLES for i in range(8)),
        )
