"""Duties whose text says 定期 or 及时, with the floor of the law and what the company fixed over time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from anze.records.acting.context import current
from anze.records.duties import cases
from anze.records.duties import queries as duties
from anze.records.duties.words import rule_in_words
from anze.records.lawbook import lawbook
from anze.records.tenants.queries import CompanyRow
from anze.rules.catalogue.model import Kind, Line, Position, Requirement


@dataclass(frozen=True, slots=True)
class Fixed:
    """One commitment of the past, the present or the future."""

    since: date
    rule: str
    reason: str
    decided_by: str
    decided_at: datetime


@dataclass(frozen=True, slots=True)
class VagueDuty:
    requirement: Requirement
    position: Position
    line: Line
    floor: str  # the least that may be fixed, in words; empty: the law sets none
    current: Fixed | None
    history: tuple[Fixed, ...]  # newest first


def vague_duties(company: CompanyRow) -> list[VagueDuty]:
    """In printed order."""
    fixed = _fixed(company.id)
    return [
        _duty(requirement, fixed.get(requirement.id, ()))
        for position in lawbook().positions_of(company.trade)
        for requirement in position.requirements
        if requirement.kind is Kind.COMMITTED
    ]


def vague_duty(company: CompanyRow, requirement: Requirement) -> VagueDuty:
    return _duty(requirement, _fixed(company.id).get(requirement.id, ()))


def _duty(requirement: Requirement, history: tuple[Fixed, ...]) -> VagueDuty:
    position = lawbook().positions[requirement.position]
    lines = (*position.responsibilities, *position.duties)
    today = current().today
    return VagueDuty(
        requirement=requirement,
        position=position,
        line=next(line for line in lines if line.id == requirement.line),
        floor=rule_in_words(requirement, requirement.floor) if requirement.floor else "",
        current=next((fixed for fixed in history if fixed.since <= today), None),
        history=history,
    )


def _fixed(company_id: int) -> dict[str, tuple[Fixed, ...]]:
    found: dict[str, tuple[Fixed, ...]] = {}
    for row in duties.commitments(company_id=company_id):
        rule = rule_in_words(lawbook().requirement(row.requirement), cases.term_of(row))
        fixed = Fixed(row.since, rule, row.reason, row.decided_by, row.decided_at)
        found[row.requirement] = (*found.get(row.requirement, ()), fixed)
    return found
