"""How the installation is, for those who answer for something in it; each sees their part."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from anze.records.acting.context import Acting, current
from anze.records.acting.permissions import may, require
from anze.records.duties import amendments
from anze.records.health import queries
from anze.records.reminders import queries as reminders
from anze.records.reminders.reach import mail_is_set_up, sms_is_set_up
from anze.records.tenants import queries as tenants
from anze.rules.reminders import quiet
from anze.web.health.words import (
    CALENDAR_STATES,
    CHAIN_STATES,
    DISK_STATES,
    JOB_STATES,
    JOBS,
    say_age,
    say_size,
    say_span,
)

MOST_UNSOUND = 50
BACKLOG = timedelta(hours=12)  # a message that waits as long was tried several times, or nobody sends
RED = "missed"


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that is well or not. `badge`: (state whose colour it has, word)."""

    name: str
    badge: tuple[str, str]
    facts: tuple[str, ...]
    at: datetime | None = None


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    require("see_health")
    scope = current()
    jobs = [_job(row, scope.at) for row in queries.jobs()]
    calendar = _calendar()
    chains = _chains(scope)
    machine = _machine() if may(scope.actor, "register") else []
    outbox = _outbox(scope)
    shelf = _shelf(scope)
    red = [line for line in (*jobs, calendar, *chains, *outbox, *machine, *shelf) if line.badge[0] == RED]
    words = {
        "jobs": jobs,
        "calendar": calendar,
        "chains": chains,
        "outbox": outbox,
        "machine": machine,
        "migrations": queries.migrations() if machine else [],
        "shelf": shelf,
        "editions": queries.editions(_trade(scope)),
        "red": len(red) + (not jobs),
    }
    return render(request, "health/index.html", words)


def _job(row: queries.JobRow, at: datetime) -> Line:
    facts = [f"每 {say_span(row.period)} 一次"]
    facts.append(f"上次成功：{say_age(row.succeeded_at, at)}" if row.succeeded_at else "还没有成功过")
    if row.failed_at:
        facts.append(f"上次失败：{say_age(row.failed_at, at)}")
    if row.problem:
        facts.append(f"原因类别：{row.problem}")
    return Line(JOBS.get(row.name, row.name), JOB_STATES[row.state], tuple(facts), row.succeeded_at)


def _calendar() -> Line:
    found = queries.calendar_state()
    facts = ["已装入：" + "、".join(f"{year} 年" for year in found.years)]
    if found.missing:
        facts.append(
            f"缺少 {found.missing} 年：国务院公布放假安排后请更新，此前涉及该年工作日的判定标为暂定。"
        )
    return Line("放假调休安排", CALENDAR_STATES[found.state], tuple(facts))


def _chains(scope: Acting) -> list[Line]:
    """Of one's own company; of an authority, its own and those of its companies that are not sound."""
    actor = scope.actor
    if actor.company is not None:
        return [_chain("本企业", queries.chain(company_id=actor.company), scope.at)]
    if actor.authority is None:
        return []
    all_of_them = queries.chains()
    lines = [_chain("本部门", queries.chain(authority_id=actor.authority), scope.at)]
    sound = all_of_them.total - len(all_of_them.unsound)
    badge = ("met", "全部无误") if sound == all_of_them.total else ("missed", "有未通过的")
    lines.append(Line("所辖企业", badge, (f"{all_of_them.total} 家中 {sound} 家核验无误",)))
    shown = all_of_them.unsound[:MOST_UNSOUND]
    return lines + [_chain(tenants.company(row.company_id or 0).short_name, row, scope.at) for row in shown]


def _chain(name: str, row: queries.ChainRow, at: datetime) -> Line:
    facts = []
    if row.verified_at:
        facts.append(f"{say_age(row.verified_at, at)}核验，共 {row.length} 条")
    if row.published_length is not None:
        facts.append(f"已与管理部门日志中公布的第 {row.published_length} 条比对")
    if row.breaks:
        facts.append(f"{row.breaks} 处不符，第一处：{row.first_break}")
    return Line(name, CHAIN_STATES[row.state], tuple(facts), row.verified_at)


def _machine() -> list[Line]:
    disk = queries.disk()
    share = round(100 * disk.free / disk.total)
    fact = f"可用 {say_size(disk.free)}，共 {say_size(disk.total)}（{share}%）"
    ways = [
        _way("邮件服务", mail_is_set_up()),
        _way("短信服务", sms_is_set_up()),
    ]
    return [Line("数据目录所在磁盘", DISK_STATES[disk.state], (fact,)), *ways]


def _way(name: str, there: bool) -> Line:
    return Line(name, ("met", "已配置") if there else ("upcoming", "未配置"), ())


def _outbox(scope: Acting) -> list[Line]:
    """Of one's own company: what waits, since when, and why the last one failed."""
    if scope.actor.company is None:
        return []
    found = reminders.outbox_state(scope.actor.company)
    facts = [f"等待发送 {found.waiting} 条，未送达 {found.given_up} 条"]
    late = found.oldest is not None and not quiet(scope.at) and scope.at - found.oldest > BACKLOG
    if found.oldest is not None:
        facts.append(f"最早的一条已等待 {say_span(scope.at - found.oldest)}")
    if found.problem:
        facts.append(f"最近一次问题：{found.problem}")
    return [Line("提醒发送", ("missed", "积压") if late else ("met", "正常"), tuple(facts), found.problem_at)]


def _shelf(scope: Acting) -> list[Line]:
    """Whether one's own company is judged by today's editions, and can be judged by earlier ones."""
    if scope.actor.company is None:
        return []
    found = amendments.edition_state(scope.actor.company)
    if found.vanished:
        remedy = "请系统管理员从版本库恢复这些文件，再运行 anze catalogue check --stored 核对。"
        names = "、".join(f"catalogue/editions/{edition}.yaml" for edition in found.vanished)
        return [Line("判定所依据的版本", (RED, "缺失"), (f"缺少 {names}。{remedy}",))]
    if found.due:
        fact = "标准库有新版本，判定仍按旧版本进行；请系统管理员运行 anze catalogue apply。"
        return [Line("判定所依据的版本", ("open", "待套用"), (fact,))]
    return [Line("判定所依据的版本", ("met", "齐备"), ("历次判定所依据的版本都在标准库中",))]


def _trade(scope: Acting) -> str | None:
    company = scope.actor.company
    return None if company is None else tenants.company(company).trade
