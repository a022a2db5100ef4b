"""How much of the printed lists is encoded, and how much of it is decided by records.

Rule 1: a line of the 责任清单 is performed by its own demands and by those of the lines it points to.
Rule 2: a line is wholly attested when every demand that performs it is only declared.
Rule 3: demands are counted under the line that holds them, once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields

from anze.rules.catalogue.model import Kind, Line, Position, Requirement

LIST_NAMES = {"responsibilities": "责任清单", "duties": "履职清单", "records": "履职记录"}


@dataclass(frozen=True, slots=True)
class Coverage:
    """Counts of one list of one position, or of several together."""

    lines: int = 0
    encoded: int = 0  # lines that lead to a demand or to a kind of record
    by_facts: int = 0  # lines of which at least one demand is decided by records
    declared: int = 0  # lines wholly attested
    parts: int = 0  # demands
    decided: int = 0  # demands decided by records
    committed: int = 0  # of these: the company first fixes the number
    attested: int = 0  # demands that are only declared

    def __add__(self, other: Coverage) -> Coverage:
        return Coverage(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(self)))


def coverage(position: Position) -> Mapping[str, Coverage]:
    """By list, in printed order."""
    demands = {line.id: line.requirements for line in position.duties}
    return {
        "responsibilities": total(_counted(line, demands) for line in position.responsibilities),
        "duties": total(_counted(line, demands) for line in position.duties),
        "records": total(_recorded(line) for line in position.records),
    }


def total(counts: Iterable[Coverage]) -> Coverage:
    return sum(counts, Coverage())


def performing(line: Line, demands: Mapping[str, tuple[Requirement, ...]]) -> tuple[Requirement, ...]:
    """The demands that perform a line: its own, and those of the duty lines it points to."""
    return (*line.requirements, *(r for seen in line.see for r in demands[seen]))


def _counted(line: Line, demands: Mapping[str, tuple[Requirement, ...]]) -> Coverage:
    performed_by = performing(line, demands)
    decided = [r for r in line.requirements if r.kind is not Kind.ATTESTED]
    by_facts = any(r.kind is not Kind.ATTESTED for r in performed_by)
    return Coverage(
        lines=1,
        encoded=int(bool(performed_by)),
        by_facts=int(by_facts),
        declared=int(bool(performed_by) and not by_facts),
        parts=len(line.requirements),
        decided=len(decided),
        committed=sum(r.kind is Kind.COMMITTED for r in decided),
        attested=len(line.requirements) - len(decided),
    )


def _recorded(line: Line) -> Coverage:
    """A line of the 履职记录 names records; they are facts, not demands."""
    return Coverage(lines=1, encoded=int(bool(line.kinds)), by_facts=int(bool(line.kinds)))
