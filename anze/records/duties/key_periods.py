"""The key periods of a company, whatever their origin, with how what they opened stands. Reads only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.db.models import Count

from anze.records.acting.permissions import require
from anze.records.duties.models import Obligation
from anze.records.duties.queries import visible
from anze.records.duties.words import clauses_in_words
from anze.records.evidence.models import Record
from anze.records.key_periods import queries as declarations
from anze.records.key_periods.queries import DeclarationRow, may_stop, stage, warning_in_words
from anze.records.lawbook import lawbook
from anze.records.tenants.queries import company
from anze.rules.catalogue.model import KeyPeriod
from anze.rules.duties import WORST_FIRST, State
from anze.rules.key_periods import DECLARED, declaration_of, declared_event, yearly, yearly_event
from anze.rules.periods import ONE_DAY, day_of

ORIGINS = {"yearly": "年度", "declared": "管理部门发布", "recorded": "企业登记"}


@dataclass(frozen=True, slots=True)
class PeriodRow:
    """`ends` is exclusive; `opens`: the day from which its preparations are owed. `state`: as declared."""

    event: int
    origin: str
    name: str
    type: str
    begins: date
    ends: date
    opens: date
    state: str  # coming running over withdrawn
    source: str
    note: str = ""
    warning: str = ""
    stops: bool = False
    unverified: bool = False
    record: int | None = None
    counts: Mapping[str, int] | None = None  # state -> how many it opened

    @property
    def last(self) -> date:
        return self.ends - ONE_DAY

    @property
    def worst(self) -> str | None:
        counts = self.counts or {}
        return next((s.value for s in WORST_FIRST if s.value in counts), None)

    @property
    def opened(self) -> int:
        return sum((self.counts or {}).values())

    @property
    def done(self) -> int:
        counts = self.counts or {}
        return sum(counts.get(state, 0) for state in (State.MET, State.LATE, State.WAIVED))


def key_periods(company_id: int) -> list[PeriodRow]:
    """Newest first. A company is shown what it is judged for: nothing that was over before its records.

    Who may not see the whole company sees how their own duties stand.
    """
    own = company(company_id)
    rows = [
        *(_yearly(period) for period in yearly(lawbook(), own.trade, own.area)),
        *(declared_row(row) for row in declarations.declared_for(company_id)),
        *_recorded(company_id),
    ]
    shown = [row for row in rows if row.ends > own.judged_from]
    counts = _counts(company_id, [row.event for row in shown])
    counted = [replace(row, counts=counts.get(row.event, {})) for row in shown]
    return sorted(counted, key=lambda row: (row.begins, row.event), reverse=True)


def causes(company_id: int, events: Sequence[int]) -> dict[int, PeriodRow]:
    """Event number -> the key period behind it, of those that no record of the company declares."""
    wanted = {event for event in events if event < 0}
    if not wanted:
        return {}
    own = company(company_id)
    rows = [_yearly(period) for period in yearly(lawbook(), own.trade, own.area)]
    declared = [key for event in wanted if (key := declaration_of(event)) is not None]
    rows += [declared_row(row) for row in declarations.shown(declared)]
    return {row.event: row for row in rows if row.event in wanted}


def preparation(declaration: DeclarationRow) -> dict[int, Mapping[str, int]]:
    """Company id -> state -> how many of what the declaration opened; of all companies in scope."""
    require("supervise")
    event = declared_event(declaration.id)
    found: dict[int, dict[str, int]] = {}
    rows = Obligation.objects.filter(event=event).values_list("company_id", "state").annotate(n=Count("id"))
    for company_id, state, count in rows.order_by("company_id", "state"):
        found.setdefault(company_id, {})[state] = count
    return dict(found)


def declared_row(row: DeclarationRow) -> PeriodRow:
    return PeriodRow(
        event=declared_event(row.id),
        origin="declared",
        name=row.name,
        type=row.type,
        begins=row.begins,
        ends=row.ends,
        opens=day_of(row.declared_at),
        state=row.state,
        source=f"{row.authority} {row.declared_by} 发布：{row.reason}",
        note=row.change_reason,
        warning=row.warning,
        stops=row.stops,
    )


def _yearly(period: KeyPeriod) -> PeriodRow:
    return PeriodRow(
        event=yearly_event(period),
        origin="yearly",
        name=period.name,
        type=period.type,
        begins=period.begins,
        ends=period.ends,
        opens=period.opens,
        state=stage(period.begins, period.ends),
        source=clauses_in_words(period.cite[:1]),
        unverified=period.verified is None,
    )


def _recorded(company_id: int) -> list[PeriodRow]:
    found = Record.objects.filter(company_id=company_id, kind=DECLARED, status=Record.Status.SEALED)
    rows = found.order_by("-happened_at").values_list("pk", "title", "number", "values")
    return [_record_row(*row) for row in rows[:200]]


def _record_row(key: int, title: str, number: str | None, values: dict[str, str]) -> PeriodRow:
    begins, last = date.fromisoformat(values["begins"]), date.fromisoformat(values["ends"])
    warning, level = values.get("warning", ""), values.get("level", "")
    return PeriodRow(
        event=key,
        origin="recorded",
        name=title,
        type=values.get("type", "other"),
        begins=begins,
        ends=max(last, begins) + ONE_DAY,
        opens=begins,
        state=stage(begins, max(last, begins) + ONE_DAY),
        source=f"{number or ''} {values.get('source', '')}".strip(),
        warning=warning_in_words(warning, level),
        stops=may_stop(warning, level),
        record=key,
    )


def _counts(company_id: int, events: Sequence[int]) -> dict[int, dict[str, int]]:
    rows = visible(company_id).filter(event__in=list(events)).values_list("event", "state")
    found: dict[int, dict[str, int]] = {}
    for event, state, count in rows.annotate(n=Count("id")).order_by("event", "state"):
        found.setdefault(event, {})[state] = count
    return found
