"""What the rules know of a company: since when it is judged, its posts, deputies and subjects.

Rule 1: spans are half-open in days of Asia/Shanghai; an absent end means "still".
Rule 2: a deputy acts for the holder only inside the span of the cover, and not while on leave.
Rule 3: a holder's remit (分管范围) names units; the units below one belong to it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from anze.rules.catalogue.model import Requirement, Term


@dataclass(frozen=True, slots=True)
class Span:
    """Half-open days: `since` inside, `until` outside; None: no end."""

    since: date
    until: date | None = None

    def holds(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day < self.until)


@dataclass(frozen=True, slots=True)
class Holding:
    """A person holds a position over a span."""

    id: int
    person: int
    position: str
    span: Span


@dataclass(frozen=True, slots=True)
class Cover:
    """A deputy (AB角) stands in for the holder of a holding over a span."""

    holding: int
    deputy: int
    span: Span


@dataclass(frozen=True, slots=True)
class Leave:
    """A person is away (请假、停岗) over a span."""

    person: int
    span: Span


@dataclass(frozen=True, slots=True)
class Remit:
    """A unit for which the holder of a holding is responsible over a span (分管范围)."""

    holding: int
    unit: int
    span: Span


@dataclass(frozen=True, slots=True)
class Commitment:
    """What the company fixed for a vague frequency or time limit; `term.overlay` names it."""

    requirement: str
    term: Term


@dataclass(frozen=True, slots=True)
class Waiver:
    """A requirement not asked over a span, with the reason on file; person None: for every holder."""

    id: int
    requirement: str
    span: Span
    person: int | None = None


@dataclass(frozen=True, slots=True)
class Company:
    """Everything about a company that verdicts depend on, but its records.

    `judged_from`: the first day on which duties are judged; earlier periods have no obligations.
    `subjects`: subject type -> id -> span, for per-subject requirements.
    """

    id: int
    trade: str
    area: str
    judged_from: date
    holdings: Sequence[Holding] = ()
    covers: Sequence[Cover] = ()
    leaves: Sequence[Leave] = ()
    remits: Sequence[Remit] = ()  # of every unit in charge, those below included
    subjects: Mapping[str, Mapping[int, Span]] = field(default_factory=dict)
    commitments: Sequence[Commitment] = ()
    waivers: Sequence[Waiver] = ()
    own: Sequence[Requirement] = ()  # what the company asks of its posts beside the lists
