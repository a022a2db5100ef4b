"""What an assessment is called in Chinese: its standings, grades, methods, who answered."""

from __future__ import annotations

from anze.records.assessments.models import Assessment
from anze.rules.assessment import How, Standing
from anze.rules.assessment.ledger import State
from anze.rules.catalogue.schemes import Deduct, Grade, Method, Rule, Scheme, Unit, Veto

STATUSES = {
    Assessment.Status.PLANNED: "待开始",
    Assessment.Status.RUNNING: "考评中",
    Assessment.Status.SUBMITTED: "待复核",
    Assessment.Status.REVIEWED: "已复核",
    Assessment.Status.CONCLUDED: "已结论",
    Assessment.Status.CANCELLED: "已取消",
}
KINDS = {"self": "企业自评", "other": "机构考评"}
GRADES = {Grade.FIRST: "一级", Grade.SECOND: "二级", Grade.THIRD: "三级"}
STANDINGS = {Standing.REACHED: "达到", Standing.FAILED: "未达到", Standing.UNDECIDED: "未定"}
HOWS = {How.AUTOMATIC: "按记录判定", How.ASKED: "人工判定", How.OVERRULED: "人工改判"}
METHODS = {Method.DOCUMENTS: "查资料", Method.ASKING: "询问", Method.ONSITE: "现场检查"}
ITEM_STATES = {
    State.SCORED: "已判定",
    State.OPEN: "未判完",
    State.FULFILLED: "视为符合",
    State.OMITTED: "缺项",
    State.CUT: "分值未见原文",
}
UNITS = {
    Unit.ITEM: "项",
    Unit.PERSON: "人次",
    Unit.VEHICLE: "车",
    Unit.DEPARTMENT: "个部门",
    Unit.SYSTEM: "项制度",
    Unit.OCCASION: "次",
}


def grade_named(value: str) -> str:
    return GRADES[Grade(value)]


def grades_named(veto: Veto | None) -> str:
    """The grades printed in a veto."""
    return "" if veto is None else "、".join(GRADES[grade] for grade in Grade if grade in veto.binds)


def deduction(rule: Rule) -> str:
    """不得分, 扣2分, 每项扣1分, 扣至5分止."""
    if rule.deduct is Deduct.ALL:
        return "不得分"
    if rule.deduct is Deduct.FIXED:
        return f"扣{rule.points}分"
    if rule.deduct is Deduct.JUDGED:
        return f"由考评人扣分，最多{rule.points}分"
    unit = UNITS[rule.unit] if rule.unit is not None else "项"
    most = "" if rule.most is None else f"，扣至{rule.most}分止"
    return f"每{unit.removeprefix('个')}扣{rule.points}分{most}"


def unit_of(rule: Rule) -> str:
    """What its count counts."""
    if rule.deduct is Deduct.JUDGED:
        return "分"
    return UNITS.get(rule.unit, "项") if rule.unit is not None else "项"


def count_named(rule: Rule | None, count: int) -> str:
    """不扣分, 不得分, 扣2分, 3人次; of a veto (None) 符合, 不符合."""
    if rule is None:
        return "不符合" if count else "符合"
    if not count:
        return "不扣分"
    if rule.deduct is Deduct.PER:
        return f"{count}{unit_of(rule)}"
    return f"扣{count}分" if rule.deduct is Deduct.JUDGED else deduction(rule)


def number_of(condition: str) -> str:
    """taxi-2012.1.3.a.r3-2 → 1.3.a.r3-2."""
    return condition.partition(".")[2]


def clause_of(condition: str) -> str:
    """taxi-2012.1.3.a.r3-2 → 第3条第2项; of a veto 否决项; of an item without printed deductions 扣分."""
    last = condition.rpartition(".")[2]
    if last == "v":
        return "否决项"
    number, _, part = last.removeprefix("r").partition("-")
    if not number.isdecimal():
        return "扣分"
    return f"第{number}条" + (f"第{part}项" if part else "")


def condition_named(condition: str) -> str:
    """1.3.a 第3条第2项."""
    item = number_of(condition.rpartition(".")[0])
    return f"{item} {clause_of(condition)}"


def incomplete(scheme: Scheme) -> str:
    """What every page and print says of a source with gaps; empty: it has none."""
    if not scheme.missing:
        return ""
    whole = scheme.gap.categories if scheme.gap is not None else ()
    named = f"，第{'、'.join(map(str, whole))}类目未见原文" if whole else ""
    return (
        f"所用标准的来源不完整：总分{scheme.points}分中有{scheme.missing}分未见原文{named}。"
        f"只对见到的{scheme.points - scheme.missing}分评分，不推定其余，因此不能据此认定达到任何等级。"
    )
