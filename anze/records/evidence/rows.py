"""A record as pages see it: a row of a list, or one with everything about it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from anze.records.acting.context import SHANGHAI, current
from anze.records.evidence.facts import lag_days
from anze.records.evidence.models import Attachment, Participation, Record, RecordSubject
from anze.records.evidence.values import displayed
from anze.records.fleet.models import Vehicle
from anze.records.lawbook import lawbook
from anze.records.people.models import Account
from anze.records.tenants.models import Unit
from anze.rules.catalogue.model import EvidenceKind, Role
from anze.rules.periods import add_months
from anze.rules.results import Result, plain

STATUS_LABELS = {"draft": "草稿", "sealed": "已封存", "void": "已作废", "superseded": "已修订"}
ATTENDANCE_LABELS = {"attended": "到场", "excused": "请假", "absent": "缺席"}
SUBJECT_ROLE = "对象"


@dataclass(frozen=True, slots=True)
class RecordRow:
    id: int
    company_id: int
    kind: str
    kind_name: str
    number: str | None
    title: str
    status: str
    status_label: str
    happened_at: datetime
    captured_at: datetime
    received_at: datetime | None
    author_name: str
    lag_days: int | None  # whole days from the act to its sealing; None: not sealed


@dataclass(frozen=True, slots=True)
class FieldRow:
    """`display` is what a page prints: the choice's label, 是/否, the number with its unit."""

    id: str
    label: str
    type: str
    value: str
    display: str


@dataclass(frozen=True, slots=True)
class PartRow:
    person_id: int
    person_name: str
    role: str
    role_label: str
    attendance: str
    attendance_label: str
    hours: Decimal | None
    signed_at: datetime | None = None  # wrote their name at the session
    signature: str = ""  # sha256 of the picture
    score: Decimal | None = None
    result: str = ""

    @property
    def result_label(self) -> str:
        """92分，合格; empty where nothing is known."""
        return str(Result(plain(self.score), self.result))


@dataclass(frozen=True, slots=True)
class SubjectRow:
    type: str
    id: int
    name: str


@dataclass(frozen=True, slots=True)
class AttachmentRow:
    id: int
    record_id: int
    name: str
    media_type: str
    size: int
    sha256: str
    received_at: datetime


@dataclass(frozen=True, slots=True)
class RecordDetail:
    id: int
    company_id: int
    kind: str
    kind_name: str
    edition: str
    status: str
    status_label: str
    number: str | None
    title: str
    happened_at: datetime
    ended_at: datetime | None
    captured_at: datetime
    received_at: datetime | None
    lag_days: int | None
    hours: Decimal | None
    values: Mapping[str, str]
    fields: tuple[FieldRow, ...]
    parts: tuple[PartRow, ...]
    subjects: tuple[SubjectRow, ...]
    attachments: tuple[AttachmentRow, ...]
    about: RecordRow | None
    makes_up: date | None
    attests: str | None
    valid_until: date | None  # exclusive
    author: int | None
    author_name: str
    sealed_by_name: str
    digest: str
    void_reason: str
    voided_at: datetime | None
    revises: int | None
    revised_by: int | None  # the draft or record that revises this one
    history: tuple[RecordRow, ...]  # this record and its revisions, oldest first
    retention_until: date | None
    mine: bool  # written by the acting account
    signatures: tuple[AttachmentRow, ...] = ()  # pictures of names written at the session
    catches_up: RecordRow | None = None  # the session whose absent people it was held for


def rows_of(found: Sequence[Record]) -> Sequence[RecordRow]:
    """One more query, for the authors' names."""
    names = _author_names({r.author for r in found if r.author is not None})
    return [_row(r, names) for r in found]


def _row(found: Record, names: Mapping[int, str]) -> RecordRow:
    return RecordRow(
        id=found.pk,
        company_id=found.company_id,
        kind=found.kind,
        kind_name=_kind_name(found.kind),
        number=found.number,
        title=found.title,
        status=found.status,
        status_label=STATUS_LABELS[found.status],
        happened_at=found.happened_at,
        captured_at=found.captured_at,
        received_at=found.received_at,
        author_name=names.get(found.author or 0, "系统"),
        lag_days=_lag(found),
    )


def detail_of(found: Record) -> RecordDetail:
    kind = lawbook().kinds.get(found.kind)
    history = _history(found)
    place = next(index for index, row in enumerate(history) if row.id == found.pk)
    own, later = history[place], history[place + 1 :]
    files = list(Attachment.objects.filter(record=found).order_by("pk"))
    return RecordDetail(
        id=found.pk,
        company_id=found.company_id,
        kind=found.kind,
        kind_name=own.kind_name,
        edition=found.edition,
        status=found.status,
        status_label=own.status_label,
        number=found.number,
        title=found.title,
        happened_at=found.happened_at,
        ended_at=found.ended_at,
        captured_at=found.captured_at,
        received_at=found.received_at,
        lag_days=own.lag_days,
        hours=found.hours,
        values=found.values,
        fields=fields_of(found, kind),
        parts=_parts(found, kind),
        subjects=_subjects(found),
        attachments=tuple(attachment_row(a) for a in files if not a.purpose),
        signatures=tuple(attachment_row(a) for a in files if a.purpose),
        about=_named_row(found.about_id),
        catches_up=_named_row(found.catches_up_id),
        makes_up=found.makes_up,
        attests=found.attests,
        valid_until=found.valid_until,
        author=found.author,
        author_name=own.author_name,
        sealed_by_name=found.sealed_by_name,
        digest=found.digest,
        void_reason=found.void_reason,
        voided_at=found.voided_at,
        revises=found.revises_id,
        revised_by=later[0].id if later else None,
        history=history,
        retention_until=_retention(found, kind),
        mine=found.author is not None and found.author == current().actor.account,
    )


def fields_of(found: Record, kind: EvidenceKind | None) -> tuple[FieldRow, ...]:
    """In printed order; a value whose field the catalogue no longer declares is shown by its id."""
    if kind is None:
        return tuple(FieldRow(name, name, "text", value, value) for name, value in found.values.items())
    known = [
        FieldRow(spec.id, spec.name, spec.type, value, displayed(spec, value))
        for spec in kind.fields
        if (value := found.values.get(spec.id, "")) != ""
    ]
    declared = {spec.id for spec in kind.fields}
    rest = [FieldRow(n, n, "text", v, v) for n, v in found.values.items() if n not in declared]
    return (*known, *rest)


def _parts(found: Record, kind: EvidenceKind | None) -> tuple[PartRow, ...]:
    """By the printed order of roles, then by name."""
    labels = {str(role): label for role, label in kind.roles.items()} if kind else {}
    order = {role: index for index, role in enumerate(labels)}
    rows = [
        PartRow(
            part.person_id,
            part.person.name,
            part.role,
            labels.get(part.role, SUBJECT_ROLE if part.role == Role.SUBJECT else part.role),
            part.attendance,
            ATTENDANCE_LABELS.get(part.attendance, part.attendance),
            part.hours,
            part.signed_at,
            part.signature,
            part.score,
            part.result,
        )
        for part in Participation.objects.filter(record=found)
        .select_related("person")
        .order_by("person__pinyin")
    ]
    return tuple(sorted(rows, key=lambda row: order.get(row.role, len(order))))


def _subjects(found: Record) -> tuple[SubjectRow, ...]:
    rows = list(RecordSubject.objects.filter(record=found).values_list("subject_type", "subject"))
    vehicles = [i for kind, i in rows if kind == "vehicle"]
    units = [i for kind, i in rows if kind == "department"]
    names: dict[tuple[str, int], str] = {}
    if vehicles:
        plates = Vehicle.objects.filter(pk__in=vehicles).values_list("pk", "plate")
        names |= {("vehicle", i): plate for i, plate in plates}
    if units:
        titles = Unit.objects.filter(pk__in=units).values_list("pk", "name")
        names |= {("department", i): title for i, title in titles}
    found_rows = [SubjectRow(kind, i, names.get((kind, i), str(i))) for kind, i in rows]
    return tuple(sorted(found_rows, key=lambda row: (row.type, row.name)))


def _named_row(record_id: int | None) -> RecordRow | None:
    named = Record.objects.filter(pk=record_id).first() if record_id is not None else None
    return rows_of([named])[0] if named is not None else None


def _history(found: Record) -> tuple[RecordRow, ...]:
    """The records it revises and those that revise it. One query for each revision; there are few.

    The first that revises it was read with it.
    """
    chain = [found]
    while (older := chain[0].revises_id) is not None:
        chain.insert(0, Record.objects.get(pk=older))
    while hasattr(chain[-1], "revision"):
        chain.append(chain[-1].revision)
    return tuple(rows_of(chain))


def _retention(found: Record, kind: EvidenceKind | None) -> date | None:
    if kind is None:
        return None
    return add_months(found.happened_at.astimezone(SHANGHAI).date(), kind.retention_months)


def _lag(found: Record) -> int | None:
    return None if found.received_at is None else lag_days(found.happened_at, found.received_at)


def _kind_name(kind_id: str) -> str:
    kind = lawbook().kinds.get(kind_id)
    return kind.name if kind else kind_id


def _author_names(accounts: Iterable[int]) -> dict[int, str]:
    rows = Account.objects.filter(pk__in=list(accounts)).select_related("person")
    return {a.pk: a.person.name if a.person is not None else a.officer_name or "系统管理员" for a in rows}


def attachment_row(found: Attachment) -> AttachmentRow:
    return AttachmentRow(
        found.pk,
        found.record_id,
        found.name,
        found.media_type,
        found.size,
        found.sha256,
        found.received_at,
    )
