"""What a person fills in: a draft, and everything that is wrong with it at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from anze.records.acting.errors import Refused


@dataclass(frozen=True, slots=True)
class PartInput:
    """One person's part. `hours`: None means the record's own apply. `result`: passed, failed or empty."""

    person_id: int
    role: str
    attendance: str = "attended"
    hours: Decimal | None = None
    score: Decimal | None = None
    result: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """`values`: field id -> text as typed. `subjects`: ("vehicle", id), ("department", id)."""

    kind: str
    title: str
    happened_at: datetime
    ended_at: datetime | None = None
    hours: Decimal | None = None
    values: Mapping[str, str] = field(default_factory=dict)
    parts: tuple[PartInput, ...] | list[PartInput] = ()
    subjects: tuple[tuple[str, int], ...] | list[tuple[str, int]] = ()
    about: int | None = None  # the event record it answers
    makes_up: date | None = None  # first day of the missed period that it makes up for
    attests: str | None = None  # requirement id, of a declaration
    catches_up: int | None = None  # the session whose absent people it is held for; never changes


class InvalidDraft(Refused):
    """`errors`: where -> what is wrong, in Chinese, all at once.

    Keys: kind title happened_at ended_at hours parts subjects about makes_up attests attachments, and
    "values.<field id>".
    """

    def __init__(self, errors: Mapping[str, str]) -> None:
        self.errors = dict(errors)
        super().__init__("；".join(self.errors.values()))


class InvalidDrafts(Refused):
    """`errors`: index of the draft in the list -> its errors as of InvalidDraft, all at once."""

    def __init__(self, errors: Mapping[int, Mapping[str, str]]) -> None:
        self.errors = errors
        super().__init__(
            "".join(f"第 {index + 1} 条：{'；'.join(wrong.values())}" for index, wrong in errors.items())
        )


class InvalidAttachment(Refused):
    """The file was not stored."""


class AlreadySealed(Refused):
    """A record is sealed once; what is sealed never changes."""
