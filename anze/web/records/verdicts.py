"""What a record will prove, and where it falls short: the rules' own matching, run before it is sealed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from fractions import Fraction

from anze.records.acting.context import SHANGHAI, current
from anze.records.evidence.queries import RecordDetail
from anze.records.lawbook import lawbook
from anze.records.people import queries as people
from anze.records.tenants import queries as tenants
from anze.rules.catalogue.model import EvidenceKind, Kind, Position, Proof, Requirement, Role
from anze.rules.evidence import Attendance, Fact, Mismatch, Part, mismatch
from anze.web.records.demands import plain
from anze.web.records.kinds import kind_or_none


@dataclass(frozen=True, slots=True)
class Reach:
    """A demand that this kind of record can prove. No `faults`: the record, as typed, counts for it."""

    requirement: Requirement
    position: Position
    faults: tuple[str, ...]


def reaches(detail: RecordDetail) -> tuple[Reach, ...]:
    """Those that it proves first. A declaration speaks of one duty only, so the others are left out."""
    kind = kind_or_none(detail.kind)
    if kind is None:
        return ()
    fact = fact_of(detail, kind)
    holders = _holders(fact.day)
    found = []
    for position in lawbook().positions_of(tenants.company(detail.company_id).trade):
        actors = holders.get(position.id, frozenset())
        for requirement in position.requirements:
            proofs = [proof for proof in requirement.proofs if proof.kind == kind.id]
            if proofs and not (requirement.kind is Kind.ATTESTED and fact.attests != requirement.id):
                found.append(Reach(requirement, position, _faults(requirement, proofs, fact, kind, actors)))
    return tuple(sorted(found, key=lambda reach: bool(reach.faults)))


def _holders(day: date) -> Mapping[str, frozenset[int]]:
    found: dict[str, frozenset[int]] = {}
    for holding in people.holdings(on=day):
        found[holding.position] = found.get(holding.position, frozenset()) | {holding.person_id}
    return found


def _faults(
    requirement: Requirement, proofs: list[Proof], fact: Fact, kind: EvidenceKind, actors: frozenset[int]
) -> tuple[str, ...]:
    """Of the best of the alternative proofs."""
    faults = []
    for proof in proofs:
        why = mismatch(requirement, proof, fact, actors)
        if why is None:
            return ()
        faults.append(_in_words(why, proof, fact, kind))
    return tuple(dict.fromkeys(faults))


def _in_words(why: Mismatch, proof: Proof, fact: Fact, kind: EvidenceKind) -> str:
    names = {spec.id: spec for spec in kind.fields}
    if why is Mismatch.ROLE and proof.role is not None:
        return f"记录中没有本岗位人员以“{kind.roles.get(proof.role, '参加')}”身份到场"
    if why is Mismatch.CHOICE:
        wrong = [name for name, accepted in proof.where.items() if fact.choices.get(name) not in accepted]
        spec = names.get(wrong[0])
        labels = "、".join(spec.choices.get(v, v) if spec else v for v in sorted(proof.where[wrong[0]]))
        return f"“{spec.name if spec else wrong[0]}”须为：{labels}"
    if why is Mismatch.SHORT:
        below = [(name, least) for name, least in proof.minima.items() if _below(name, least, fact, proof)]
        shown = {name: names[name].name if name in names else name for name, _ in below}
        return "；".join(_short(name, least, fact, shown[name]) for name, least in below)
    return "不适用"


def _below(name: str, least: Fraction, fact: Fact, proof: Proof) -> bool:
    if name == "hours" and proof.role is not None:
        return True
    return fact.numbers.get(name, Fraction(0)) < least


def _short(name: str, least: Fraction, fact: Fact, label: str) -> str:
    have = fact.numbers.get(name)
    now = f"，本记录为 {plain(have)}" if have is not None else "，本记录未填"
    if name == "hours":
        return f"时长不足：要求每次不少于 {plain(least)} 小时{now}{' 小时' if have is not None else ''}"
    return f"“{label}”要求不少于 {plain(least)}{now}"


def fact_of(detail: RecordDetail, kind: EvidenceKind) -> Fact:
    """The record as the rules would see it if it were sealed at this instant."""
    numbers = {spec.id: number for spec in kind.fields if (number := _number(detail.values.get(spec.id)))}
    if detail.hours is not None:
        numbers["hours"] = Fraction(detail.hours)
    return Fact(
        id=detail.id,
        kind=detail.kind,
        day=detail.happened_at.astimezone(SHANGHAI).date(),
        happened=detail.happened_at,
        received=detail.received_at or current().at,
        parts=tuple(
            Part(
                part.person_id,
                Role(part.role),
                Attendance(part.attendance),
                None if part.hours is None else Fraction(part.hours),
            )
            for part in detail.parts
        ),
        numbers=numbers,
        choices={spec.id: detail.values[spec.id] for spec in kind.fields if spec.id in detail.values},
        makes_up=detail.makes_up,
        attests=detail.attests,
    )


def _number(text: str | None) -> Fraction | None:
    try:
        return Fraction(Decimal(text)) if text else None
    except (InvalidOperation, ValueError, OverflowError):
        return None
