"""Who is who in the demonstration. Companies, bureaus, people and plates are invented."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

from anze.cli.demo.days import Days, chance
from anze.cli.demo.habits import LEFT_OUT, OTHER_UNDECIDED, SEALED_LATE, SELF_FIXED, UNDECIDED

LONG_AGO = date(2014, 3, 3)
PASSWORD = "anze-demo-2026"  # noqa: S105 -- printed on the screen; the installation stays on loopback

DRIVERS = (
    "赵永胜", "钱志良", "孙兆丰", "李宏伟", "周卫东", "吴松涛", "郑世杰", "王锦程", "冯德海",
    "陈立群", "褚家骏", "卫明亮", "蒋少华", "沈建新", "韩玉林", "杨振东", "朱承志", "秦文斌",
    "尤春来", "许国平", "何大勇", "吕志成", "施小军", "张海波", "孔祥瑞", "曹文兵", "严立新",
    "华国庆", "金水根", "魏长河", "陶建军", "姜大伟", "范永康", "彭海明", "鲁志平",
)  # fmt: skip
OTHER_DRIVERS = (
    "戚家明", "谢东升", "邹海洋", "喻志刚", "柏长青", "水建军", "窦立波", "章国强", "云志伟",
    "苏阿毛", "潘小虎",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Member:
    """`left`: the first day no longer employed."""

    key: str
    name: str
    unit: str | None
    joined: date
    left: date | None = None
    driver: bool = False

    def employed(self, day: date) -> bool:
        return self.joined <= day and (self.left is None or day < self.left)


@dataclass(frozen=True, slots=True)
class Holder:
    """A span in a post."""

    key: str
    position: str
    since: date
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Firm:
    """A company of the demonstration and how it behaves: what it left out, and when."""

    key: str
    name: str
    short_name: str
    area: str
    letter: str
    members: tuple[Member, ...]
    holders: tuple[Holder, ...]
    units: tuple[tuple[str, str], ...]
    vehicles: int
    undecided: frozenset[str]  # vague duties for which nothing was fixed
    trade: str = "coach"
    rate: float = 1.0  # share of its routine that it keeps
    left_out: frozenset[tuple[str, int]] = frozenset()
    sealed_after: dict[tuple[str, int], int] = field(default_factory=dict)  # days

    def keeps(self, event: str, back: int) -> bool:
        if (event, back) in self.left_out:
            return False
        return self.rate >= 1 or chance(self.key, event, back) < self.rate

    def principal(self, day: date) -> str:
        return next(
            h.key
            for h in self.holders
            if h.position == "coach.principal" and (h.until is None or day < h.until)
        )

    def managers(self, day: date) -> list[str]:
        return [h.key for h in self.holders if h.position == "coach.safety_manager" and h.since <= day]

    def drivers(self, day: date) -> list[str]:
        return [m.key for m in self.members if m.driver and m.employed(day)]

    def present(self, keys: list[str], day: date) -> list[str]:
        known = {m.key: m for m in self.members}
        return [key for key in keys if key in known and known[key].employed(day)]


# Held since before the story begins; those with several holders are shown by the first.
OTHER_POSTS = (
    ("vice", "safety_deputy"),
    ("vice2", "other_deputy"),
    ("safety-head", "safety_head"),
    ("office", "admin_head"),
    ("operations", "operations_head"),
    ("technical", "technical_head"),
    ("monitoring", "monitoring_head"),
    ("monitor", "monitor"),
    ("technician", "technician"),
)


def diligent(days: Days) -> Firm:
    """Mostly in order: what it left out is what the demonstration is about."""
    handover = days.month(6)
    joined = days.month(8) + timedelta(days=9)
    holders = (
        Holder("boss-old", "coach.principal", LONG_AGO, handover),
        Holder("boss", "coach.principal", handover),
        Holder("manager", "coach.safety_manager", LONG_AGO),
        Holder("manager3", "coach.safety_manager", date(2018, 6, 1)),
        Holder("manager2", "coach.safety_manager", joined),
        *(Holder(key, f"coach.{position}", date(2022, 3, 1)) for key, position in OTHER_POSTS),
    )
    return Firm(
        key="a",
        name="宁海安途客运有限公司（演示）",
        short_name="安途客运",
        area="330226",
        letter="B",
        members=(*_staff(days), *_drivers(days)),
        holders=holders,
        units=(
            ("department", "安全科"),
            ("department", "营运科"),
            ("department", "机务科"),
            ("department", "监控室"),
            ("department", "财务科"),
            ("department", "综合办公室"),
            ("fleet", "长途一车队"),
            ("fleet", "旅游二车队"),
            ("fleet", "班线三车队"),
        ),
        vehicles=40,
        undecided=UNDECIDED,
        left_out=frozenset({("study", 0), ("study", 1), ("group", 7), *LEFT_OUT}),
        sealed_after={("group", 8): 46, **dict.fromkeys(SEALED_LATE, 50)},
    )


def _staff(days: Days) -> tuple[Member, ...]:
    return (
        Member("boss-old", "陈国梁", None, date(2009, 6, 1), left=days.month(6) + timedelta(days=14)),
        Member("boss", "周海峰", None, date(2012, 8, 1)),
        Member("manager", "林雪梅", "安全科", LONG_AGO),
        Member("manager2", "王志远", "安全科", days.month(8) + timedelta(days=9)),
        Member("manager3", "何晓琳", "安全科", date(2018, 5, 7)),
        Member("deputy", "徐佳", "安全科", date(2021, 9, 1)),
        Member("vice", "吴建平", None, date(2010, 2, 1)),
        Member("operations", "郑伟光", "营运科", date(2013, 4, 1)),
        Member("technical", "孙立新", "机务科", date(2011, 10, 8)),
        Member("finance", "钱敏", "财务科", date(2015, 3, 2)),
        Member("office", "朱琳", "综合办公室", date(2019, 7, 1)),
        Member("monitor", "沈晓东", "监控室", date(2020, 3, 2)),
        Member("monitor2", "施琴", "监控室", date(2019, 4, 8)),
        Member("monitor3", "邵磊", "监控室", date(2021, 6, 7)),
        Member("monitor4", "唐敏", "监控室", date(2022, 2, 14)),
        Member("vice2", "陆文彬", None, date(2011, 5, 3)),
        Member("safety-head", "方正平", "安全科", date(2012, 9, 3)),
        Member("monitoring", "毛志刚", "监控室", date(2013, 7, 1)),
        Member("technician", "葛永强", "机务科", date(2015, 10, 8)),
        Member("technician2", "贺俊", "机务科", date(2018, 3, 5)),
        Member("captain1", "马国荣", "长途一车队", date(2011, 3, 1)),
        Member("captain2", "冯志强", "旅游二车队", date(2014, 6, 3)),
        Member("captain3", "蒋涛", "班线三车队", date(2016, 9, 1)),
    )


def _drivers(days: Days) -> tuple[Member, ...]:
    """Some come late and some leave: their share of those months is too small to be asked."""
    fleets = ("长途一车队", "旅游二车队", "班线三车队")
    come = {22: days.month(9) + timedelta(days=18), 23: days.month(4) + timedelta(days=19), 24: days.month(3)}
    gone = {3: days.month(10) + timedelta(days=9), 11: days.month(5) + timedelta(days=12)}
    return tuple(
        Member(
            f"driver{index + 1}",
            name,
            fleets[index % 3],
            come.get(index, date(2012 + index % 10, 1 + index % 12, 6)),
            gone.get(index),
            driver=True,
        )
        for index, name in enumerate(DRIVERS)
    )


def careless(days: Days) -> Firm:
    """Noticeably worse: half of its routine is missing and little was decided."""
    staff = (
        Member("boss", "蔡金福", None, date(2010, 1, 4)),
        Member("manager", "裘丽萍", "安全办", date(2017, 2, 6)),
        Member("operations", "章明", "营运部", date(2015, 8, 3)),
        Member("technical", "史建明", "营运部", date(2014, 4, 1)),
        Member("monitor", "郎小燕", "安全办", date(2019, 9, 2)),
        Member("captain1", "韦大庆", "客运车队", date(2012, 5, 2)),
    )
    drivers = tuple(
        Member(f"driver{index + 1}", name, "客运车队", date(2013 + index % 9, 1 + index, 12), driver=True)
        for index, name in enumerate(OTHER_DRIVERS)
    )
    kept = {"coach.principal.d7.c", "coach.safety_manager.d6.a", "coach.safety_manager.d7.e"}
    return Firm(
        key="b",
        name="象山联运客运有限公司（演示）",
        short_name="联运客运",
        area="330225",
        letter="B",
        members=(*staff, *drivers),
        holders=(
            Holder("boss", "coach.principal", date(2015, 1, 5)),
            Holder("manager", "coach.safety_manager", date(2017, 3, 1)),
            Holder("operations", "coach.operations_head", date(2017, 3, 1)),
            Holder("technical", "coach.technical_head", date(2017, 3, 1)),
            Holder("monitor", "coach.monitor", date(2019, 10, 1)),
        ),
        units=(("department", "安全办"), ("department", "营运部"), ("fleet", "客运车队")),
        vehicles=13,
        undecided=(frozenset(SELF_FIXED) - kept) | OTHER_UNDECIDED,
        rate=0.55,
        sealed_after={("meeting", 9): 60, ("study", 6): 50},
    )
