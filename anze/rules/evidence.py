"""Does a sealed record satisfy a requirement?

Rule 1: a record proves by its kind, the holder's role in it, its minima and its choices, all four.
Rule 2: three times are kept apart: when it happened, when it was captured, when it was received (sealed).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from fractions import Fraction

from anze.rules.catalogue.model import Role


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
    """A sealed record as the rules see it. Instants are aware; `day` is the day of `happened` in Asia/Shanghai."""

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
    about: int | None = None  # the event record it answers
    makes_up: date | None = None  # first day of the missed period that it makes up for
    attests: str | None = None  # requirement id, of a declaration
