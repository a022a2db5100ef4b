"""Record kinds as the pages group them, and how they are named in plain words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from anze.records.demands import queries as demands
from anze.records.evidence.queries import RecordDetail
from anze.records.lawbook import lawbook
from anze.rules.catalogue.model import EvidenceKind, Kind

GROUPS = {
    "meeting": "会议",
    "training": "教育培训",
    "certificate": "教育培训",
    "inspection": "检查与隐患",
    "hazard": "检查与隐患",
    "violation": "违法与抄告",
    "drill": "应急与演练",
    "emergency": "应急与演练",
    "key-period": "值班与重点时期",
    "duty": "值班与重点时期",
    "target": "目标与责任书",
    "plan": "目标与责任书",
    "principal": "目标与责任书",
    "appraisal": "目标与责任书",
    "reward": "目标与责任书",
    "policy": "制度与档案",
    "appointment": "制度与档案",
    "review": "制度与档案",
    "archive": "制度与档案",
    "document": "制度与档案",
    "organisation": "制度与档案",
    "law": "制度与档案",
    "credit": "制度与档案",
    "assessment": "达标考评",
    "contractor": "相关方",
    "equipment": "设备设施",
    "site": "设备设施",
    "vehicle": "车辆",
    "trip": "车辆",
    "health": "人员",
    "notice": "人员",
    "driver": "人员",
    "employee": "人员",
    "personnel": "人员",
    "expense": "安全费用",
    "pay": "安全费用",
    "accident": "事故",
}
OTHER = "其他"


@dataclass(frozen=True, slots=True)
class Group:
    """`id` is the Chinese label itself: it is what the filter sends."""

    id: str
    kinds: tuple[EvidenceKind, ...]


def uses(company_id: int) -> dict[str, str]:
    """Kind id -> what a record of it is good for in this company, in one line."""
    found: dict[str, list[str]] = {}
    for position in demands.positions(company_id):
        for requirement in position.requirements:
            for kind_id in {proof.kind for proof in requirement.proofs}:
                found.setdefault(kind_id, []).append(requirement.text)
    return {
        kind_id: f"可证明：{texts[0]}" + (f" 等 {len(texts)} 项" if len(texts) > 1 else "")
        for kind_id, texts in found.items()
    }


def group_of(kind_id: str) -> str:
    return GROUPS.get(kind_id.split(".", maxsplit=1)[0], OTHER)


def grouped(kinds: Iterable[EvidenceKind] | None = None) -> tuple[Group, ...]:
    """All kinds (or the given ones) by group, groups in the order of GROUPS, kinds in catalogue order."""
    chosen = tuple(lawbook().kinds.values() if kinds is None else kinds)
    order = (*dict.fromkeys(GROUPS.values()), OTHER)
    groups = ((label, tuple(kind for kind in chosen if group_of(kind.id) == label)) for label in order)
    return tuple(Group(label, members) for label, members in groups if members)


def kind_or_none(kind_id: str) -> EvidenceKind | None:
    return lawbook().kinds.get(kind_id)


def kind_name(kind_id: str) -> str:
    """A kind that the catalogue no longer declares shows its id."""
    kind = kind_or_none(kind_id)
    return kind.name if kind else kind_id


def author_seals(detail: RecordDetail) -> bool:
    """The reader wrote it, and may seal it without a post."""
    kind = kind_or_none(detail.kind)
    return detail.mine and kind is not None and kind.author_seals


def answerable_events(kind_id: str) -> frozenset[str]:
    """Event kinds that a record of this kind can answer, over all requirements."""
    return frozenset(
        trigger
        for position in lawbook().positions.values()
        for requirement in position.requirements
        if any(proof.kind == kind_id for proof in requirement.proofs)
        for trigger in requirement.triggers
    )


def attestable(kind_id: str) -> dict[str, str]:
    """Requirement id -> text, of the duties that a declaration of this kind can speak of."""
    return {
        requirement.id: f"{position.name}：{requirement.text}"
        for position in lawbook().positions.values()
        for requirement in position.requirements
        if requirement.kind is Kind.ATTESTED and any(proof.kind == kind_id for proof in requirement.proofs)
    }
