"""The frame around every page: whose system it is, who is signed in, and where they can go."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from anze.records.acting.context import SHANGHAI, Actor
from anze.records.people.permissions import may
from anze.records.reminders.links import Entry
from anze.web.ui.words import ROLES


@dataclass(frozen=True, slots=True)
class Place:
    """One entry of the navigation. `short` is for the phone's bottom bar, `group` for the account's menu."""

    label: str
    short: str
    url: str
    icon: str
    current: bool
    group: str = ""


@dataclass(frozen=True, slots=True)
class Shell:
    owner: str  # the company, the authority, or the installation
    name: str
    roles: str
    places: tuple[Place, ...]
    home: str
    at: datetime
    extras: tuple[Place, ...] = ()  # in the account's menu
    person: int | None = None  # who is signed in, where it is a company's person
    authority: bool = False
    searches: str | None = None  # company: within it; companies: for one of them
    note: str = ""  # above every page
    watch: str | None = None  # asked again and again for what a platform wants answered


ENTRIES = (
    ("see_own", "工作台", "工作台", "/", "layout-dashboard"),
    ("see_own", "岗位清单", "岗位", "/posts/", "list-check"),
    ("see_own", "台账记录", "台账", "/records/", "files"),
    ("see_company", "全公司", "公司", "/company/", "table"),
    ("manage_people", "组织人员", "人员", "/people/", "users"),
    ("see_positions", "车辆位置", "车辆", "/tracks/", "car"),
)
DAILY, RULES, SETTINGS = "日常工作", "企业规定", "设置"
EXTRAS = (
    (DAILY, "see_positions", "查岗与督办", "/uplink/", "help-circle"),
    (DAILY, "draft_record", "车辆三检", "/trips/", "steering-wheel"),
    (DAILY, "see_own", "值班表", "/rosters/", "calendar"),
    (DAILY, "see_own", "待落实事项", "/items/", "circle-check"),
    (DAILY, "see_company", "补课名单", "/attendance/", "users"),
    (DAILY, "see_company", "到期预警", "/expiries/", "hourglass"),
    (DAILY, "see_company", "文件目录", "/documents/", "file-text"),
    (DAILY, "see_company", "责任书", "/letters/", "writing"),
    (DAILY, "assess", "达标考评", "/assessments/", "checklist"),
    (DAILY, "see_own", "年历", "/calendar/", "calendar"),
    (DAILY, "see_own", "重点时段", "/key-periods/", "calendar-event"),
    (DAILY, "see_own", "履职报告", "/reports/", "chart-bar"),
    (DAILY, "take_pack", "迎检资料包", "/pack/", "download"),
    (RULES, "commit", "企业承诺", "/commitments/", "target"),
    (RULES, "commit", "企业规定与豁免", "/choices/", "adjustments"),
    (RULES, "see_own", "法规变更", "/amendments/", "book"),
    (SETTINGS, "set_reminders", "提醒设置", "/reminders/", "clock"),
    (SETTINGS, "use_api", "接口令牌", "/tokens/", "lock"),
    (SETTINGS, "see_health", "运行状况", "/health/", "shield-check"),
    (SETTINGS, "see_own", "我的联系方式", "/reminders/contact/", "user"),
)
ADMINISTRATOR_ENTRIES = (("企业登记", "企业登记", "/registry/", "building"),)
OFFICER_ENTRIES = (
    ("企业排名", "企业排名", "/bureau/", "scale"),
    ("达标考评", "达标考评", "/bureau/assessments/", "checklist"),
    ("重点时段", "重点时段", "/bureau/key-periods/", "calendar-event"),
    ("台账记录", "台账记录", "/records/", "files"),
)


def shell_for(actor: Actor, owner: str, path: str, at: datetime) -> Shell:
    """What this actor sees around the page at `path`."""
    entries: tuple[tuple[str, str, str, str], ...] = OFFICER_ENTRIES
    if may(actor, "register") and actor.company is None:
        entries = ADMINISTRATOR_ENTRIES
    elif actor.authority is None:
        entries = tuple(entry[1:] for entry in ENTRIES if actor.company is not None and may(actor, entry[0]))
    roles = "、".join(label for role, label in ROLES.items() if role in actor.roles)
    home = entries[0][2] if entries else "/"
    places = tuple(_place(*entry, path=path) for entry in entries)
    extras = tuple(
        _place(label, label, url, icon, path=path, group=group)
        for group, verb, label, url, icon in EXTRAS
        if may(actor, verb) and (actor.company is not None or group == SETTINGS)
    )
    safety = _place("账号安全", "账号安全", "/account/", "lock", path=path, group=SETTINGS)  # everybody's
    return Shell(
        owner,
        actor.name,
        roles,
        places,
        home,
        at,
        (*extras, safety),
        actor.person,
        actor.authority is not None,
        _searches(actor),
        watch=_watches(actor),
    )


def _watches(actor: Actor) -> str | None:
    answers = actor.company is not None and may(actor, "answer_platform")
    return reverse("own:question_alert") if answers else None


def _searches(actor: Actor) -> str | None:
    if actor.authority is not None:
        return "companies" if may(actor, "supervise") else None
    return "company" if actor.company is not None and may(actor, "see_own") else None


def shell_for_link(entry: Entry, owner: str, at: datetime) -> Shell:
    """Around the one page that a link opened: it leads nowhere else."""
    until = f"{entry.until.astimezone(SHANGHAI):%H:%M}"
    if entry.confirms is not None:
        note = f"您通过一次性链接打开，{until} 之前可以阅读并确认这份记录。查看其他页面请登录。"
        page = f"/confirmations/{entry.confirms}/"
        return Shell(owner, entry.actor.name, "一次性链接", (), page, at, note=note)
    home = f"/obligations/{entry.obligation_id}/"
    note = f"您通过一次性链接打开，{until} 之前可以查看这项任务、填写草稿。提交记录和查看其他页面请登录。"
    return Shell(owner, entry.actor.name, "一次性链接", (), home, at, note=note)


def _place(label: str, short: str, url: str, icon: str, *, path: str, group: str = "") -> Place:
    inside = (
        path == url
        or (url not in ("/", "/bureau/") and path.startswith(url))
        or (url == "/bureau/" and path.startswith("/bureau/companies/"))
        or (url == "/" and path.startswith("/obligations/"))
        or (url == "/tracks/" and path.startswith("/uplink/"))
        or (url == "/posts/" and path.startswith("/signatures/"))
        or (url == "/records/" and path.startswith(("/imports/", "/attendance/")))
        or (url == "/people/" and path.startswith(("/units/", "/fleet/", "/handovers/")))
    )
    return Place(label, short, url, icon, inside, group)
