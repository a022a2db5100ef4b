"""No duty is unproved for want of a form: each demand, proved by each kind of record that it accepts.

The worked case in which a demand is met is told again with records made of nothing but what the form of the
kind holds: its fields, its roles, its subjects.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

import pytest

from anze.rules.catalogue.model import EvidenceKind, FieldSpec, Kind, Proof, Requirement, Role
from anze.rules.duties import Rulebook, State, decide
from anze.rules.evidence import PERSON_SUBJECTS, Fact, Part, mismatch
from tests.rules.catalogue.cases import PEOPLE, SUBJECT, Case, case_files, catalogue

ME, ACTORS = PEOPLE["me"], frozenset({PEOPLE["me"], PEOPLE["deputy"]})
NUMERIC = frozenset({"number", "money", "hours"})
POSTS = 11
SAMPLES = {
    "text": "按清单要求办理",
    "longtext": "按清单要求办理",
    "date": "2100-12-31",
    "number": "1",
    "money": "1",
    "hours": "1",
    "bool": "true",
    "items": "按清单要求办理",
    "settlements": "已完成",
}


def requirements() -> list[Requirement]:
    return [r for p in catalogue().positions_of("coach") for r in p.requirements]


def ways(requirement: Requirement) -> tuple[Proof, ...]:
    """An invitation is answered by the record of what one was invited to."""
    if requirement.kind is Kind.INVITATION:
        return tuple(Proof(kind, Role.PARTICIPANT) for kind in requirement.triggers)
    return requirement.proofs


def typed(spec: FieldSpec, proof: Proof) -> str:
    """What somebody types into the field. Raises KeyError for a type that no form has."""
    if spec.type == "choices":
        return ",".join(spec.choices)
    if spec.type == "choice":
        return min(proof.where.get(spec.id, frozenset(spec.choices)) & spec.choices.keys())
    if spec.id in proof.minima:
        return str(proof.minima[spec.id])
    return SAMPLES[spec.type]


def filled_in(kind: EvidenceKind, proof: Proof) -> Mapping[str, str]:
    values = {spec.id: typed(spec, proof) for spec in kind.fields}
    assert all(values[spec.id] for spec in kind.fields if spec.required)
    return values


def retold(requirement: Requirement, proof: Proof, fact: Fact) -> Fact:
    """The same happened, and is kept on the form of the proof's kind."""
    kind = catalogue().kinds[proof.kind]
    values = filled_in(kind, proof)
    of = {spec.id: spec for spec in kind.fields}
    return replace(
        fact,
        kind=kind.id,
        parts=tuple(part_of(requirement, kind, proof, part) for part in with_me(proof, fact)),
        subjects=frozenset(subject for subject in fact.subjects if subject[0] in kind.subjects),
        numbers={name: Fraction(text) for name, text in values.items() if of[name].type in NUMERIC},
        choices={name: text for name, text in values.items() if of[name].type in ("choice", "bool")},
        valid_until=day_after(values[kind.expires_field]) if kind.expires_field else None,
        starts=date.fromisoformat(values[kind.starts_field]) if kind.starts_field else None,
        attests=requirement.id if requirement.kind is Kind.ATTESTED else None,
    )


def with_me(proof: Proof, fact: Fact) -> tuple[Part, ...]:
    if proof.role is None or any(part.person in ACTORS for part in fact.parts):
        return fact.parts
    return (*fact.parts, Part(ME, proof.role))


def part_of(requirement: Requirement, kind: EvidenceKind, proof: Proof, part: Part) -> Part:
    """Whoever acts has the role that is asked for; who is covered is named where the form names people."""
    if part.person in ACTORS and proof.role is not None:
        assert proof.role in {*kind.roles, Role.PARTICIPANT}
        return replace(part, role=proof.role)
    if part.person == SUBJECT and requirement.subject in PERSON_SUBJECTS:
        covers = Role.SUBJECT in kind.roles or PERSON_SUBJECTS & set(kind.subjects)
        assert covers or Role.PARTICIPANT in kind.roles, f"{kind.id}的表上写不上人"
        return replace(part, role=Role.SUBJECT if covers else Role.PARTICIPANT)
    return part


def day_after(text: str) -> date:
    return date.fromisoformat(text) + timedelta(days=1)


def proves(requirement: Requirement, fact: Fact) -> bool:
    if requirement.kind is Kind.INVITATION:
        return fact.kind in requirement.triggers
    return any(mismatch(requirement, proof, fact, ACTORS) is None for proof in requirement.proofs)


def met(requirement: Requirement) -> Case:
    """The first worked case in which it is."""
    cases = (case for file in case_files() for case in file.cases)
    return next(case for case in cases if (case.requirement, case.state) == (requirement.id, "met"))


def state(requirement: Requirement, case: Case, facts: list[Fact]) -> State:
    book = Rulebook(catalogue(), case.company.trade, case.company.area)
    found = decide(book, case.company, facts, case.on, only=frozenset({requirement.id}))
    wanted = (case.starts, SUBJECT if case.subject else None)
    (verdict,) = [d.verdict for d in found if (d.obligation.starts, d.obligation.subject) == wanted]
    return verdict.state


@pytest.mark.parametrize("requirement", requirements(), ids=lambda r: r.id)
def test_each_kind_that_a_demand_accepts_proves_it(requirement: Requirement) -> None:
    case = met(requirement)
    proving = {fact.id for fact in case.facts if proves(requirement, fact)}
    assert proving
    assert ways(requirement)
    for proof in ways(requirement):
        facts = [retold(requirement, proof, f) if f.id in proving else f for f in case.facts]
        assert state(requirement, case, facts) is State.MET, proof
        kept = [fact for fact in facts if fact.id not in proving]
        assert (
            state(requirement, case, kept) is not State.MET
            if requirement.kind is not Kind.INVITATION
            else True
        )


def test_these_are_the_demands_of_all_eleven_posts() -> None:
    assert len({r.position for r in requirements()}) == len(catalogue().positions_of("coach")) == POSTS


def test_what_opens_a_demand_has_a_form_that_says_so() -> None:
    """Else nobody would ever owe it."""
    for requirement in requirements():
        for trigger in requirement.triggers:
            kind = catalogue().kinds[trigger]
            assert kind.event or requirement.kind is Kind.INVITATION
            assert filled_in(kind, Proof(trigger, None))
            if kind.starts_field:
                assert kind.starts_field in {spec.id for spec in kind.fields if spec.required}
