"""The ledger of a kind, or of several, over a period: a list as it is filed, for page, Word and PDF."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from anze.records.acting.context import current
from anze.records.evidence.listing import ListedRow
from anze.records.tenants.queries import CompanyRow
from anze.rules.catalogue.model import EvidenceKind
from anze.web.records.ledger import backfilled
from anze.web.records.sheet import LEAD_ROLES, LINES_TO_WRITE, MARKS
from anze.web.ui.words import day_of, say_day, say_moment

WORD_LAYOUT, PDF_LAYOUT = (Path(__file__).with_name("layouts") / f"ledger.{e}" for e in ("docx", "typ"))
MOST_FIELDS = 4


@dataclass(frozen=True, slots=True)
class LedgerSheet:
    title: str
    company: str
    period: str
    heads: tuple[str, ...]
    widths: tuple[str, ...]  # shares of the line
    rows: tuple[tuple[str, ...], ...]
    source: str


def ledger_sheet(
    rows: Sequence[ListedRow],
    *,
    company: CompanyRow,
    kind: EvidenceKind | None,
    since: date | None,
    until: date | None,
) -> LedgerSheet:
    """`until`: the last day. Of one kind its short fields are columns; of several, the kind is."""
    fields = [spec for spec in kind.fields if spec.type not in LINES_TO_WRITE][:MOST_FIELDS] if kind else []
    middle = [(spec.name, "1.2") for spec in fields] if kind else [("种类", "1.6")]
    columns = [("序号", "0.5"), ("编号", "1.3"), ("日期", "1.1"), *middle, ("标题", "2.6")]
    columns += [(_lead(kind), "1.2"), ("备注", "1")]
    cells = [_cells(number, row, [spec.id for spec in fields], kind) for number, row in enumerate(rows, 1)]
    days = [day_of(row.record.happened_at) for row in rows]
    return LedgerSheet(
        title=f"{kind.name if kind else '履职记录'}台账".replace("台账台账", "台账"),
        company=company.name,
        period=_period(since or min(days, default=None), until or max(days, default=None), len(rows)),
        heads=tuple(name for name, _ in columns),
        widths=tuple(width for _, width in columns),
        rows=tuple(cells),
        source=f"打印于{say_moment(current().at)}",
    )


def _lead(kind: EvidenceKind | None) -> str:
    return (
        next((kind.roles[role] for role in LEAD_ROLES if role in kind.roles), "经办人") if kind else "负责人"
    )


def _cells(number: int, row: ListedRow, fields: Sequence[str], kind: EvidenceKind | None) -> tuple[str, ...]:
    record = row.record
    shown = {field.id: field.display for field in row.fields}
    middle = [shown.get(name, "") for name in fields] if kind else [record.kind_name]
    led_by = "、".join(row.led_by) or record.author_name
    day = f"{day_of(record.happened_at):%Y-%m-%d}"
    return (str(number), record.number or "", day, *middle, record.title, led_by, _note(row))


def _note(row: ListedRow) -> str:
    notes = [MARKS.get(row.record.status, ""), "补录" if backfilled(row.record) else ""]
    return "、".join(filter(None, notes))


def _period(since: date | None, until: date | None, count: int) -> str:
    span = f"{say_day(since)}至{say_day(until)}　" if since and until else ""
    return f"{span}共{count}条"
