"""What is missing for an obligation, in one sentence: how many of which record, by whom, in which period."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from anze.records.demands import queries as demands
from anze.records.duties.rows import ObligationRow, TermFinder
from anze.records.duties.words import ROLE_LABELS
from anze.records.lawbook import lawbook
from anze.rules.catalogue.model import Every, Kind, Requirement, Role, Term

MOST_KINDS = 3
SETTLED = ("met", "late", "waived", "exempt")


def missing_of(rows: Sequence[ObligationRow], company_id: int) -> dict[int, str]:
    """Obligation id -> what is missing, for those of which something should be there by now."""
    terms = TermFinder([company_id])
    found = {}
    for row in rows:
        if row.state in ("missed", "open"):
            term = terms.term(company_id, demands.requirement(row.requirement), row.starts)
            found[row.id] = missing(row, term)
    return found


def missing(row: ObligationRow, term: Term | None) -> str:
    """Empty when nothing is missing."""
    if row.state in SETTLED:
        return ""
    if row.state == "unset":
        return "缺少企业自行确定的频次或时限。"
    requirement = demands.requirement(row.requirement)
    names = _kinds(row.proof_kinds)
    if not names:
        return ""
    if row.kind == Kind.STANDING.value:
        return f"缺少在有效期内、已封存的{names}记录{_asked(requirement, row)}。"
    needed = f"应有{row.needed}份{names}记录" if row.needed else f"应有{names}记录"
    have = f"已封存{row.done}份，还差{max(row.needed - row.done, 1)}份" if row.done else "尚无已封存的一份"
    return f"{period_label(row, term)}{needed}{_asked(requirement, row)}，{have}。"


def _kinds(ids: Sequence[str]) -> str:
    kinds = [lawbook().kinds[each].name for each in ids if each in lawbook().kinds]
    named = "或".join(f"“{name}”" for name in kinds[:MOST_KINDS])
    return named + ("等" if len(kinds) > MOST_KINDS else "")


def _asked(requirement: Requirement, row: ObligationRow) -> str:
    """（由主要负责人主持，每次不少于2小时）"""
    roles = {proof.role for proof in requirement.proofs if proof.role is not None}
    done_by = "或".join(label for role, label in ROLE_LABELS.items() if role in roles - {Role.SUBJECT})
    parts = [f"由{row.person_name or row.position_name}{done_by}"] if done_by else []
    if row.subject_id is not None:
        parts.append(f"涉及{row.subject_name}")
    hours = {proof.minima["hours"] for proof in requirement.proofs if "hours" in proof.minima}
    parts += [f"每次不少于{float(least):g}小时" for least in sorted(hours)]
    return f"（{'，'.join(parts)}）" if parts else ""


def period_label(row: ObligationRow, term: Term | None) -> str:
    """2026年第4季度; for events the day, for states 常态."""
    if row.kind == Kind.STANDING.value or (row.due is None and row.event_id is None):
        return "常态"
    if row.event_id is not None or term is None or term.every is None:
        return f"{row.starts.year}年{row.starts.month}月{row.starts.day}日"
    return f"{row.starts.year}年{part_of_year(row.starts, term.every)}"


def part_of_year(starts: date, every: Every) -> str:
    return {
        Every.DAY: f"{starts.month}月{starts.day}日",
        Every.MONTH: f"{starts.month}月",
        Every.QUARTER: f"第{(starts.month + 2) // 3}季度",
        Every.HALF_YEAR: "上半年" if starts.month <= 6 else "下半年",
        Every.YEAR: "",
    }[every]
