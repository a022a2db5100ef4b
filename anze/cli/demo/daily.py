"""The monitor's log and statistics of every day, written each evening and sealed by the week."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from anze.cli.demo.days import at, chance
from anze.cli.demo.story import Happening, Teller

DAY = timedelta(days=1)
GAPS = (37, 121, 122, 256)  # days before today without a log
LATELY = 75  # days since the careless firm began to keep a log
SHORT, UNCOUNTED = 64, (12, 88, 173, 300)


def daily(teller: Teller) -> Iterator[Happening]:
    firm, today = teller.firm, teller.days.today
    kept = (today - teller.days.start).days if firm.rate >= 1 else LATELY
    for ago in range(kept, 0, -1):
        day = today - ago * DAY
        if ago not in GAPS and (firm.rate >= 1 or chance(firm.key, "log", ago) < firm.rate):
            yield log(teller, day, ago)
        if ago not in UNCOUNTED and (firm.rate >= 1 or chance(firm.key, "statistics", ago) < firm.rate):
            yield statistics(teller, day)


def sealed_by_week(teller: Teller, day: date) -> date:
    """On the Sunday of the week; the days of the running week each in their own evening."""
    sunday = day + (6 - day.weekday()) * DAY
    return sunday if sunday < teller.days.today else day


def log(teller: Teller, day: date, ago: int) -> Happening:
    running = int(0.7 * teller.firm.vehicles) + int(chance(day, "running") * 0.2 * teller.firm.vehicles)
    shifts = ["monitor", "monitor2", "monitor3", "monitor4"]
    on = [shifts[(ago + turn) % 4] for turn in range(3)]
    return Happening(
        kind="monitoring.log",
        title=f"{day.month}月{day.day}日动态监控日志",
        happened=at(day, "23:20"),
        seal=at(sealed_by_week(teller, day), "23:50"),
        by=teller.writer("monitor", day),
        values={
            "hours": "16" if ago == SHORT else "24",
            "night": "lacking" if ago == SHORT else "watched",
            "online": str(running),
            "content": f"在线{running}辆，语音提示{int(chance(day, 'told') * 9)}次，三班交接清楚，无遗留。",
        },
        parts={
            "recorder": ["monitor"],
            "participant": teller.firm.present(on, day),
            "inspector": teller.firm.present(["monitoring"], day) if day.day == 27 else [],
        },
    )


def statistics(teller: Teller, day: date) -> Happening:
    speeding, fatigue = int(chance(day, "speed") * 4), int(chance(day, "tired") * 1.3)
    return Happening(
        kind="monitoring.statistics",
        title=f"{day.month}月{day.day}日监控违法统计",
        happened=at(day, "23:30"),
        seal=at(sealed_by_week(teller, day), "23:50"),
        by=teller.writer("monitor", day),
        values={
            "speeding": str(speeding),
            "fatigue": str(fatigue),
            "others": "0",
            "told": "told" if speeding + fatigue else "none",
        },
        parts={
            "recorder": ["monitor"],
            "inspector": teller.firm.present(["monitoring"], day) if day.day == 27 else [],
        },
    )
