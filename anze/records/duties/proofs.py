"""What a draft would prove if it were sealed now, and why not where it comes close."""

from __future__ import annotations

from dataclasses import dataclass

from anze.records.acting.context import current
from anze.records.duties import cases
from anze.records.duties.footing import book_on_hand
from anze.records.evidence.facts import fact_of_draft
from anze.records.evidence.rows import RecordDetail
from anze.records.lawbook import lawbook
from anze.rules.catalogue.model import Proof, Requirement
from anze.rules.duties.holders import PostHolders
from anze.rules.evidence import Fact, Mismatch, mismatch

SHORTFALLS = {
    Mismatch.ROLE: "记录中没有{position}以“{role}”身份出席",
    Mismatch.CHOICE: "所选类型不符合要求",
    Mismatch.SHORT: "未达到最低要求（{minima}）",
}


@dataclass(frozen=True, slots=True)
class Outlook:
    """`why_not` is empty when the record would count."""

    requirement: str
    text: str
    position_name: str
    proves: bool
    why_not: str


def would_prove(record: RecordDetail) -> list[Outlook]:
    """For every requirement that takes this kind of record, in printed order."""
    fact = fact_of_draft(record.company_id, record.id, record.kind, record.happened_at, current().at)
    company = cases.staffed(record.company_id)
    book = book_on_hand(record.company_id)
    posts = {p.id: PostHolders(company, p.id) for p in lawbook().positions_of(company.trade)}
    outlooks = []
    for requirement in (*book.requirements.values(), *company.own):
        proofs = [p for p in requirement.proofs if p.kind == fact.kind]
        holders = posts[requirement.position]
        if proofs and holders.owed(requirement):
            acting = holders.actors(requirement, fact.day)
            beyond = holders.outside(requirement, fact, acting)
            actors = {person: of for person, of in acting.items() if person not in beyond}
            found = [(p, mismatch(requirement, p, fact, actors.keys())) for p in proofs]
            if any(m is not Mismatch.OTHER_DUTY for _, m in found):
                outlooks.append(_outlook(requirement, found, fact))
    return outlooks


def _outlook(requirement: Requirement, found: list[tuple[Proof, Mismatch | None]], fact: Fact) -> Outlook:
    position = lawbook().positions[requirement.position].name
    proves = any(m is None for _, m in found)
    why_not = "" if proves else _shortfall(*found[0], fact, position)
    return Outlook(requirement.id, requirement.text, position, proves, why_not)


def _shortfall(proof: Proof, why: Mismatch | None, fact: Fact, position: str) -> str:
    kind = lawbook().kinds[fact.kind]
    names = {f.id: f.name for f in kind.fields} | {"hours": "时长（小时）"}
    minima = "、".join(
        f"{names.get(name, name)}不少于{float(least):g}" for name, least in proof.minima.items()
    )
    role = kind.roles.get(proof.role, "") if proof.role is not None else ""
    return SHORTFALLS[why or Mismatch.SHORT].format(position=position, role=role, minima=minima)
