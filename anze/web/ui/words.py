"""The Chinese words that pages share: states, layers, roles, trades, and how days and instants are said."""

from __future__ import annotations

from datetime import date, datetime

from anze.records.acting.context import SHANGHAI
from anze.records.duties.words import LAYER_LABELS, STATE_LABELS

STATES = {state.value: label for state, label in STATE_LABELS.items()}
WORST_FIRST = ("missed", "unset", "open", "late", "met", "waived", "exempt", "upcoming")
UNTRIGGERED = "未触发"
STATE_ICONS = {
    "upcoming": "circle-dashed",
    "open": "clock",
    "met": "circle-check",
    "late": "history",
    "missed": "alert-triangle",
    "unset": "help-circle",
    "exempt": "circle-minus",
    "waived": "ban",
    "none": "circle-dashed",
}
LAYERS = {layer.value: label for layer, label in LAYER_LABELS.items()}
ROLES = {
    "principal": "主要负责人",
    "safety_manager": "安全生产管理人员",
    "monitor": "动态监控人员",
    "holder": "岗位人员",
    "driver": "驾驶员",
    "employee": "从业人员",
    "officer": "监管人员",
    "administrator": "系统管理员",
}
TRADES = {
    "coach": "道路客运",
    "taxi": "出租汽车",
    "dangerous_goods": "危险货物运输",
    "freight": "道路货运",
    "rental": "汽车租赁",
    "repair": "机动车维修",
}
WEEKDAYS = "一二三四五六日"


def say_day(day: date | None, *, today: date | None = None) -> str:
    """2026年11月22日; the year is left out when it is today's."""
    if day is None:
        return ""
    if today is not None and day.year == today.year:
        return f"{day.month}月{day.day}日"
    return f"{day.year}年{day.month}月{day.day}日"


def day_of(instant: datetime | date) -> date:
    """The day of Asia/Shanghai in which an instant lies."""
    return instant.astimezone(SHANGHAI).date() if isinstance(instant, datetime) else instant


def say_moment(instant: datetime | None) -> str:
    if instant is None:
        return ""
    local = instant.astimezone(SHANGHAI)
    return f"{say_day(local.date())} {local:%H:%M}"


def say_second(instant: datetime | None) -> str:
    if instant is None:
        return ""
    return f"{say_moment(instant)}:{instant:%S}"


def last_day(due: datetime) -> date:
    """The last day on which it can still be done: a deadline names the first instant that is too late."""
    local = due.astimezone(SHANGHAI)
    midnight = (local.hour, local.minute, local.second) == (0, 0, 0)
    return date.fromordinal(local.toordinal() - 1) if midnight else local.date()


def say_left(due: datetime, now: datetime) -> str:
    """还有 5 天 · 今天截止 · 已逾期 3 天; hours when it is a matter of hours."""
    if due <= now:
        days = (day_of(now) - last_day(due)).days
        return f"已逾期 {days} 天" if days else "刚刚逾期"
    if (due - now).total_seconds() < 12 * 3600 and last_day(due) != day_of(now):
        return "今夜截止"
    days = (last_day(due) - day_of(now)).days
    return f"还有 {days} 天" if days else "今天截止"
