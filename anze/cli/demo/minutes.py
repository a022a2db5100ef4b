"""What each safety meeting decides, and what the following ones say of it: settled, put off, forgotten."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from anze.cli.demo.story import Decided, Followed, Teller

DAY = timedelta(days=1)
FORGOTTEN = 3  # months back: put off once, and not spoken of since
PUT_OFF = "已安排，配件和人手未到位；落实前由责任人每周报进度。"
DONE = "已落实，安全科已核对。"


@dataclass(frozen=True, slots=True)
class Task:
    """`days`: until its last day; `after`: how many meetings later it is settled; `slips`: put off before."""

    what: str
    who: str
    days: int
    measure: str
    after: int = 1
    slips: bool = False


# Two a meeting, by months back; the second waits longer or goes wrong.
TASKS = (
    (Task("补齐车队出车前检查台账缺项", "captain1", 14, "队长逐日复核签字"),
     Task("更换动态监控室备用电源", "technical", 80, "先报价，列入安全费用", after=3)),
    (Task("对高频报警驾驶员逐人约谈", "monitor", 20, "约谈记录交安全科存档"),
     Task("为冬季运行配齐防滑链和除雪工具", "technical", 78, "按车型列清单采购", after=3)),
    (Task("抽查包车趟次安全告知视频", "operations", 21, "每队不少于 3 趟"),
     Task("整改停车场出口视线遮挡", "technical", 25, "移栽绿化，加装广角镜", slips=True)),
    (Task("对缺席学习的驾驶员组织补课", "captain1", 18, "补课后测试，成绩入档"),
     Task("修订恶劣天气停运和改道报告程序", "operations", 24, "征求车队意见后印发", slips=True)),
    (Task("核对卫星定位离线车辆并报修", "monitor", 10, "离线超过 4 小时的不得派班"),
     Task("为老旧车辆制定提前报废计划", "technical", 76, "逐车评估技术状况", after=3)),
    (Task("逐条对照行业通报自查", "operations", 15, "自查表交安全科"),
     Task("完成维修地沟照明改造", "technical", 26, "施工期间停用该地沟", slips=True)),
)  # fmt: skip


def decided(teller: Teller, back: int, day: date, organiser: str) -> tuple[Decided, ...]:
    """Whom the firm does not have is stood in for by the organiser."""
    return tuple(
        Decided(
            task.what,
            next(iter(teller.firm.present([task.who], day)), organiser),
            day + task.days * DAY,
            task.measure,
        )
        for task in TASKS[back % len(TASKS)]
    )


def followed(teller: Teller, back: int, day: date) -> tuple[Followed, ...]:
    """What the meeting says of those before it."""
    earlier = [b for b in range(back + 1, teller.days.months + 1) if teller.firm.keeps("meeting", b)]
    return tuple(
        said for ago, before in enumerate(earlier, start=1) for said in _of(teller, before, ago, day)
    )


def _of(teller: Teller, before: int, ago: int, day: date) -> Iterator[Followed]:
    """The careless firm looks after the first task alone."""
    tasks = TASKS[before % len(TASKS)]
    for task in tasks if teller.firm.rate >= 1 else tasks[:1]:
        if task.slips and ago == task.after:
            yield Followed(meeting_key(before), task.what, "unfinished", PUT_OFF, day + 21 * DAY)
        elif ago == task.after + task.slips and not (task.slips and before == FORGOTTEN):
            yield Followed(meeting_key(before), task.what, "done", DONE)


def meeting_key(back: int) -> str:
    return f"meeting-{back}"
