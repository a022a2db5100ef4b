"""Declared key periods: those of an authority, and those that bind companies in scope."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from anze.records.acting.context import current
from anze.records.acting.errors import NotFound
from anze.records.acting.permissions import require
from anze.records.key_periods.models import Declaration
from anze.records.lawbook import lawbook
from anze.records.tenants.models import Supervision
from anze.records.tenants.queries import companies_of_authority
from anze.rules import key_periods as rules
from anze.rules.periods import ONE_DAY
from anze.rules.posts import Span


@dataclass(frozen=True, slots=True)
class DeclarationRow:
    """`ends` is exclusive. `state`: coming, running, over or withdrawn."""

    id: int
    authority: str
    name: str
    type: str
    warning: str  # in words: 台风橙色预警
    stops: bool  # running may be stopped (停运提示)
    begins: date
    ends: date
    reason: str
    companies: tuple[int, ...]
    declared_at: datetime
    declared_by: str
    state: str
    changed_at: datetime | None
    changed_by: str
    change_reason: str

    @property
    def last(self) -> date:
        return self.ends - ONE_DAY


def binding(company_ids: Sequence[int]) -> dict[int, list[rules.Declaration]]:
    """Company id -> what authorities declared for it; withdrawn ones bind nobody. Two queries."""
    rows = list(Declaration.objects.filter(withdrawn=False).order_by("pk"))
    if not rows:
        return {}
    spans: dict[tuple[int, int], list[Span]] = {}
    over = Supervision.objects.filter(company__in=company_ids, authority__in={r.authority_id for r in rows})
    for authority, company, since, until in over.values_list("authority", "company", "since", "until"):
        spans.setdefault((authority, company), []).append(Span(since, until))
    found: dict[int, list[rules.Declaration]] = {}
    for row in rows:
        for company in row.companies or company_ids:
            under = spans.get((row.authority_id, company))
            if under:
                one = rules.Declaration(row.pk, row.type, row.begins, row.ends, row.declared_at, under)
                found.setdefault(company, []).append(one)
    return found


def declared_by_us() -> list[DeclarationRow]:
    """What the officer's authority declared, newest first."""
    require("supervise")
    rows = Declaration.objects.filter(authority=current().authority).select_related("authority")
    return [_row(row) for row in rows.order_by("-begins", "-pk")]


def declaration(declaration_id: int) -> DeclarationRow:
    """One of the officer's authority. Raises NotFound."""
    require("supervise")
    rows = Declaration.objects.filter(authority=current().authority).select_related("authority")
    found = rows.filter(pk=declaration_id).first()
    if found is None:
        raise NotFound("没有这个时段。")
    return _row(found)


def declared_for(company_id: int) -> list[DeclarationRow]:
    """What was declared for the company; withdrawn ones too. Newest first."""
    rows = Declaration.objects.select_related("authority").order_by("-begins", "-pk")
    spans = list(Supervision.objects.filter(company=company_id).values_list("authority_id", "since", "until"))
    return [
        _row(row)
        for row in rows
        if (not row.companies or company_id in row.companies)
        and any(
            authority == row.authority_id and since < row.ends and (until is None or until > row.begins)
            for authority, since, until in spans
        )
    ]


def shown(declaration_ids: Sequence[int]) -> list[DeclarationRow]:
    """Of these, the ones that the scope may see: its authority's own, and those that bind its companies."""
    if not declaration_ids:
        return []
    rows = Declaration.objects.filter(pk__in=declaration_ids).select_related("authority")
    return [_row(row) for row in rows]


def bound_companies(row: DeclarationRow) -> tuple[int, ...]:
    """Of those under the officer's authority today."""
    under = companies_of_authority(current().authority or 0, current().today)
    return tuple(c for c in under if not row.companies or c in row.companies)


def warning_in_words(warning: str, level: str) -> str:
    """台风橙色预警."""
    if not warning:
        return ""
    return f"{lawbook().weather.warnings.get(warning, warning)}{rules.LEVELS.get(level, level)}预警"


def may_stop(warning: str, level: str) -> bool:
    return level in lawbook().weather.stops.get(warning, frozenset())


def _row(row: Declaration) -> DeclarationRow:
    return DeclarationRow(
        id=row.pk,
        authority=row.authority.name,
        name=row.name,
        type=row.type,
        warning=warning_in_words(row.warning, row.level),
        stops=may_stop(row.warning, row.level),
        begins=row.begins,
        ends=row.ends,
        reason=row.reason,
        companies=tuple(row.companies),
        declared_at=row.declared_at,
        declared_by=row.declared_by,
        state="withdrawn" if row.withdrawn else stage(row.begins, row.ends),
        changed_at=row.changed_at,
        changed_by=row.changed_by,
        change_reason=row.change_reason,
    )


def stage(begins: date, ends: date) -> str:
    """coming, running or over, today; `ends` is exclusive."""
    today = current().today
    if today < begins:
        return "coming"
    return "running" if today < ends else "over"
