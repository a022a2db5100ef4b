"""The demonstration: two coach companies and a taxi company over fourteen months, and two bureaus.

One bureau stands over all three, the other over none.

Everything is counted from the instant given: the same instant tells the same story.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from anze.cli.demo import taxi
from anze.cli.demo.bureau import declare
from anze.cli.demo.cast import PASSWORD, Firm, careless, diligent
from anze.cli.demo.days import Days, at
from anze.cli.demo.desk import desk
from anze.cli.demo.dossiers import dossiers
from anze.cli.demo.holders import holders
from anze.cli.demo.incidents import incidents
from anze.cli.demo.organising import hand_over, organised
from anze.cli.demo.periods import periods
from anze.cli.demo.play import decide_now, play, set_stage
from anze.cli.demo.posts import posts
from anze.cli.demo.routine import routine
from anze.cli.demo.signing import confirm_all, signings
from anze.cli.demo.story import Happening, Teller
from anze.cli.demo.terminals import install_terminals
from anze.cli.demo.turns import corrections, turns
from anze.cli.demo.yearly import yearly
from anze.records.acting.context import SYSTEM, Actor, acting
from anze.records.duties.deciding import deciding_later
from anze.records.people import actions as people
from anze.records.tenants import actions as tenants

__all__ = ["DemoAccount", "accounts", "load"]

MONTHS = 14
BUREAU, OTHER_BUREAU = "宁波市交通运输局（演示）", "杭州市交通运输局（演示）"


class DemoAccount(NamedTuple):
    """`who`: name and post; `look`: what to try first."""

    username: str
    password: str
    who: str
    look: str


def accounts() -> list[DemoAccount]:
    """In the order in which a visitor would try them."""
    return [DemoAccount(name, PASSWORD, who, look) for name, who, look in _SHOWN]


_SHOWN = (
    ("manager", "安途客运 林雪梅 安全生产管理人员", "上月驾驶员安全学习逾期未履行，补录后看到职责变化"),
    ("manager2", "安途客运 王志远 安全生产管理人员", "年中到岗；有一份检查草稿待提交"),
    ("deputy", "安途客运 徐佳 顶岗(产假代理)", "代理期间以安全管理人员身份办理"),
    ("boss", "安途客运 周海峰 主要负责人", "半年前接任；十一个岗位×月份一览，几项职责待企业明确"),
    ("deputy-chief", "安途客运 吴建平 分管安全负责人", "每月主持安全例会；有一次检查漏了"),
    ("other-chief", "安途客运 陆文彬 其他分管负责人", "分管范围的检查、布置和汇报"),
    ("safety-head", "安途客运 方正平 安全管理机构负责人", "计划、培训、隐患和事故处理都汇到这里"),
    ("admin-head", "安途客运 朱琳 行政管理部门负责人", "录用、合同、体检和工伤保险"),
    ("operations-head", "安途客运 郑伟光 生产经营管理部门负责人", "线路、合同和重大运输任务"),
    ("technical-head", "安途客运 孙立新 车辆技术管理部门负责人", "每车每月应急装置检查，几辆车漏检"),
    ("monitoring-head", "安途客运 毛志刚 动态监控管理部门负责人", "查岗、轨迹审查和月度数据分析"),
    ("monitor", "安途客运 沈晓东 动态监控人员", "每日日志和统计，报警处置"),
    ("technician", "安途客运 葛永强 车辆技术管理人员", "一车一档，计划和检查"),
    ("driver", "安途客运 赵永胜 驾驶员", "只看到与本人有关的记录；有一份草稿"),
    ("other-boss", "联运客运 蔡金福 主要负责人", "明显落后的一家；看不到安途客运"),
    ("other-manager", "联运客运 裘丽萍 安全生产管理人员", "考核合格证明已过期"),
    ("taxi-boss", "顺行出租 姚振华 主要负责人", "行业清单尚未收录：先记台账，不生成任务，也不评判"),
    ("taxi-manager", "顺行出租 钟丽君 安全生产管理人员", "登记学习和检查，封存后留作凭据"),
    ("officer", "宁波市交通运输局 周正", "企业按逾期排序，下钻到条款；刚发布一个重点时段"),
    ("officer2", "宁波市交通运输局 李巡", "同一管理部门的另一名工作人员"),
    ("stranger", "杭州市交通运输局 吴越", "名下没有企业"),
    ("admin", "系统管理员", "登记企业和管理部门"),
)
FIRMS = ("a", "b", "c")
_USERNAMES = {
    "a": {
        "boss-old": "boss-retired",
        "boss": "boss",
        "manager": "manager",
        "manager2": "manager2",
        "manager3": "manager3",
        "deputy": "deputy",
        "driver1": "driver",
        "vice": "deputy-chief",
        "vice2": "other-chief",
        "safety-head": "safety-head",
        "office": "admin-head",
        "operations": "operations-head",
        "technical": "technical-head",
        "monitoring": "monitoring-head",
        "monitor": "monitor",
        "technician": "technician",
    },
    "b": {"boss": "other-boss", "manager": "other-manager"},
}


def load(now: datetime, *, months: int = MONTHS, only: Collection[str] = FIRMS) -> list[DemoAccount]:
    """Fills an empty installation. Raises tenants.actions.NameTaken where the demonstration is already.

    only: the companies with these keys, for whoever needs no more.
    """
    days = Days(now, months)
    firms = [firm for firm in (diligent(days), careless(days), taxi.firm()) if firm.key in only]
    opening = at(days.start, "07:30")
    companies, officer = _found(firms, days, opening)
    for firm, company in zip(firms, companies, strict=True):
        if firm.trade == taxi.TRADE:
            taxi.tell(firm, days, company)
        else:
            _tell(firm, days, company, opening)
    declare(days, companies, officer)
    coaches = [company for firm, company in zip(firms, companies, strict=True) if firm.trade != taxi.TRADE]
    install_terminals(coaches, opening, now)
    return accounts()


def _found(firms: list[Firm], days: Days, opening: datetime) -> tuple[list[int], Actor]:
    """The companies, and the officer of the bureau over them."""
    with acting(SYSTEM, reads=(), at=opening):
        bureau = tenants.register_authority(name=BUREAU, area="330200")
        other = tenants.register_authority(name=OTHER_BUREAU, area="330100")
        companies = [
            tenants.register_company(
                name=firm.name,
                short_name=firm.short_name,
                trade=firm.trade,
                area=firm.area,
                employees=sum(m.employed(days.today) for m in firm.members),
                vehicles=firm.vehicles,
                started_on=days.start.replace(year=2009, day=1),
                judged_from=days.start,
            )
            for firm in firms
        ]
        tenants.place_under(authority_id=bureau, company_ids=companies, since=days.start)
        first = people.open_account(
            username="officer", password=PASSWORD, authority_id=bureau, officer_name="周正"
        )
        for name, authority, officer in (
            ("officer2", bureau, "李巡"),
            ("stranger", other, "吴越"),
        ):
            people.open_account(
                username=name, password=PASSWORD, authority_id=authority, officer_name=officer
            )
        people.open_account(username="admin", password=PASSWORD, administrator=True)
    return companies, Actor(first, "周正", authority=bureau, roles=frozenset({"officer"}))


def story(firm: Firm, days: Days) -> list[Happening]:
    """The records of a company, in no order."""
    teller = Teller(firm, days)
    told = [*routine(teller), *yearly(teller), *periods(teller), *holders(teller), *incidents(teller)]
    told += [*posts(teller), *dossiers(firm, days, teller.safety(days.start))]
    return told + ([*desk(teller)] if firm.rate >= 1 else [])


def _tell(firm: Firm, days: Days, company: int, opening: datetime) -> None:
    usernames = _USERNAMES[firm.key]
    told = story(firm, days)
    with deciding_later():
        stage = set_stage(firm, days, company, opening, usernames)
        acts = [*turns(firm, days, usernames), *signings(firm, days, usernames), *organised(firm, days)]
        if firm.rate >= 1:
            acts += corrections(firm, days, told)
        play(stage, told, acts)
    decide_now(stage)
    confirm_all(stage)
    hand_over(stage)
