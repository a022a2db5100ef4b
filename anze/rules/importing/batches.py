"""A batch: one record of a kind for each of many vehicles, people or departments, composed without a file.

Rule 1: the column of whom it is about is the batch's own; of the others those chosen differ from row to row.
Rule 2: a row says what is common to all, over it what is its own, and above both whom it is about.
Rule 3: each title begins with the name, so that nobody mistakes one record for another.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from anze.rules.catalogue.model import EvidenceKind, Role
from anze.rules.evidence import PERSON_SUBJECTS
from anze.rules.importing.sheets import ABOUT, MAKES_UP, NUMBER, PARTS, SUBJECTS, Column, Sheet

MANY = {"vehicle": "车辆", "person": "人员", "department": "部门"}
MEASURES = {"vehicle": "辆车", "person": "人", "department": "个部门"}
LONGEST_TITLE = 120
SHORT = frozenset({"text", "decimal", "day", "moment", "choice", "bool", "identity", "number"})
_NEVER = frozenset({NUMBER, MAKES_UP, ABOUT, "ended_at", "hours"})


def many_of(kind: EvidenceKind) -> tuple[str, ...]:
    """What a batch of the kind can go through: vehicle, person, department."""
    return tuple(of for of in MANY if of in kind.subjects or (of == "person" and person_role(kind)))


def batchable(kind: EvidenceKind) -> bool:
    """A kind that needs a scan of each paper is recorded one by one."""
    return not kind.attachment_required and bool(many_of(kind))


def person_role(kind: EvidenceKind) -> str:
    """The part of whom a record is about. A session with attendance is one record for all who came."""
    if kind.attendance:
        return ""
    about = bool(PERSON_SUBJECTS & set(kind.subjects)) or Role.SUBJECT in kind.roles
    return Role.SUBJECT.value if about else ""


def subject_column(kind: EvidenceKind, of: str) -> str:
    return PARTS + person_role(kind) if of == "person" else SUBJECTS + of


def shared(sheet: Sheet, column: str) -> tuple[Column, ...]:
    """Columns that can be filled in once for all."""
    return tuple(c for c in sheet.columns if c.id != column and c.id not in _NEVER)


def differing(sheet: Sheet, column: str) -> tuple[Column, ...]:
    """Those of them that fit into a table; a title differs by itself."""
    return tuple(c for c in shared(sheet, column) if c.type in SHORT and c.id != "title")


def rows_of(
    column: str,
    common: Mapping[str, str],
    own: Iterable[tuple[str, str, Mapping[str, str]]],
) -> list[dict[str, str]]:
    """`own`: of each row its name in titles, how a sheet names it, and its own cells by column id."""
    found = []
    for name, said, cells in own:
        title = f"{name}{common.get('title', '')}"[:LONGEST_TITLE] if common.get("title", "").strip() else ""
        given = {key: text for key, text in cells.items() if text.strip()}
        found.append({**common, **given, "title": title, column: said})
    return found
