"""What a company asks of its posts on its own (企业自定要求): beside the printed lines, decided like them.

Rule 1: its id names the post and the company's entry, `coach.principal.o17.a`: it is no printed line's.
Rule 2: it is a number in each period, of the post or for each subject, from a day on, maybe to an end;
another number is another demand. Law and place know nothing of it: the company alone speaks, and is cited.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from anze.rules.catalogue.model import (
    Citation,
    Every,
    Kind,
    Layer,
    Line,
    OwedBy,
    Position,
    Proof,
    Requirement,
    Role,
    Term,
)

OWN = "own"
CITE = Citation("company", OWN)


@dataclass(frozen=True, slots=True)
class Asking:
    """What is asked. `ends`: from this day on no more.

    `role`: the holder's part in the record; None: any. `subject`: for each of these; None: of the post.
    """

    position: str
    text: str
    every: Every
    times: int
    record_kind: str
    since: date
    role: Role | None = None
    subject: str | None = None
    ends: date | None = None


@dataclass(frozen=True, slots=True)
class OwnDemand(Asking):
    """As it stands on file; `id`: the company's entry."""

    id: int = field(kw_only=True)

    @property
    def line(self) -> str:
        return f"{self.position}.o{self.id}"


def requirement_of(demand: OwnDemand) -> Requirement:
    term = Term(demand.since, (CITE,), Layer.COMPANY, demand.every, demand.times, overlay=OWN)
    return Requirement(
        id=f"{demand.line}.a",
        line=demand.line,
        position=demand.position,
        text=demand.text,
        kind=Kind.PER_SUBJECT if demand.subject else Kind.QUOTA,
        owed_by=OwedBy.POST,
        deputy=True,
        proofs=(Proof(demand.record_kind, demand.role),),
        terms=(term,),
        ends=demand.ends,
        subject=demand.subject,
    )


def own_key(requirement_id: str) -> int | None:
    """The number of the company's entry; None: of a printed line."""
    part = requirement_id.split(".")[2:3]
    key = part[0].removeprefix("o") if part else ""
    return int(key) if part and part[0] != key and key.isascii() and key.isdigit() else None


def line_of(demand: OwnDemand, number: int) -> Line:
    return Line(demand.line, f"企{number}", demand.text, (requirement_of(demand),))


def with_own(position: Position, demands: Sequence[OwnDemand]) -> Position:
    """The post with the company's demands of it below the printed duties."""
    lines = tuple(line_of(demand, n) for n, demand in enumerate(demands, start=1))
    return replace(position, duties=(*position.duties, *lines))
