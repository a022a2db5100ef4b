"""Does a sealed record satisfy a requirement?

Rule 1: a record proves by its kind, the holder's role in it, its minima and its choices, all four.
Rule 2: three times are kept apart: when it happened, when it was captured, when it was received (sealed).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Set
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple, Protocol

from anze.rules.catalogue.model import Kind, Proof, Requirement, Role


class Attendance(StrEnum):
    ATTENDED = "attended"
    EXCUSED = "excused"
    ABSENT = "absent"


@dataclass(frozen=True, slots=True)
class Part:
    """One person's part in a record. `hours`: None means the record's own hours apply."""

    person: int
    role: Role
    attendance: Attendance = Attendance.ATTENDED
    hours: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Fact:
    """A sealed record as the rules see it. Instants are aware; `day`: of `happened`, in Asia/Shanghai."""

    id: int
    kind: str
    day: date
    happened: datetime
    received: datetime
    parts: tuple[Part, ...] = ()
    subjects: frozenset[tuple[str, int]] = frozenset()  # ("vehicle", 7): subjects that are not persons
    numbers: Mapping[str, Fraction] = field(default_factory=dict)
    choices: Mapping[str, str] = field(default_factory=dict)
    valid_until: date | None = None  # exclusive; of kinds that expire
    starts: date | None = None  # of an event: the day on which what it declares begins
    ends: date | None = None  # exclusive; of a key period that no record declares
    about: int | None = None  # the event record it answers
    makes_up: date | None = None  # first day of the missed period that it makes up for
    attests: str | None = None  # requirement id, of a declaration


class Covering(Protocol):
    """As much of a record as says whom it covers."""

    @property
    def parts(self) -> tuple[Part, ...]: ...
    @property
    def subjects(self) -> Collection[tuple[str, int]]: ...
    @property
    def numbers(self) -> Mapping[str, Fraction]: ...


class Hit(NamedTuple):
    """A record that counts, in the order of what happened."""

    day: date
    happened: datetime
    received: datetime
    fact: int
    makes_up: date | None
    about: int | None


class Mismatch(StrEnum):
    """Why a record of a fitting kind does not count."""

    KIND = "kind"
    ROLE = "role"  # the holder has no such part in it
    CHOICE = "choice"
    SHORT = "short"  # below a minimum
    OTHER_DUTY = "other_duty"  # a declaration about another requirement


PERSON_SUBJECTS = frozenset({"driver", "employee"})
COVERED = frozenset({Role.SUBJECT, Role.PARTICIPANT})  # who organised a check-up was not examined by it


def mismatch(requirement: Requirement, proof: Proof, fact: Fact, actors: Set[int]) -> Mismatch | None:
    """None when the record counts for one of `actors`: who held the post, or stood in, on its day."""
    if fact.kind != proof.kind:
        return Mismatch.KIND
    if requirement.kind is Kind.ATTESTED and fact.attests != requirement.id:
        return Mismatch.OTHER_DUTY
    if any(fact.choices.get(name) not in accepted for name, accepted in proof.where.items()):
        return Mismatch.CHOICE
    if any(_number(fact, name) < least for name, least in proof.minima.items() if name != "hours"):
        return Mismatch.SHORT
    return _part_mismatch(proof, fact, actors)


def _part_mismatch(proof: Proof, fact: Fact, actors: Set[int]) -> Mismatch | None:
    if proof.role is None:
        return Mismatch.SHORT if _number(fact, "hours") < proof.minima.get("hours", 0) else None
    parts = [p for p in fact.parts if p.person in actors and _plays(p, proof.role)]
    if not parts:
        return Mismatch.ROLE
    return None if any(_long_enough(p, proof, fact) for p in parts) else Mismatch.SHORT


def _number(fact: Covering, name: str) -> Fraction:
    return fact.numbers.get(name, Fraction(0))


def covered_subjects(subject_type: str, proof: Proof, fact: Covering) -> tuple[int, ...]:
    """Ids of the vehicles, departments, drivers or employees that the record covers."""
    if subject_type in PERSON_SUBJECTS:
        return tuple(
            p.person
            for p in fact.parts
            if p.role in COVERED and p.attendance is Attendance.ATTENDED and _long_enough(p, proof, fact)
        )
    return tuple(subject for kind, subject in fact.subjects if kind == subject_type)


def _plays(part: Part, role: Role) -> bool:
    """Whoever chairs, organises or inspects also takes part; whom the record is about need not."""
    if part.attendance is not Attendance.ATTENDED:
        return False
    return part.role is role or (role is Role.PARTICIPANT and part.role is not Role.SUBJECT)


def _long_enough(part: Part, proof: Proof, fact: Covering) -> bool:
    least = proof.minima.get("hours")
    if least is None:
        return True
    return (part.hours if part.hours is not None else _number(fact, "hours")) >= least
