"""What an import can fill: records of a kind, or their rolls; people with their posts, vehicles."""

from __future__ import annotations

from anze.records.acting.errors import NotFound
from anze.records.duties.deciding import own_company
from anze.records.evidence.access import withheld
from anze.records.imports.checking import Target
from anze.records.imports.people import PeopleTarget
from anze.records.imports.records import RecordTarget
from anze.records.imports.rolls import RollTarget
from anze.records.imports.vehicles import VehiclesTarget
from anze.records.lawbook import lawbook
from anze.records.people.leading import ROLES, post_named
from anze.records.tenants.queries import company
from anze.rules.catalogue.model import EvidenceKind, Kind
from anze.rules.importing.rolls import ROLL, roll_sheet, takes_roll
from anze.rules.importing.sheets import PEOPLE, VEHICLES, Sheet, people_sheet, sheet_of


def target_of(of: str) -> Target:
    """For the one company in scope. Raises NotFound; rights are asked by `permit`."""
    if of == PEOPLE:
        return PeopleTarget(people_sheet_of(own_company()))
    if of == VEHICLES:
        return VehiclesTarget()
    kind = lawbook().kinds.get(of.removeprefix(ROLL))
    if kind is None or (of.startswith(ROLL) and not takes_roll(kind)):
        raise NotFound("没有这种记录。")
    if of.startswith(ROLL):
        records = record_sheet(kind)
        return RollTarget(roll_sheet(kind, records), RecordTarget(records))
    return RecordTarget(record_sheet(kind))


def withheld_targets() -> frozenset[str]:
    """What the actor sees nothing of, unless it is their own import."""
    kinds = withheld()
    return kinds | {ROLL + kind for kind in kinds}


def record_sheet(kind: EvidenceKind) -> Sheet:
    asked = [r for p in lawbook().positions.values() for r in p.requirements]
    proving = [r for r in asked if any(proof.kind == kind.id for proof in r.proofs)]
    attests = {r.id: f"{r.text}（{r.id}）" for r in proving if r.kind is Kind.ATTESTED}
    return sheet_of(kind, events=any(r.triggers for r in proving), attests=attests)


def people_sheet_of(company_id: int) -> Sheet:
    return people_sheet(_posts(company(company_id).trade))


def _posts(trade: str) -> dict[str, str]:
    listed = {position.id: position.name for position in lawbook().positions_of(trade)}
    if listed:
        return listed
    return {post.id: post.name for role in ROLES if (post := post_named(f"{trade}.{role}")) is not None}
