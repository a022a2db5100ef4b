"""The three printed lists of a post, each line with how its parts stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from anze.records.acting.context import current
from anze.records.acting.errors import NotFound
from anze.records.demands import queries as demands
from anze.records.duties.layers import layer_name
from anze.records.duties.queries import RequirementStanding, line_state
from anze.records.duties.rows import TermFinder
from anze.records.duties.words import rule_in_words
from anze.records.lawbook import lawbook
from anze.records.tenants.queries import CompanyRow
from anze.rules.catalogue.model import (
    Citation,
    EvidenceKind,
    Instrument,
    Kind,
    Line,
    Position,
    Requirement,
    Term,
)
from anze.rules.duties.own import CITE
from anze.web.ui.words import say_day


@dataclass(frozen=True, slots=True)
class Clause:
    """A citation with the instrument behind it."""

    instrument: Instrument | None
    clause: str
    printed: str

    @property
    def name(self) -> str:
        return self.instrument.name if self.instrument else self.printed


@dataclass(frozen=True, slots=True)
class PartView:
    """One demand of a line. `state` None: nothing has called for it yet."""

    requirement: Requirement
    rule: str
    layer: str
    layer_name: str
    beneath: str  # the weaker numbers under the one that speaks
    state: str | None
    standing: RequirementStanding | None
    clauses: tuple[Clause, ...]

    @property
    def attested(self) -> bool:
        return self.requirement.kind is Kind.ATTESTED

    @property
    def kinds(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(proof.kind for proof in self.requirement.proofs))

    @property
    def many(self) -> bool:
        """Whether it is owed for each of several subjects."""
        return self.requirement.subject is not None and self.total > 1

    @property
    def settled(self) -> int:
        counts = self.standing.counts if self.standing else {}
        return sum(counts.get(state, 0) for state in ("met", "late", "waived", "exempt"))

    @property
    def total(self) -> int:
        return sum(self.standing.counts.values()) if self.standing else 0


@dataclass(frozen=True, slots=True)
class LineView:
    line: Line
    state: str | None
    parts: tuple[PartView, ...]


@dataclass(frozen=True, slots=True)
class RecordLineView:
    line: Line
    kinds: tuple[EvidenceKind, ...]


def post_of(position_id: str, company: CompanyRow) -> Position:
    """The post with what the company asks of it on its own, when it is one of the company's trade."""
    position = demands.position(company.id, position_id)
    if position is None or position.trade != company.trade:
        raise NotFound("没有这个岗位。")
    return position


def clause_of(citation: Citation) -> Clause:
    return parse_clause(str(citation))


def parse_clause(text: str) -> Clause:
    """From the id that a verdict keeps: instrument#clause, or what the company itself decided."""
    instrument, _, clause = text.partition("#")
    if instrument == "company":
        return Clause(None, "", "本企业规定" if clause == CITE.clause else "企业自定")
    return Clause(lawbook().instruments.get(instrument), clause, instrument)


def line_views(
    lines: Sequence[Line], standings: Mapping[str, RequirementStanding], terms: TermFinder, company_id: int
) -> list[LineView]:
    found = []
    for line in lines:
        parts = tuple(_part(r, standings.get(r.id), terms, company_id) for r in line.requirements)
        found.append(LineView(line, line_state([p.state for p in parts if p.state]), parts))
    return found


def record_views(lines: Sequence[Line]) -> list[RecordLineView]:
    kinds = lawbook().kinds
    return [RecordLineView(line, tuple(kinds[k] for k in line.kinds if k in kinds)) for line in lines]


def _part(
    requirement: Requirement, standing: RequirementStanding | None, terms: TermFinder, company_id: int
) -> PartView:
    today = current().today
    term = terms.term(company_id, requirement, today)
    begins = f"{say_day(term.since)}起：" if term is not None and term.since > today else ""
    return PartView(
        requirement=requirement,
        rule=begins + rule_in_words(requirement, term),
        layer=term.layer.value if term else "national",
        layer_name=layer_name(term),
        beneath=terms.beneath(company_id, requirement, term, today),
        state=standing.state if standing else None,
        standing=standing,
        clauses=_clauses(requirement, term),
    )


def _clauses(requirement: Requirement, term: Term | None) -> tuple[Clause, ...]:
    cited = dict.fromkeys((*(term.cite if term else ()), *requirement.cite))
    return tuple(clause_of(citation) for citation in cited)
