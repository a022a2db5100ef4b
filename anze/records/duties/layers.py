"""Which layer spoke on a demand on a day, who put it there, and what lies beneath. Reads only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from anze.records.demands import queries as demands
from anze.records.demands.queries import OwnDemandRow
from anze.records.duties.cases import own_terms
from anze.records.duties.footing import book_shown
from anze.records.duties.models import Commitment
from anze.records.duties.words import cited_in_words, number_in_words
from anze.records.lawbook import lawbook
from anze.rules.catalogue.model import Kind, Layer, Requirement, Term
from anze.rules.duties.own import own_key
from anze.rules.duties.terms import Rulebook, ranked


@dataclass(frozen=True, slots=True)
class LayerRow:
    """One source with its number. `decided_by` and what follows: of the company's own."""

    layer: str
    label: str
    number: str
    since: date
    clauses: str
    verified: str | None
    decided_by: str = ""
    decided_at: datetime | None = None
    reason: str = ""


def layers_of(
    company_id: int, requirement_id: str, day: date, ruling: Rulebook | None = None
) -> list[LayerRow]:
    """The one that speaks first; what a vague duty asks at least comes last. Three queries at most.

    `ruling`: the book of a verdict; without one, of the texts applied last.
    """
    book = ruling or book_shown(company_id, requirement_id)
    requirement = book.requirements.get(requirement_id) or demands.requirement(requirement_id)
    own = own_terms([company_id]).get((company_id, requirement_id), [])
    if requirement.kind is Kind.COMMITTED:
        rows = [_row(requirement, term, company_id) for term in ranked(own, day)]
        return rows + ([_least(requirement, requirement.floor)] if requirement.floor else [])
    asked = book.asked_of(requirement, day)
    return [_row(requirement, term, company_id) for term in ranked((*reversed(asked), *own), day)]


def layer_name(term: Term | None) -> str:
    """清单原文, 地方规定（宁波市）, 企业规定: the source of a number."""
    if term is None or term.layer is Layer.NATIONAL:
        return "清单原文"
    if term.layer is Layer.COMPANY:
        return "企业规定"
    overlay = lawbook().overlays.get(term.overlay or "")
    return f"地方规定（{overlay.name}）" if overlay else "地方规定"


def _row(requirement: Requirement, term: Term, company_id: int) -> LayerRow:
    decided = _decided(company_id, requirement.id, term)
    return LayerRow(
        layer=term.layer.value,
        label=layer_name(term),
        number=number_in_words(requirement, term),
        since=term.since,
        clauses="" if term.layer is Layer.COMPANY else cited_in_words(term),
        verified=term.verified,
        decided_by=decided.decided_by if decided else "",
        decided_at=decided.decided_at if decided else None,
        reason=decided.reason if decided else "",
    )


def _least(requirement: Requirement, floor: Term) -> LayerRow:
    return LayerRow(
        layer=floor.layer.value,
        label="最低要求",
        number=number_in_words(requirement, floor),
        since=floor.since,
        clauses=cited_in_words(floor),
        verified=floor.verified,
    )


def _decided(company_id: int, requirement: str, term: Term) -> Commitment | OwnDemandRow | None:
    if term.layer is not Layer.COMPANY:
        return None
    key = own_key(requirement)
    if key is not None:
        return demands.row(key)
    return Commitment.objects.filter(company_id=company_id, requirement=requirement, since=term.since).first()
