"""What goes in and comes out, named as in the records' own rows. Days are Asia/Shanghai, instants UTC."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Generic, Literal, TypeVar

from ninja import Schema
from pydantic import (
    AfterValidator,
    AwareDatetime,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    StrictInt,
    StrictStr,
)

from anze.records.acting.paging import LARGEST_PAGE, PAGE_SIZE

LARGEST_ID = 2**63 - 1
MOST_PARTS, MOST_SUBJECTS, MOST_VALUES = 5000, 1000, 100
FIRST_YEAR, LAST_YEAR = 1950, 2100
ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
T = TypeVar("T")


def _written(value: Any) -> Any:
    """ISO 8601 text alone: a bare number is no day."""
    if isinstance(value, str) and ISO_DAY.match(value):
        return value
    raise ValueError("no day")


def _in_reach(value: date) -> date:
    """Years that neither a time zone nor a calendar can push out of what is representable."""
    if not FIRST_YEAR <= value.year <= LAST_YEAR:
        raise ValueError("year")
    return value


Id = Annotated[int, Field(ge=1, le=LARGEST_ID)]
BodyId = Annotated[StrictInt, Field(ge=1, le=LARGEST_ID)]
PageNumber = Annotated[int, Field(ge=1, le=1_000_000)]
PageSize = Annotated[int, Field(ge=1, le=LARGEST_PAGE)]
Number = Annotated[Decimal, PlainSerializer(float, return_type=float)]
Hours = Annotated[float, Field(strict=True, gt=0, le=24, allow_inf_nan=False)]
Short = Annotated[StrictStr, Field(max_length=100)]
Instant = Annotated[
    AwareDatetime, BeforeValidator(_written), AfterValidator(_in_reach), Field(description="ISO 8601，带时区")
]
Day = Annotated[date, BeforeValidator(_written), AfterValidator(_in_reach)]
State = Literal["upcoming", "open", "met", "late", "missed", "unset", "exempt", "waived"]
Status = Literal["draft", "sealed", "void", "superseded"]


class Out(Schema):
    model_config = ConfigDict(from_attributes=True, extra="ignore")


class In(Schema):
    model_config = ConfigDict(extra="forbid")


class Problem(Schema):
    """Why nothing was done. `errors`: field -> what is wrong with it, as the forms key them."""

    status: int
    title: str
    detail: str
    errors: dict[str, str] = Field(default_factory=dict)


class Paged(Schema, Generic[T]):
    """`page` is the nearest one that exists; `total` counts all pages' items."""

    items: Sequence[T]
    page: int
    pages: int
    total: int


class MeOut(Out):
    """Whom the token acts as on this day."""

    account: int
    name: str
    person: int | None
    company: int | None
    authority: int | None
    roles: list[str]
    positions: list[str]
    companies: int  # that may be read
    at: datetime


class FieldOut(Out):
    id: str
    name: str
    type: str
    required: bool
    choices: dict[str, str]
    hint: str


class KindOut(Out):
    """`roles`: role -> its name on this form. What a record of this kind asks for."""

    id: str
    name: str
    fields: list[FieldOut]
    roles: dict[str, str]
    subjects: list[str]
    attendance: bool
    attachment_required: bool
    event: bool
    hint: str


class PositionOut(Out):
    """`held`: by the token's account today."""

    id: str
    trade: str
    number: int
    name: str
    edition: str
    held: bool
    requirements: int


class ObligationOut(Out):
    id: int
    company_id: int
    requirement: str
    line_id: str
    position: str
    position_name: str
    text: str
    rule: str
    kind: str
    person_id: int | None
    person_name: str
    subject_type: str | None
    subject_id: int | None
    subject_name: str
    event_id: int | None
    starts: date
    due: datetime | None
    state: State
    state_label: str
    since: datetime
    until: datetime | None
    reason: str
    reason_text: str
    done: int
    needed: int
    layer: str
    provisional: bool
    attested: bool
    proof_kinds: list[str]


class RecordOut(Out):
    id: int
    company_id: int
    kind: str
    kind_name: str
    number: str | None
    title: str
    status: Status
    status_label: str
    happened_at: datetime
    captured_at: datetime
    received_at: datetime | None
    author_name: str
    lag_days: int | None


class GroundsOut(Schema):
    """`cites`: instrument#clause. `facts`: the records that were counted."""

    cites: list[str]
    facts: list[RecordOut]
    edition: str
    decided_at: datetime


class CorrectionOut(Out):
    """What stands beside a closed verdict: how it reads since our own error in its text was corrected.

    `edition`: of the corrected text, `old_edition`: of the verdict. `was` … `found`: what we had written,
    why it was wrong, who found it;
    `since`: the first day for which it mattered; `source`: which text held it.
    """

    edition: str
    old_edition: str
    state: State
    reason_text: str
    rule: str
    done: int
    needed: int
    cites: list[str]
    decided_at: datetime
    since: date | None
    was: str
    why: str
    found: str
    source: str


class ObligationDetailOut(ObligationOut):
    grounds: GroundsOut
    correction: CorrectionOut | None


class AmendmentOut(Out):
    """One demand that a new text changes. `since` null: from the day on which the text was applied.

    `requirement`, `position` and `line_id` empty: of the recording limit, which concerns every post.
    """

    sort: Literal["new", "changed", "abolished", "corrected", "reworded"]
    label: str
    requirement: str
    text: str
    position: str
    position_name: str
    line_id: str
    since: date | None
    old_rule: str
    new_rule: str
    cites: list[str]
    was: str
    why: str
    found: str
    source: str


class AppliedOut(Out):
    """One application of changed texts. `read_at` null: not read yet by the person of the token.

    `vanished`: why its changes cannot be told; else empty.
    """

    id: int
    applied_at: datetime
    read_at: datetime | None
    vanished: str
    rows: list[AmendmentOut]


class PartOut(Out):
    person_id: int
    person_name: str
    role: str
    role_label: str
    attendance: str
    attendance_label: str
    hours: Number | None


class SubjectOut(Out):
    type: str
    id: int
    name: str


class AttachmentOut(Out):
    id: int
    record_id: int
    name: str
    media_type: str
    size: int
    sha256: str
    received_at: datetime


class RecordDetailOut(Out):
    """`valid_until` is the first day on which it proves no longer."""

    id: int
    company_id: int
    kind: str
    kind_name: str
    edition: str
    status: Status
    status_label: str
    number: str | None
    title: str
    happened_at: datetime
    ended_at: datetime | None
    captured_at: datetime
    received_at: datetime | None
    hours: Number | None
    values: dict[str, str]
    parts: list[PartOut]
    subjects: list[SubjectOut]
    attachments: list[AttachmentOut]
    about: RecordOut | None
    makes_up: date | None
    attests: str | None
    valid_until: date | None
    author_name: str
    sealed_by_name: str
    digest: str
    void_reason: str
    voided_at: datetime | None
    revises: int | None
    revised_by: int | None


class SealedOut(Out):
    """`proved`: obligations that the record now proves."""

    record_id: int
    number: str
    proved: list[int]


class ObligationQuery(In):
    """The filters of the page. `month`: its first day, or `standing` for what has no due day."""

    company: Id | None = None
    position: Short | None = None
    state: State | None = None
    month: Annotated[str, Field(pattern=r"^(standing|(19|20)[0-9]{2}-(0[1-9]|1[0-2])-01)$")] | None = None
    requirement: Short | None = None
    line: Annotated[str, Field(pattern=r"^[a-z_]+\.[a-z_]+\.[a-z0-9]+$", max_length=100)] | None = None
    starts: Day | None = None
    event: Id | None = None
    page: PageNumber = 1
    size: PageSize = PAGE_SIZE


class RecordQuery(In):
    """`since` and `until`: half-open days on which it happened. `search`: in the title or number."""

    company: Id | None = None
    kind: Short | None = None
    status: Status | None = None
    since: Day | None = None
    until: Day | None = None
    search: Short | None = None
    page: PageNumber = 1
    size: PageSize = PAGE_SIZE


class PartIn(In):
    person_id: BodyId
    role: Short
    attendance: Literal["attended", "excused", "absent"] = "attended"
    hours: Hours | None = None


class SubjectIn(In):
    type: Literal["vehicle", "driver", "department", "employee"]
    id: BodyId


class RecordIn(In):
    """A draft: may be incomplete, never wrong. `values`: field id of the kind -> text."""

    kind: Short
    title: Annotated[StrictStr, Field(min_length=1, max_length=120)]
    happened_at: Instant
    ended_at: Instant | None = None
    hours: Hours | None = None
    values: Annotated[
        dict[Short, Annotated[StrictStr, Field(max_length=5000)]], Field(max_length=MOST_VALUES)
    ] = Field(default_factory=dict)
    parts: Annotated[list[PartIn], Field(max_length=MOST_PARTS)] = Field(default_factory=list)
    subjects: Annotated[list[SubjectIn], Field(max_length=MOST_SUBJECTS)] = Field(default_factory=list)
    about: BodyId | None = None
    makes_up: Day | None = None
    attests: Short | None = None
