"""One obligation with its why: rule, clauses, facts or what is missing, its instants, its other periods."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from anze.records.acting.context import current
from anze.records.demands import queries as demands
from anze.records.duties import queries as duties
from anze.records.duties.corrections import CorrectionRow, correction_of
from anze.records.duties.rows import ObligationRow, TermFinder
from anze.records.evidence import queries as evidence
from anze.records.lawbook import lawbook
from anze.records.reminders.queries import sent_about
from anze.rules.catalogue.model import EvidenceKind, Line, Position, Requirement, Term
from anze.rules.duties.own import own_key
from anze.rules.periods import midnight
from anze.web.obligations.missing import missing, part_of_year, period_label
from anze.web.posts.lists import Clause, clause_of, parse_clause
from anze.web.ui.words import last_day, say_day

SIBLINGS = 13
SENT = {"waiting": "等待发送", "delivered": "已送达", "given_up": "未送达"}


@dataclass(frozen=True, slots=True)
class Moment:
    """One point of the timeline."""

    at: datetime
    title: str
    text: str = ""
    whole_day: bool = False
    record_id: int | None = None
    now: bool = False


@dataclass(frozen=True, slots=True)
class Sibling:
    row: ObligationRow
    label: str
    here: bool


@dataclass(frozen=True, slots=True)
class Detail:
    requirement: Requirement
    position: Position
    line: Line
    term: Term | None
    period: str
    clauses: tuple[Clause, ...]
    facts: Sequence[evidence.RecordRow]
    missing: str
    timeline: tuple[Moment, ...]
    siblings: tuple[Sibling, ...]
    coming: tuple[Sibling, ...]
    kinds: tuple[EvidenceKind, ...]
    edition: str
    decided_at: datetime
    correction: CorrectionRow | None
    older: bool  # not the edition of today

    @property
    def list_name(self) -> str:
        if own_key(self.line.id) is not None:
            return "企业自定要求"
        return "履职清单" if self.line in self.position.duties else "责任清单"

    @property
    def own(self) -> bool:
        return own_key(self.line.id) is not None


def detail_of(row: ObligationRow) -> Detail:
    book = lawbook()
    position = book.positions[row.position]
    requirement, term = TermFinder([row.company_id]).reading(
        row.company_id, row.requirement, row.edition, row.starts, row.due
    )
    grounds = duties.grounds(row.id)
    facts = evidence.record_rows(grounds.facts) if grounds.facts else []
    kinds = tuple(book.kinds[k] for k in row.proof_kinds if k in book.kinds)
    others = _siblings(row, term)
    return Detail(
        requirement=requirement,
        position=position,
        line=demands.line(position, row.line_id),
        term=term,
        period=period_label(row, term),
        clauses=_clauses(grounds.cites, requirement, term),
        facts=facts,
        missing=missing(row, term),
        timeline=_timeline(row, facts),
        siblings=others,
        coming=tuple(s for s in others if s.row.due and s.row.due > current().at and not s.here),
        kinds=kinds,
        edition=grounds.edition,
        decided_at=grounds.decided_at,
        correction=correction_of(row),
        older=row.edition != position.edition,
    )


def _clauses(cites: Sequence[str], requirement: Requirement, term: Term | None) -> tuple[Clause, ...]:
    """What the verdict itself named comes first; the printed line is always among them."""
    named = [parse_clause(text) for text in cites]
    named += [clause_of(citation) for citation in (*(term.cite if term else ()), *requirement.cite)]
    return tuple({(clause.printed, clause.clause): clause for clause in named}.values())


def _timeline(row: ObligationRow, facts: Sequence[evidence.RecordRow]) -> tuple[Moment, ...]:
    at = current().at
    reminders = [] if current().actor.authority is not None else sent_about(row.id)
    points = [Moment(midnight(row.starts), "期间开始", whole_day=True)]
    points += [
        Moment(f.happened_at, f"{f.title}", f"记录 {f.number} · 事情发生", record_id=f.id) for f in facts
    ]
    points += [
        Moment(f.received_at, "记录封存", f"{f.number}", record_id=f.id)
        for f in facts
        if f.received_at is not None
    ]
    points += [
        Moment(r.at, f"提醒{r.receiver}：{r.person_name}", f"{r.channel} · {SENT[r.state]}")
        for r in reminders
    ]
    if row.due is not None:
        points.append(Moment(row.due, "期限届满", f"最迟{say_day(last_day(row.due))}完成", whole_day=True))
    points.append(Moment(at, f"现在：{row.state_label}", row.reason_text, now=True))
    return tuple(sorted(points, key=lambda point: point.at))


def _siblings(row: ObligationRow, term: Term | None) -> tuple[Sibling, ...]:
    """Oldest first."""
    rows = list(reversed(duties.siblings(row.id, limit=SIBLINGS)))
    return tuple(Sibling(other, _short_label(other, term), other.id == row.id) for other in rows)


def _short_label(row: ObligationRow, term: Term | None) -> str:
    if term is None or term.every is None or row.event_id is not None:
        return f"{row.starts.month}-{row.starts.day:02}"
    year = f"{row.starts.year % 100}年"
    return f"{year}{part_of_year(row.starts, term.every).removeprefix('第')}"
