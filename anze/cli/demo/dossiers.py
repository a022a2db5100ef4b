"""The papers of drivers and vehicles: most are valid, some run out soon, a few have run out."""

# ruff: noqa: E501 -- a row of a table reads better unwrapped; a Chinese character counts as two
from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from anze.cli.demo.cast import Firm
from anze.cli.demo.days import Days, at, office_day
from anze.cli.demo.story import Happening
from anze.rules.periods import add_months

DAY = timedelta(days=1)
FAR = "2100-12-31"
BATCHES = 8  # vehicles bought together, insured together
# Days from today to the end, by batch.
TESTED = (12, 75, 130, 160, 170, 55, 110, 24)
INSURED = (21, 95, 180, 240, 300, 330, -4, 140)
PERMITS = (380, 500, 18, 620, 700, 410, 290, 520)
EQUIPMENT = (("sign", "1"), ("wedge", "2"))
# Days ago, by batch.
CHECKED = (20, 45, 70, 100, 150, 168, 130, 190)
MAINTAINED = {"first": (5, 12, 20, 27, 8, 33, 15, 22), "second": (30, 55, 80, 95, 112, 64, 44, 68)}
LEVELS = {"first": "一级维护", "second": "二级维护"}


@dataclass(frozen=True, slots=True)
class Shelf:
    """Where a firm's papers come from. `kind`: of its vehicles; `life`: years until they are scrapped."""

    firm: Firm
    days: Days
    by: str
    kind: str
    qualification: str
    licence: str
    life: int

    @property
    def today(self) -> date:
        return self.days.today

    def day(self, after: int) -> date:
        return office_day(self.days.start + after * DAY)

    def batch(self, number: int) -> tuple[int, ...]:
        return tuple(range(number, self.firm.vehicles, BATCHES))

    def registered(self, number: int) -> date:
        """The first batch is old: it nears its end."""
        if number == 0:
            return add_months(self.today, 5 - 12 * self.life)
        return date(self.today.year - min(self.life - 2, 1 + number), 1 + number, 18)

    def told(
        self,
        kind: str,
        title: str,
        day: date,
        values: dict[str, str],
        *,
        drivers: Sequence[str] = (),
        vehicles: Sequence[int] = (),
    ) -> Happening:
        writer = "organiser" if kind.startswith("driver.") else "recorder"
        parts = {writer: [self.by]} | ({"subject": list(drivers)} if drivers else {})
        return Happening(
            kind=kind, title=title, happened=at(day, "10:10"), seal=at(day, "16:10"), by=self.by,
            values=values, parts=parts, vehicles=tuple(vehicles),
        )  # fmt: skip


def dossiers(firm: Firm, days: Days, by: str) -> Iterator[Happening]:
    taxi = firm.trade == "taxi"
    shelf = Shelf(
        firm, days, by, "taxi" if taxi else "large_coach", "taxi" if taxi else "passenger",
        "c1" if taxi else "a1", 8 if taxi else 15,
    )  # fmt: skip
    yield from _drivers(shelf)
    for number in range(BATCHES):
        yield from _vehicles(shelf, number)
    yield from _fleet(shelf)


def _drivers(shelf: Shelf) -> Iterator[Happening]:
    """Each has a licence and a qualification; every ninth qualification is not on record yet."""
    day = shelf.day(6)
    for index, key in enumerate(shelf.firm.drivers(day)):
        name = next(m.name for m in shelf.firm.members if m.key == key)
        first = date(1998 + index % 12, 1 + index % 12, 3 + index % 20)
        ends = {4: 15, 13: -6, 20: 70}.get(index, 400 + 53 * index)
        yield shelf.told(
            "certificate.driving", f"{name}驾驶证", day,
            {"class": shelf.licence, "first": str(first), "expires": str(shelf.today + ends * DAY)}, drivers=[key],
        )  # fmt: skip
        if index % 9 == 8:
            continue
        ends = {2: 33, 15: -20}.get(index, 300 + 41 * index)
        yield shelf.told(
            "certificate.qualification", f"{name}从业资格证", day,
            {"class": shelf.qualification, "issuer": "市道路运输管理机构（演示）", "expires": str(shelf.today + ends * DAY)},
            drivers=[key],
        )  # fmt: skip
    lately = office_day(shelf.today - 100 * DAY)
    yield shelf.told(
        "driver.screening", "驾驶员心理测评", lately, {"institution": "市心理服务中心（演示）", "conclusion": "fit"},
        drivers=[key for key in shelf.firm.drivers(lately) if key != "driver6"],
    )  # fmt: skip
    day = office_day(shelf.today - 81 * DAY)
    yield shelf.told(
        "driver.appraisal", "驾驶员从业行为考核", day, {"period": "上一季度", "result": "passed"},
        drivers=shelf.firm.drivers(day),
    )  # fmt: skip
    if shelf.firm.trade == "coach":
        yield from _vetted(shelf)
        monitors = [
            m.key for m in shelf.firm.members if m.key.startswith("monitor") and m.key != "monitoring"
        ]
        yield shelf.told(
            "certificate.monitor", "动态监控员培训考核证明", shelf.day(6), {"institution": "市道路运输协会（演示）"},
            drivers=monitors,
        )  # fmt: skip


def _vetted(shelf: Shelf) -> Iterator[Happening]:
    """All but one were clear; what was found about him is half a year from its end."""
    day = shelf.day(5)
    drivers = shelf.firm.drivers(day)
    found = str(add_months(shelf.today, -30))
    for title, keys, values in (
        ("驾驶员聘用核查", drivers[:3] + drivers[4:], {}),
        ("驾驶员聘用核查：有超速50%以上记录，待企业决定", drivers[3:4], {"grave": found}),
    ):
        asked = {"source": "police", "speeding": "0", **values}
        yield shelf.told("driver.vetting", title, day, asked, drivers=keys)


def _vehicles(shelf: Shelf, number: int) -> Iterator[Happening]:
    """The papers of a batch, on one day of the first weeks, and its last maintenance."""
    vehicles, today = shelf.batch(number), shelf.today
    if not vehicles:
        return
    day = shelf.day(7 + number)
    ends = str(today + TESTED[number] * DAY)
    yield shelf.told(
        "vehicle.licence", f"第{number + 1}批车辆行驶证", day,
        {"class": shelf.kind, "registered": str(shelf.registered(number)), "model": "演示牌", "expires": ends},
        vehicles=vehicles,
    )  # fmt: skip
    yield shelf.told(
        "vehicle.permit", f"第{number + 1}批车辆道路运输证", day, {"expires": str(today + PERMITS[number] * DAY)},
        vehicles=vehicles,
    )  # fmt: skip
    yield shelf.told(
        "vehicle.insurance", f"第{number + 1}批车辆交强险", day,
        {"type": "compulsory", "insurer": "某财产保险公司（演示）", "expires": str(today + INSURED[number] * DAY)},
        vehicles=vehicles,
    )  # fmt: skip
    yield shelf.told(
        "vehicle.test", f"第{number + 1}批车辆检验检测", office_day(today - CHECKED[number] * DAY),
        {"institution": "宁海机动车检测站（演示）", "grade": "一级" if number else "二级"}, vehicles=vehicles,
    )  # fmt: skip
    for level, ago in MAINTAINED.items():
        yield shelf.told(
            "vehicle.maintenance", f"第{number + 1}批车辆{LEVELS[level]}", office_day(today - ago[number] * DAY),
            {"level": level, "place": "宁海客车维修厂（演示）", "content": "按规范作业，检验合格。"}, vehicles=vehicles,
        )  # fmt: skip


def _fleet(shelf: Shelf) -> Iterator[Happening]:
    """What the whole fleet has in common, and the odometers of a few."""
    every, day, today = range(shelf.firm.vehicles), shelf.day(8), shelf.today
    yield shelf.told(
        "vehicle.insurance", "承运人责任险", day,
        {"type": "carrier", "insurer": "某财产保险公司（演示）", "expires": str(today + 75 * DAY)}, vehicles=every,
    )  # fmt: skip
    yield shelf.told(
        "vehicle.equipment", "灭火器检验和更换", day,
        {"item": "extinguisher", "count": "2", "expires": str(today + 200 * DAY)}, vehicles=every[5:],
    )  # fmt: skip
    yield shelf.told(
        "vehicle.equipment", "灭火器检验", day,
        {"item": "extinguisher", "count": "2", "expires": str(today + 26 * DAY)}, vehicles=every[:5],
    )  # fmt: skip
    own = ("antirobbery", "1") if shelf.kind == "taxi" else ("hammer", "6")
    for item, count in (*EQUIPMENT, own):
        yield shelf.told(
            "vehicle.equipment",
            "随车设备配发",
            day,
            {"item": item, "count": count, "expires": FAR},
            vehicles=every,
        )
    read = office_day(today - 6 * DAY)
    for index in every[:3]:
        yield shelf.told(
            "vehicle.odometer",
            "里程表读数",
            read,
            {"mileage": str(412_000 + 61_500 * index)},
            vehicles=[index],
        )
