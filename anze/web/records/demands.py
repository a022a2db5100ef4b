"""The duty that a record is entered for: what it asks, and what the form can already fill in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from anze.records.acting.context import current
from anze.records.demands import queries as demands
from anze.records.duties import queries as duties
from anze.records.duties.rows import ObligationRow
from anze.records.people import queries as people
from anze.rules.catalogue.model import Every, EvidenceKind, Kind, Proof, Requirement, Role
from anze.rules.duties import State
from anze.rules.evidence import PERSON_SUBJECTS
from anze.rules.periods import day_of, period_of
from anze.web.records.forms import MakingUp
from anze.web.records.kinds import kind_or_none


@dataclass(frozen=True, slots=True)
class Demand:
    """`period`: the name of the period asked for, if any. `making_up` is set once its deadline has passed."""

    row: ObligationRow
    requirement: Requirement
    period: str
    making_up: MakingUp | None

    @property
    def kinds(self) -> tuple[EvidenceKind, ...]:
        found = (kind_or_none(kind_id) for kind_id in self.row.proof_kinds)
        return tuple(kind for kind in found if kind)

    @property
    def owing(self) -> bool:
        return self.row.state in (State.OPEN, State.MISSED)

    @property
    def settled(self) -> bool:
        return self.row.state in (State.MET, State.LATE)

    def proof(self, kind_id: str) -> Proof | None:
        return next((proof for proof in self.requirement.proofs if proof.kind == kind_id), None)

    @property
    def declared_elsewhere(self) -> bool:
        """A key period that no record of the company declares opened it: there is none to name."""
        return self.row.event_id is not None and self.row.event_id < 0

    @property
    def invitation(self) -> int | None:
        """The record of the meeting or training one was invited to: attendance is decided there."""
        return self.row.event_id if self.requirement.kind is Kind.INVITATION else None


def demand_for(obligation_id: int) -> Demand:
    """Raises NotFound for an obligation out of scope."""
    row = duties.obligation(obligation_id)
    period = period_name(row.starts, row.due)
    late = row.due is not None and row.due <= current().at
    making_up = MakingUp(row.starts, period) if late and period else None
    return Demand(row, demands.requirement(row.requirement), period, making_up)


def period_name(starts: date, due: datetime | None) -> str:
    """2026年11月 · 2026年第四季度 · 2026年下半年 · 2026年度; empty where the duty runs on no period.

    A part of a period (joined late) has the name of the whole: its last day is the period's.
    """
    if due is None:
        return ""
    ends = day_of(due)
    every = next((every for every in Every if period_of(every, starts).until == ends), None)
    return _name(every, period_of(every, starts).since) if every else ""


def _name(every: Every, first: date) -> str:
    year, month = first.year, first.month
    names = {
        Every.DAY: f"{year}年{month}月{first.day}日",
        Every.MONTH: f"{year}年{month}月",
        Every.QUARTER: f"{year}年第{'一二三四'[(month - 1) // 3]}季度",
        Every.HALF_YEAR: f"{year}年{'上' if month == 1 else '下'}半年",
        Every.YEAR: f"{year}年度",
    }
    return names[every]


def plain(number: Fraction) -> str:
    return str(number.numerator) if number.denominator == 1 else f"{float(number):g}"


def needs_in_words(kind: EvidenceKind, demand: Demand, *, events: bool = False) -> tuple[str, ...]:
    """What a record of this kind must hold to count for the duty. `events`: the form offers some."""
    proofs = [proof for proof in demand.requirement.proofs if proof.kind == kind.id]
    names = {spec.id: spec for spec in kind.fields}
    needs = []
    roles = dict.fromkeys(kind.roles.get(proof.role, "参加人") for proof in proofs if proof.role)
    if roles:
        needs.append(f"{demand.row.person_name or demand.row.position_name}的身份为{_or(roles)}")
    for name, least in {key: n for proof in proofs for key, n in proof.minima.items()}.items():
        label = names[name].name.removesuffix("（小时）") if name in names else "时长"
        needs.append(f"“{label}”不少于 {plain(least)}{' 小时' if name == 'hours' else ''}")
    for name, accepted in {key: v for proof in proofs for key, v in proof.where.items()}.items():
        labels = [label for value, label in names[name].choices.items() if value in accepted]
        needs.append(f"“{names[name].name}”选{_or(labels)}")
    if events and demand.declared_elsewhere:
        needs.append("“所针对的事件”留空：这一重点时段由年度表或管理部门发布，不是本企业登记的事件")
    if kind.attachment_required:
        needs.append("附扫描件或照片")
    return tuple(needs)


def _or(labels: Iterable[str]) -> str:
    return "或".join(f"“{label}”" for label in labels)


def roles_of(kind: EvidenceKind) -> dict[str, str]:
    """The roles on the form, with whom the record is about where drivers or employees are its subjects."""
    roles = {str(role): label for role, label in kind.roles.items()}
    if PERSON_SUBJECTS & set(kind.subjects):
        roles.setdefault(str(Role.SUBJECT), "对象")
    return roles


def usual_role(kind: EvidenceKind, *, about_them: bool = False) -> str:
    """The role of people added in numbers: those who take part, or whom the record is about."""
    wanted = (Role.SUBJECT, Role.PARTICIPANT) if about_them else (Role.PARTICIPANT, Role.SUBJECT)
    roles = roles_of(kind)
    return next((str(role) for role in wanted if role in roles), next(reversed(roles), ""))


def first_values(kind: EvidenceKind, demand: Demand | None) -> dict[str, Any]:
    """What an empty form starts with."""
    scope = current()
    values: dict[str, Any] = {"title": kind.name, "happened_at": scope.at, "parts": [], "subjects": []}
    me = scope.actor.person
    if demand is None:
        if me and kind.roles:
            values["parts"] = [_part(me, str(next(iter(kind.roles))))]
        return values
    row = demand.row
    values["title"] = f"{demand.period}{kind.name}" + (f"（{row.subject_name}）" if row.subject_name else "")
    values["title"] = values["title"][:120]
    if demand.making_up:
        values["happened_at"] = None
    values["attests"] = row.requirement if row.attested else ""
    values["about"] = str(row.event_id) if row.event_id and row.event_id > 0 else ""
    values["parts"] = _first_parts(kind, demand, me)
    values |= _only_choices(kind, demand)
    if row.subject_id and row.subject_type in kind.subjects and row.subject_type not in PERSON_SUBJECTS:
        values["subjects"] = [{"type": row.subject_type, "id": row.subject_id, "name": row.subject_name}]
    return values


def _only_choices(kind: EvidenceKind, demand: Demand) -> dict[str, str]:
    """Where one choice alone proves the duty, it is preselected."""
    proof = demand.proof(kind.id)
    where = proof.where if proof else {}
    return {f"v_{name}": next(iter(accepted)) for name, accepted in where.items() if len(accepted) == 1}


def _first_parts(kind: EvidenceKind, demand: Demand, me: int | None) -> list[dict[str, Any]]:
    if not kind.roles:
        return []
    proof, row = demand.proof(kind.id), demand.row
    role = str(proof.role if proof and proof.role else next(iter(kind.roles)))
    parts = [_part(person, role) for person in _who_owes(row, me)]
    if row.subject_type in PERSON_SUBJECTS and row.subject_id:
        parts.append(_part(row.subject_id, usual_role(kind, about_them=True)))
    return parts


def _who_owes(row: ObligationRow, me: int | None) -> list[int]:
    if row.person_id:
        return [row.person_id]
    if row.position in people.my_positions() and me:
        return [me]
    today = people.holdings(on=current().today)
    return [holding.person_id for holding in today if holding.position == row.position]


def _part(person: int, role: str) -> dict[str, Any]:
    return {"person": person, "role": role, "attendance": "attended", "hours": ""}
