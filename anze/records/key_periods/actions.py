"""An authority declares a key period, withdraws it before it begins, or ends it early.

Each answers with the companies whose duties it touches; `duties.periods` decides those again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from anze.records.acting.context import current
from anze.records.acting.errors import NotFound, Refused
from anze.records.acting.permissions import require
from anze.records.journal.actions import append, digest_of
from anze.records.key_periods.models import Declaration
from anze.records.lawbook import lawbook
from anze.records.tenants.queries import companies_of_authority
from anze.rules.key_periods import LEVELS, TYPES
from anze.rules.periods import ONE_DAY

LONGEST = 366  # days


class Begun(Refused):
    """The period has begun: it can be ended, not withdrawn."""


@dataclass(frozen=True, slots=True)
class NewPeriod:
    """`last` is inside. `companies` empty: all under the authority. A weather warning has kind and level."""

    type: str
    name: str
    begins: date
    last: date
    reason: str
    warning: str = ""
    level: str = ""
    companies: Sequence[int] = ()


@dataclass(frozen=True, slots=True)
class Changed:
    """The row with its digest, and the companies it touches today."""

    id: int
    digest: str
    companies: tuple[int, ...]


def declare(*, period: NewPeriod) -> Changed:
    require("declare_period")
    authority, scope = _authority(), current()
    _check(period)
    under = companies_of_authority(authority, scope.today)
    if not set(period.companies) <= set(under):
        raise NotFound("所选企业不在监管范围内。")
    weather = period.type == "weather"
    row = Declaration.objects.create(
        authority_id=authority,
        companies=sorted(set(period.companies)),
        type=period.type,
        name=period.name.strip(),
        warning=period.warning if weather else "",
        level=period.level if weather else "",
        begins=period.begins,
        ends=period.last + ONE_DAY,
        reason=period.reason.strip(),
        declared_at=scope.at,
        declared_by=scope.actor.name,
    )
    return _noted(row, "key_period.declare", row.reason)


def withdraw(*, declaration_id: int, reason: str) -> Changed:
    """Before it begins: it then binds nobody. Raises Begun."""
    row = _open(declaration_id, reason)
    if row.begins <= current().today:
        raise Begun("时段已经开始，不能撤回，只能提前结束。")
    row.withdrawn = True
    return _change(row, "key_period.withdraw", reason)


def end_early(*, declaration_id: int, reason: str) -> Changed:
    """Today is its last day. What it opened stays owed."""
    row, today = _open(declaration_id, reason), current().today
    if row.begins > today:
        raise Refused("时段还没有开始，可以撤回。")
    if row.ends <= today + ONE_DAY:
        raise Refused("时段今天结束或已经结束。")
    row.ends = today + ONE_DAY
    return _change(row, "key_period.end", reason)


def _check(period: NewPeriod) -> None:
    if period.type not in TYPES:
        raise Refused("请选择时段类别。")
    if not period.name.strip() or len(period.name.strip()) > 60:
        raise Refused("请填写时段名称（不超过 60 字）。")
    if not period.reason.strip():
        raise Refused("请写明依据。")
    if period.begins < current().today:
        raise Refused("开始日期不能早于今天。")
    if not 0 <= (period.last - period.begins).days < LONGEST:
        raise Refused("结束日期应不早于开始日期，且一次不超过一年。")
    if period.type == "weather" and not (
        period.warning in lawbook().weather.warnings and period.level in LEVELS
    ):
        raise Refused("请选择天气预警的种类和等级。")


def _authority() -> int:
    authority = current().authority
    if authority is None:
        raise NotFound("重点时段由管理部门发布。")
    return authority


def _open(declaration_id: int, reason: str) -> Declaration:
    require("declare_period")
    found = Declaration.objects.select_for_update().filter(pk=declaration_id, authority=_authority()).first()
    if found is None:
        raise NotFound("没有这个时段。")
    if found.withdrawn:
        raise Refused("时段已经撤回。")
    if not reason.strip():
        raise Refused("请写明理由。")
    return found


def _change(row: Declaration, action: str, reason: str) -> Changed:
    scope = current()
    row.changed_at, row.changed_by, row.change_reason = scope.at, scope.actor.name, reason.strip()
    row.save()
    return _noted(row, action, reason.strip())


def _noted(row: Declaration, action: str, reason: str) -> Changed:
    content = {
        "type": row.type,
        "name": row.name,
        "warning": row.warning,
        "level": row.level,
        "begins": row.begins.isoformat(),
        "ends": row.ends.isoformat(),
        "companies": row.companies,
        "withdrawn": row.withdrawn,
    }
    digest = digest_of(content)
    append(
        action=action,
        rows=[("key_periods.declaration", row.pk, digest)],
        reason=reason,
        authority_id=row.authority_id,
    )
    under = companies_of_authority(row.authority_id, current().today)
    touched = tuple(c for c in under if not row.companies or c in row.companies)
    return Changed(row.pk, digest, touched)
