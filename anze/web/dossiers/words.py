"""How a standing is said: its badge, its last day, why, and by which clause."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode

from django.urls import reverse

from anze.records.acting.context import current
from anze.records.acting.permissions import may
from anze.records.lawbook import lawbook
from anze.records.tenants.queries import CompanyRow
from anze.rules.catalogue.law import Citation, Every
from anze.rules.dossiers.changes import Settled
from anze.rules.dossiers.hiring import BarState
from anze.rules.dossiers.points import Level
from anze.rules.dossiers.topics import Topics
from anze.rules.dossiers.training_hours import Hours, Progress
from anze.rules.dossiers.validity import Standing, Validity, Why
from anze.web.ui.dates import LAST_DAY
from anze.web.ui.words import say_day

# The look of a state, and its words.
VALIDITY = {
    Validity.VALID: ("met", "有效"),
    Validity.SOON: ("open", "将到期"),
    Validity.OVER: ("missed", "已过期"),
    Validity.MISSING: ("unset", "缺登记"),
    Validity.UNASKED: ("none", "不适用"),
}
PROGRESS = {
    Progress.ENOUGH: ("met", "已达到"),
    Progress.SHORT: ("missed", "未达到"),
    Progress.RUNNING: ("open", "进行中"),
    Progress.PARTIAL: ("exempt", "不足整期"),
}
SETTLED = {
    Settled.DONE: ("met", "已办"),
    Settled.LATE: ("late", "逾期办理"),
    Settled.OPEN: ("open", "待办"),
    Settled.OVERDUE: ("missed", "逾期未办"),
}
LEVELS = {Level.CLEAR: ("met", "正常"), Level.NEAR: ("open", "接近满分"), Level.FULL: ("missed", "记满分")}
BARS = {
    BarState.CLEAR: ("met", "没有触发"),
    BarState.BARRED: ("missed", "不得聘用"),
    BarState.UNKNOWN: ("unset", "没有核查"),
}
REASONS = {
    Why.PRINTED: "按登记的日期",
    Why.LASTS: "按规定的间隔推算",
    Why.ENDLESS: "没有期限",
    Why.NOTHING: "没有登记过",
    Why.BY_AGE: "按车型和车龄推算",
    Why.BY_TIME: "按时间推算",
    Why.BY_DISTANCE: "行驶里程已到",
    Why.GUIDANCE: "已达引导报废里程",
    Why.UNKNOWN: "行驶证的车型或注册日期没有登记",
}
WORK = frozenset({Why.BY_AGE, Why.BY_TIME, Why.BY_DISTANCE})  # is done late, where a paper runs out
ONE_DAY = timedelta(days=1)


def badge(standing: Standing) -> tuple[str, str]:
    """The look of a state, and its words."""
    if standing.state is Validity.OVER and standing.reason in WORK:
        return "missed", "已超期"
    return VALIDITY[standing.state]


def last_day(standing: Standing) -> date | None:
    """The last day on which it still holds, or on which the work is still in time; None: for good."""
    return None if standing.expires is None or is_endless(standing) else standing.expires - ONE_DAY


def is_endless(standing: Standing) -> bool:
    """Forms have a day for what never runs out: the last one that they take."""
    return standing.expires is not None and standing.expires > LAST_DAY


def why(standing: Standing) -> str:
    return "长期有效" if is_endless(standing) else REASONS[standing.reason]


def left(standing: Standing) -> str:
    """还有 5 天 · 今天到期 · 已过期 3 天."""
    last, today = last_day(standing), current().today
    if last is None or standing.reason is Why.GUIDANCE:
        return ""
    days = (last - today).days
    if days < 0:
        return f"{badge(standing)[1]} {-days} 天"
    return f"还有 {days} 天" if days else "今天到期"


def grounds(cite: Iterable[Citation], verified: str | None) -> str:
    """Names of the instruments with their clauses, and whether anybody compared the number."""
    known = lawbook().instruments
    named = "；".join(
        f"{known[c.instrument].name.partition('（')[0]}·{c.clause}" if c.instrument in known else str(c)
        for c in cite
    )
    return named if verified or not named else f"{named}（数值未核对原文）"


@dataclass(frozen=True, slots=True)
class TopicsLine:
    """`boxes`: what must be spoken of, and whether it was."""

    name: str
    period: str
    boxes: tuple[tuple[str, bool], ...]
    look: str
    state: str
    grounds: str


def topics(row: Topics) -> TopicsLine:
    look, state = PROGRESS[row.progress]
    return TopicsLine(
        name=row.rule.name,
        period=period_of_hours(row),
        boxes=tuple((row.rule.labels[topic], topic not in row.missing) for topic in row.term.asks),
        look=look,
        state=state,
        grounds=grounds(row.term.cite, row.term.verified),
    )


def period_of_hours(row: Hours | Topics) -> str:
    first = row.period.since
    return f"{first.year}年{first.month}月" if row.term.every is Every.MONTH else f"{first.year}年"


def due_day(due: date | None) -> str:
    """The first day too late, said as the day before which it is owed; None: the work has not begun."""
    return f"{say_day(due)}前" if due else "上岗之前"


def may_register(company: CompanyRow) -> bool:
    actor = current().actor
    return actor.company == company.id and may(actor, "draft_record")


def register_url(
    kind: str,
    *,
    person: int | None = None,
    vehicle: int | None = None,
    choice: tuple[str, str] | None = None,
) -> str:
    """The form of a kind, with this person or vehicle and one choice filled in."""
    query: dict[str, object] = {"kind": kind}
    if person is not None:
        query["person"] = person
    if vehicle is not None:
        query["vehicle"] = vehicle
    if choice is not None:
        query[f"v_{choice[0]}"] = choice[1]
    return f"{reverse('records:new')}?{urlencode(query)}"
