"""The frame around every page: whose system it is, who is signed in, and where they can go."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from anze.records.acting.context import Actor
from anze.records.people.permissions import may
from anze.web.ui.words import ROLES


@dataclass(frozen=True, slots=True)
class Place:
    """One entry of the navigation. `short` is for the phone's bottom bar."""

    label: str
    short: str
    url: str
    icon: str
    current: bool


@dataclass(frozen=True, slots=True)
class Shell:
    owner: str  # the company, the authority, or the installation
    name: str
    roles: str
    places: tuple[Place, ...]
    home: str
    at: datetime
    extras: tuple[Place, ...] = ()  # in the account's menu


ENTRIES = (
    ("see_own", "工作台", "工作台", "/", "layout-dashboard"),
    ("see_own", "岗位清单", "岗位", "/posts/", "list-check"),
    ("see_own", "台账记录", "台账", "/records/", "files"),
    ("see_company", "全公司", "公司", "/company/", "table"),
    ("see_positions", "车辆位置", "车辆", "/fleet/", "car"),
    ("commit", "企业承诺", "承诺", "/commitments/", "target"),
)
EXTRAS = (
    ("see_own", "履职报告", "/reports/", "chart-bar"),
    ("use_api", "接口令牌", "/tokens/", "lock"),
    ("see_health", "运行状况", "/health/", "shield-check"),
)
SAFETY = ("账号安全", "账号安全", "/account/", "user")  # everybody's
OFFICER_ENTRIES = (
    ("企业排名", "企业排名", "/bureau/", "scale"),
    ("台账记录", "台账记录", "/records/", "files"),
)


def shell_for(actor: Actor, owner: str, path: str, at: datetime) -> Shell:
    """What this actor sees around the page at `path`."""
    entries: tuple[tuple[str, str, str, str], ...] = OFFICER_ENTRIES
    if actor.authority is None:
        entries = tuple(entry[1:] for entry in ENTRIES if actor.company is not None and may(actor, entry[0]))
    roles = "、".join(label for role, label in ROLES.items() if role in actor.roles)
    home = entries[0][2] if entries else "/"
    places = tuple(_place(*entry, path=path) for entry in entries)
    extras = tuple(
        _place(label, label, url, icon, path=path) for verb, label, url, icon in EXTRAS if may(actor, verb)
    )
    return Shell(owner, actor.name, roles, places, home, at, (*extras, _place(*SAFETY, path=path)))


def _place(label: str, short: str, url: str, icon: str, *, path: str) -> Place:
    inside = (
        path == url
        or (url != "/" and path.startswith(url))
        or (url == "/" and path.startswith("/obligations/"))
        or (url == "/posts/" and path.startswith("/signatures/"))
    )
    return Place(label, short, url, icon, inside)
