"""How a question of an authority's platform is said: what it is, how it stands, how much time is left."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from anze.records.uplink.actions import RESULTS
from anze.records.uplink.queries import QuestionRow, Standing

STANDINGS = {
    Standing.OPEN: ("open", "待应答"),
    Standing.SILENT: ("missed", "未应答"),
    Standing.ANSWERED: ("upcoming", "已应答，正在发送"),
    Standing.DELIVERED: ("met", "已送达"),
    Standing.FAILED: ("missed", "未能发送"),
}
LINKS = {
    "up": ("met", "已连接"),
    "down": ("missed", "未连接"),
    "refused": ("missed", "登录被拒绝"),
}
STOPPED = ("none", "已停用")
# JT/T 809: codes of 0x9401, as the public library names them.
SOURCES = {1: "车载终端", 2: "企业监控平台", 3: "政府监管平台", 9: "其他"}
ALARMS = {
    1: "超速报警",
    2: "疲劳驾驶报警",
    3: "紧急报警",
    4: "进入指定区域报警",
    5: "离开指定区域报警",
    6: "路段堵塞报警",
    7: "危险路段报警",
    8: "越界报警",
    9: "盗警",
    10: "劫警",
    11: "偏离路线报警",
    12: "车辆移动报警",
    13: "超时驾驶报警",
    14: "其他报警",
}
LEVELS = {0: "紧急", 1: "一般"}
OBJECTS = {1: "本平台", 2: "单一业户", 3: "所有业户"}
NEAR = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Line:
    """A question in a list."""

    row: QuestionRow
    badge: tuple[str, str]
    title: str
    clock: str
    near: bool


def line(row: QuestionRow, at: datetime) -> Line:
    left = None if row.due_at is None else row.due_at - at
    near = left is not None and left <= NEAR
    return Line(row, STANDINGS[row.standing], title(row), say_clock(row.due_at, at), near)


def title(row: QuestionRow) -> str:
    """查岗：请报当前在线车辆数 · 督办：浙A12345 疲劳驾驶报警"""
    if row.is_roll_call:
        return f"查岗：{row.facts['text'].strip() or '（无内容）'}"
    return "督办：" + " ".join(filter(None, (row.facts["plate"], say_alarm(row.facts["alarm"]))))


def say_alarm(kind: int) -> str:
    return ALARMS.get(kind, f"报警类型 0x{kind:04X}")


def say_clock(due: datetime | None, at: datetime) -> str:
    """还剩 8 分钟"""
    if due is None:
        return "未规定时限"
    left = int((due - at).total_seconds())
    if left <= 0:
        return "已超过时限"
    if left < 60:
        return f"还剩 {left} 秒"
    if left < 3600:
        return f"还剩 {left // 60} 分钟"
    if left < 86_400:
        return f"还剩 {left // 3600} 小时 {left % 3600 // 60} 分钟"
    return f"还剩 {left // 86_400} 天"


def say_answer(row: QuestionRow) -> str:
    if row.is_roll_call:
        return row.answer or ""
    return RESULTS.get(-1 if row.result is None else row.result, "")


def facts(row: QuestionRow) -> list[tuple[str, str]]:
    """What the platform said, by name; what it left empty is left out."""
    told = row.facts
    if row.is_roll_call:
        named = [("查岗对象", _of(OBJECTS, told["object_type"])), ("对象编号", told["object_id"])]
    else:
        named = [
            ("车牌号", told["plate"]),
            ("报警类型", say_alarm(told["alarm"])),
            ("报警来源", _of(SOURCES, told["source"])),
            ("督办级别", _of(LEVELS, told["level"])),
            ("督办编号", str(told["supervision_id"])),
            ("督办人", told["supervisor"]),
            ("联系电话", told["telephone"]),
            ("电子邮件", told["mail"]),
        ]
    return [(name, value.strip()) for name, value in named if value and value.strip()]


def alarm_at(row: QuestionRow) -> datetime | None:
    told = row.facts.get("alarm_at")
    return datetime.fromisoformat(told) if told else None


def _of(words: dict[int, str], code: int | None) -> str:
    return "" if code is None else words.get(code, f"代码 {code}")
