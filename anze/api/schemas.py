"""What comes out, named as in the records' own rows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Generic, Literal, TypeVar

from ninja import Schema
from pydantic import ConfigDict, Field

from anze.api.fields import Number, State, Status

T = TypeVar("T")


class Out(Schema):
    model_config = ConfigDict(from_attributes=True, extra="ignore")


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
    score: Number | None
    result: str


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
