"""Rules, states and reasons as sentences a safety manager reads."""

from __future__ import annotations

from collections.abc import Sequence

from anze.records.lawbook import lawbook
from anze.rules.catalogue.editions import RECORDING, overlay_file
from anze.rules.catalogue.model import (
    Citation,
    Every,
    Kind,
    Layer,
    Limit,
    LimitUnit,
    Proof,
    Requirement,
    Role,
    Term,
)
from anze.rules.duties import Reason, State

STATE_LABELS = {
    State.UPCOMING: "未开始",
    State.OPEN: "待履行",
    State.MET: "已履行",
    State.LATE: "逾期履行",
    State.MISSED: "逾期未履行",
    State.UNSET: "待企业明确",
    State.EXEMPT: "不作要求",
    State.WAIVED: "已豁免",
}
LAYER_LABELS = {Layer.NATIONAL: "国家", Layer.PLACE: "地方", Layer.COMPANY: "企业"}
LAYER_SPEAKS = {
    Layer.NATIONAL: "国家规定和清单要求",
    Layer.PLACE: "地方规定要求",
    Layer.COMPANY: "企业规定要求",
}
EVERY_LABELS = {
    Every.DAY: "每日",
    Every.MONTH: "每月",
    Every.QUARTER: "每季度",
    Every.HALF_YEAR: "每半年",
    Every.YEAR: "每年",
}
LIMIT_UNITS = {
    LimitUnit.HOUR: "小时",
    LimitUnit.DAY: "日",
    LimitUnit.WORKDAY: "个工作日",
    LimitUnit.MONTH: "个月",
}
ROLE_LABELS = {
    Role.CHAIR: "主持",
    Role.ORGANISER: "组织",
    Role.SIGNER: "签发",
    Role.INSPECTOR: "检查",
    Role.RECORDER: "记录",
    Role.PARTICIPANT: "参加",
    Role.SUBJECT: "本人",
}
SUBJECT_LABELS = {"driver": "名驾驶员", "employee": "名从业人员", "vehicle": "辆车", "department": "个部门"}
EACH_LABELS = {
    "driver": "每名驾驶员",
    "employee": "每名从业人员",
    "vehicle": "每辆车",
    "department": "每个部门",
}


def limit_in_words(limit: Limit) -> str:
    return f"{limit.amount}{LIMIT_UNITS[limit.unit]}"


def source_in_words(file: str) -> str:
    """清单, 地方规定（宁波市）, 补录期限: a file of the catalogue as people speak of it."""
    if file == RECORDING:
        return "补录期限"
    overlay = next((o for o in lawbook().overlays.values() if overlay_file(o.id) == file), None)
    return f"地方规定（{overlay.name}）" if overlay else "清单"


def recording_in_words(term: Term | None) -> str:
    if term is None or term.within is None:
        return "未定期限。"
    return f"记录最迟在期限届满后{limit_in_words(term.within)}内封存，逾此为逾期。"


def rule_in_words(requirement: Requirement, term: Term | None) -> str:
    """每季度至少1次，由本岗位主持；每次不少于2小时。"""
    if requirement.kind is Kind.INVITATION:
        return "按通知参加；请假须经同意，缺席即为未履行。"
    if term is None:
        what = "办理时限" if requirement.asks == "limit" else "频次"
        least = f"，不得低于：{_rhythm(requirement, requirement.floor)}" if requirement.floor else ""
        return f"原文未定{what}，须由企业自行明确{least}。"
    minima = "；".join(dict.fromkeys(w for p in requirement.proofs for w in _minima(p)))
    return _rhythm(requirement, term) + _by_whom(requirement) + (f"；{minima}" if minima else "") + "。"


def number_in_words(requirement: Requirement, term: Term) -> str:
    """每季度至少1次: the number alone."""
    return _rhythm(requirement, term)


def asked_in_words(requirement: Requirement, term: Term) -> str:
    """“每季度至少1次”（某条例 第五条）: a number with what it rests on."""
    return f"“{_rhythm(requirement, term)}”（{cited_in_words(term)}）"


def cited_in_words(term: Term) -> str:
    return clauses_in_words(term.cite)


def clauses_in_words(cites: Sequence[Citation]) -> str:
    named = []
    for cite in cites:
        instrument = lawbook().instruments.get(cite.instrument)
        named.append(f"{instrument.name} {cite.clause}" if instrument else "企业规定")
    return "；".join(named)


def _rhythm(requirement: Requirement, term: Term) -> str:
    if requirement.kind is Kind.STANDING:
        grace = f"（任职或设立后{limit_in_words(term.within)}内建立）" if term.within else ""
        return f"持续保持{grace}"
    if term.every is not None:
        each = EACH_LABELS.get(requirement.subject or "", "")
        return f"{each}{EVERY_LABELS[term.every]}至少{term.times}次"
    several = f"至少{term.times}次" if term.times > 1 else ""
    if term.before is not None:
        ahead = f"{limit_in_words(term.before)}前" if term.before.amount else "之前"
        return f"在其开始{ahead}完成{several}"
    if term.within is not None:
        return f"事由发生后{limit_in_words(term.within)}内{several}"
    return "按要求办理"


def _by_whom(requirement: Requirement) -> str:
    asked = {p.role for p in requirement.proofs if p.role is not None}
    if not asked:
        return ""
    if asked == {Role.SUBJECT}:
        return "，须本人"
    roles = "或".join(label for role, label in ROLE_LABELS.items() if role in asked)
    deputy = "（可由代理人办理）" if requirement.deputy else "（须本人）"
    return f"，由本岗位{roles}{deputy}"


def _minima(proof: Proof) -> list[str]:
    return [f"每次不少于{float(n):g}小时" for name, n in proof.minima.items() if name == "hours"]


def reason_in_words(reason: str, *, done: int, needed: int, subject: bool = False) -> str:
    """Why the state is what it is."""
    sentence = REASONS[Reason(reason)]
    return sentence.format(done=done, needed=needed, short=max(needed - done, 0))


def summary_in_words(reason: str) -> str:
    """Why several stand so, without the numbers of one of them."""
    return SUMMARIES.get(Reason(reason)) or REASONS[Reason(reason)]


SUMMARIES = {
    Reason.PARTLY: "期限未到，已履行一部分，次数未满。",
    Reason.DONE: "期内已有要求次数的记录。",
    Reason.SHORT: "期限已过，次数不足。",
}
REASONS = {
    Reason.NOT_BEGUN: "本期尚未开始。",
    Reason.WAITING: "期限未到，尚无可证明履职的记录。",
    Reason.PARTLY: "期限未到，已有{done}次，还差{short}次。",
    Reason.DONE: "期内已有{done}次记录，要求{needed}次。",
    Reason.RECORDED_LATE: "事情按期做了，但记录封存过迟，属补录。",
    Reason.DONE_LATE: "已补办，但晚于期限。",
    Reason.NOTHING: "期限已过，没有可证明履职的记录。",
    Reason.SHORT: "期限已过，只有{done}次，还差{short}次。",
    Reason.HELD: "有效的证明材料在效期内。",
    Reason.LAPSED: "证明材料已过有效期。",
    Reason.BUILDING_UP: "尚在允许建立的期限内。",
    Reason.ATTENDED: "已按通知参加。",
    Reason.DEPUTY_ATTENDED: "由代理人参加。",
    Reason.EXCUSED: "已请假。",
    Reason.ABSENT: "通知参加而缺席。",
    Reason.TOO_SHORT: "任职或在册时间不足半期，本期不作要求。",
    Reason.WAIVED: "经批准豁免。",
    Reason.NOT_FIXED: "原文用语为“定期”“及时”等，企业尚未明确频次或时限。",
    Reason.NOT_ASKED: "按更正后的读法，本期不作要求。",
}
