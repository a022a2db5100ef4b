"""Which role may do what: the one table. A role is derived from the posts held on the day, never stored."""

from __future__ import annotations

from anze.records.acting.context import Actor, current
from anze.records.acting.errors import NotPermitted

VERBS = {
    "see_company": "查看企业全部履职情况",
    "see_own": "查看本人的任务和记录",
    "draft_record": "填写记录",
    "seal_record": "提交记录",
    "void_record": "作废记录",
    "commit": "确定频次或时限",
    "waive": "豁免责任事项",
    "manage_people": "管理人员、岗位和车辆",
    "supervise": "监督企业",
    "declare_period": "发布重点时段",
    "verify_journal": "核验操作日志",
    "register": "登记企业和管理部门",
    "use_api": "使用接口令牌",
    "see_health": "查看系统运行状况",
    "see_positions": "查看车辆位置",
    "expire_positions": "清理到期的定位数据",
    "apply_editions": "套用法规变更",
    "set_reminders": "设置提醒",
    "take_pack": "导出迎检资料包",
    "answer_platform": "应答上级平台的查岗和督办",
    "connect_platform": "接入上级平台",
    "assess": "参加达标考评",
    "conduct_assessment": "组织达标考评",
    "estimate": "按记录测算达标得分",
    "note_silence": "登记未应答的查岗和督办",
}

_WHOLE_COMPANY = frozenset(
    {
        "see_company",
        "see_own",
        "draft_record",
        "seal_record",
        "void_record",
        "commit",
        "waive",
        "manage_people",
        "verify_journal",
        "use_api",
        "see_health",
        "see_positions",
        "set_reminders",
        "take_pack",
        "assess",
        "conduct_assessment",
    }
)

_POST = frozenset({"see_own", "draft_record", "seal_record", "use_api", "see_positions", "assess"})

PERMISSIONS: dict[str, frozenset[str]] = {
    "principal": _WHOLE_COMPANY,
    "safety_manager": _WHOLE_COMPANY | {"answer_platform"},
    "monitor": _POST | {"answer_platform"},  # and whoever heads them
    "holder": _POST,
    "driver": frozenset({"see_own", "draft_record", "use_api", "assess"}),
    "employee": frozenset({"see_own", "assess"}),
    "officer": frozenset(
        {
            "supervise",
            "declare_period",
            "see_company",
            "verify_journal",
            "use_api",
            "see_health",
            "see_positions",
            "take_pack",
        }
    ),
    "administrator": frozenset({"register", "manage_people", "verify_journal", "see_health"}),
    "system": frozenset(VERBS),
}


def may(actor: Actor, verb: str) -> bool:
    """Raises KeyError for a verb that is not in the table: a typing error must not read as a refusal."""
    VERBS[verb]
    if actor.only is not None and verb not in actor.only:
        return False
    return any(verb in PERMISSIONS[role] for role in actor.roles)


def require(verb: str) -> None:
    """Raises NotPermitted unless the acting person's roles allow the verb."""
    if not may(current().actor, verb):
        raise NotPermitted(f"您的岗位无权{VERBS[verb]}。")
