"""Chinese names of jobs and states, and how spans and sizes are said."""

from __future__ import annotations

from datetime import datetime, timedelta

# Every periodic task has one; a test sees to it.
JOBS = {
    "sweep": "到期事项重新判定",
    "estimate": "按记录测算达标得分",
    "retry_stalled": "中断任务重做",
    "forget_old_jobs": "旧任务清理",
    "forget_submissions": "旧表单标记清理",
    "verify_journals": "操作日志核验",
    "move_positions": "历史定位归档",
    "expire_positions": "到期定位数据清理",
    "note_silence": "未应答登记",
    "queue_reminders": "提醒生成",
    "deliver_reminders": "提醒发送",
}
JOB_STATES = {
    "fresh": ("met", "正常"),
    "waiting": ("upcoming", "等待首次运行"),
    "stale": ("missed", "未按时运行"),
    "failed": ("missed", "上次失败"),
}
CHAIN_STATES = {
    "sound": ("met", "核验无误"),
    "waiting": ("upcoming", "尚未核验"),
    "stale": ("missed", "近期未核验"),
    "broken": ("missed", "核验不符"),
}
CALENDAR_STATES = {
    "fresh": ("met", "齐备"),
    "soon": ("open", "缺明年"),
    "missing": ("missed", "缺今年"),
}
DISK_STATES = {"fresh": ("met", "充足"), "little": ("open", "偏少"), "full": ("missed", "即将用尽")}
UNITS = (("天", 86400), ("小时", 3600), ("分钟", 60))


def say_span(span: timedelta) -> str:
    """3 天, 2 小时, 5 分钟; under a minute in seconds."""
    seconds = max(0, int(span.total_seconds()))
    for unit, size in UNITS:
        if seconds >= size:
            return f"{seconds // size} {unit}"
    return f"{seconds} 秒"


def say_age(at: datetime, now: datetime) -> str:
    return f"{say_span(now - at)}前"


def say_size(octets: int) -> str:
    return f"{octets / 2**30:.1f} GB"
