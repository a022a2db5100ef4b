"""Drafts: written, edited, discarded, revised, with files attached. Sealing is in `sealing`."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from typing import Any

from anze.records.acting.context import current
from anze.records.acting.errors import NotFound, Refused
from anze.records.acting.permissions import require
from anze.records.evidence.access import locked_draft, require_own, seen
from anze.records.evidence.content import LABEL, edition_of, journal_rows
from anze.records.evidence.drafts import (
    AlreadySealed,
    Draft,
    InvalidAttachment,
    InvalidDraft,
    InvalidDrafts,
    PartInput,
)
from anze.records.evidence.files import LARGEST, store, tidy_name
from anze.records.evidence.forms import Sound, roll_of, sound
from anze.records.evidence.models import Attachment, Participation, Record, RecordSubject, RollCall
from anze.records.evidence.roll_calls import with_signatures
from anze.records.journal.actions import append, digest_of

__all__ = [
    "LARGEST",
    "AlreadySealed",
    "Draft",
    "InvalidAttachment",
    "InvalidDraft",
    "InvalidDrafts",
    "PartInput",
    "attach_file",
    "checked_drafts",
    "detach_file",
    "discard_drafts",
    "draft_record",
    "draft_records",
    "edit_draft",
    "lock_record",
    "revise_record",
]

MOST_ATTACHMENTS = 40


def draft_record(*, draft: Draft, company_id: int | None = None) -> int:
    """The new draft's id. `company_id`: only where the scope writes several. Raises InvalidDraft."""
    require("draft_record")
    company = _only_company() if company_id is None else company_id
    checked = sound(draft)
    record = _new(company, draft, checked)
    record.save(force_insert=True)
    _replace_parts(record, checked)
    append(action="evidence.draft", rows=journal_rows([record]), company_id=company)
    return record.pk


def draft_records(*, drafts: Sequence[Draft]) -> list[int]:
    """Ids in the order given; all or none, one entry of the journal. Raises InvalidDrafts."""
    require("draft_record")
    company = _only_company()
    checked, errors = checked_drafts(drafts)
    if errors:
        raise InvalidDrafts(errors)
    records = [_new(company, draft, found) for draft, found in zip(drafts, checked, strict=True)]
    Record.objects.bulk_create(records, batch_size=1000)
    pairs = list(zip(records, checked, strict=True))
    Participation.objects.bulk_create((p for r, found in pairs for p in _parts_of(r, found)), batch_size=2000)
    RecordSubject.objects.bulk_create(
        (s for r, found in pairs for s in _subjects_of(r, found)), batch_size=2000
    )
    append(action="evidence.draft", rows=journal_rows(records), company_id=company)
    return [record.pk for record in records]


def checked_drafts(drafts: Sequence[Draft]) -> tuple[list[Sound], dict[int, dict[str, str]]]:
    """The sound ones in their order, and the errors of the others by their index. Writes nothing."""
    roll = roll_of(drafts)
    checked, errors = [], {}
    for index, draft in enumerate(drafts):
        try:
            checked.append(sound(draft, roll=roll))
        except InvalidDraft as refusal:
            errors[index] = refusal.errors
    return checked, errors


def lock_record(*, record_id: int) -> None:
    """Nobody changes it until the transaction ends: what is read from here on is what is acted on."""
    seen(record_id)
    require("draft_record")
    Record.objects.select_for_update().get(pk=record_id)


def edit_draft(*, record_id: int, draft: Draft) -> None:
    """Replaces what it says; kind, files and time of capture stay. Raises InvalidDraft, AlreadySealed."""
    record = locked_draft(record_id)
    if draft.kind != record.kind:
        raise InvalidDraft({"kind": "草稿的种类不能更改，请另建一条。"})
    checked = sound(draft, record_id)
    for name, value in _columns(draft, checked).items():
        setattr(record, name, value)
    record.edition = edition_of(record.kind)
    record.save()
    _replace_parts(record, checked)
    append(action="evidence.edit", rows=journal_rows([record]), company_id=record.company_id)


def discard_drafts(*, record_ids: Sequence[int]) -> None:
    """Deletes drafts for good; nothing sealed is ever deleted."""
    records = [locked_draft(record_id) for record_id in sorted(set(record_ids))]
    if not records:
        return
    append(action="evidence.discard", rows=journal_rows(records), company_id=_company_of(records))
    ids = [record.pk for record in records]
    Participation.objects.filter(record__in=ids).delete()
    RecordSubject.objects.filter(record__in=ids).delete()
    Attachment.objects.filter(record__in=ids).delete()
    RollCall.objects.filter(record__in=ids).delete()
    Record.objects.filter(pk__in=ids).delete()


def revise_record(*, record_id: int) -> int:
    """A new draft with the content of a sealed record; once sealed it supersedes the old one."""
    require("draft_record")
    seen(record_id)
    old = Record.objects.select_for_update().get(pk=record_id)
    require_own(old)
    if old.status != Record.Status.SEALED:
        raise Refused("只有已封存且有效的记录可以修订。")
    if Record.objects.filter(revises=old).exists():
        raise Refused("这条记录已有修订稿，请在修订稿上修改。")
    parts = list(Participation.objects.filter(record=old))
    subjects = list(RecordSubject.objects.filter(record=old))
    files = list(Attachment.objects.filter(record=old))
    new = _copy_of(old)
    new.save(force_insert=True)
    _copy(parts, new)
    _copy(subjects, new)
    _copy(files, new)
    append(action="evidence.revise", rows=journal_rows([new]), company_id=new.company_id)
    return new.pk


def attach_file(*, record_id: int, name: str, chunks: Iterable[bytes]) -> int:
    """Stores the file, then names it on the draft. Raises InvalidAttachment and keeps nothing of the file."""
    record = locked_draft(record_id)
    if Attachment.objects.filter(record=record, purpose="").count() >= MOST_ATTACHMENTS:
        raise InvalidAttachment(f"一条记录最多附 {MOST_ATTACHMENTS} 个文件。")
    file = store(chunks, name)
    clean = tidy_name(name, file.extension)
    if Attachment.objects.filter(record=record, sha256=file.sha256).exists():
        raise InvalidAttachment(f"“{clean}”已经附在这条记录上，不必重复上传。")
    attachment = Attachment.objects.create(
        company_id=record.company_id,
        record=record,
        sha256=file.sha256,
        name=clean,
        media_type=file.media_type,
        size=file.size,
        received_at=current().at,
    )
    _note_file("evidence.attach", record, attachment)
    return attachment.pk


def detach_file(*, attachment_id: int) -> None:
    """The stored file stays: another record or revision may name it."""
    attachment = Attachment.objects.filter(pk=attachment_id, purpose="").first()
    if attachment is None:
        raise NotFound("没有这个附件。")
    record = locked_draft(attachment.record_id)
    _note_file("evidence.detach", record, attachment)
    attachment.delete()


def _note_file(action: str, record: Record, attachment: Attachment) -> None:
    digest = digest_of([record.salt, attachment.sha256, attachment.name])
    rows = [(LABEL, record.pk, digest), ("evidence.attachment", attachment.pk, digest)]
    append(action=action, rows=rows, company_id=record.company_id)


def _only_company() -> int:
    writes = current().writes
    if len(writes) != 1:
        raise ValueError("several companies in scope: name one")
    return writes[0]


def _company_of(records: Sequence[Record]) -> int:
    companies = {record.company_id for record in records}
    if len(companies) != 1:
        raise Refused("一次只能处理同一家企业的记录。")
    return companies.pop()


def _new(company_id: int, draft: Draft, checked: Sound) -> Record:
    scope = current()
    return Record(
        company_id=company_id,
        kind=draft.kind,
        edition=edition_of(draft.kind),
        captured_at=scope.at,
        author=scope.actor.account,
        salt=secrets.token_hex(16),
        catches_up_id=draft.catches_up,
        **_columns(draft, checked),
    )


def _columns(draft: Draft, checked: Sound) -> dict[str, Any]:
    return {
        "title": checked.title,
        "happened_at": draft.happened_at,
        "ended_at": draft.ended_at,
        "hours": checked.hours,
        "values": checked.values,
        "valid_until": checked.valid_until,
        "about_id": draft.about,
        "makes_up": draft.makes_up,
        "attests": draft.attests,
    }


def _replace_parts(record: Record, checked: Sound) -> None:
    signed = list(Participation.objects.filter(record=record).exclude(signed_at=None))
    Participation.objects.filter(record=record).delete()
    Participation.objects.bulk_create(with_signatures(_parts_of(record, checked), signed))
    RecordSubject.objects.filter(record=record).delete()
    RecordSubject.objects.bulk_create(_subjects_of(record, checked))


def _parts_of(record: Record, checked: Sound) -> list[Participation]:
    return [
        Participation(
            company_id=record.company_id,
            record=record,
            person_id=part.person_id,
            role=part.role,
            attendance=part.attendance,
            hours=part.hours,
            score=part.score,
            result=part.result,
        )
        for part in checked.parts
    ]


def _subjects_of(record: Record, checked: Sound) -> list[RecordSubject]:
    return [
        RecordSubject(company_id=record.company_id, record=record, subject_type=kind, subject=subject)
        for kind, subject in checked.subjects
    ]


def _copy_of(old: Record) -> Record:
    scope = current()
    return Record(
        company_id=old.company_id,
        kind=old.kind,
        edition=edition_of(old.kind),
        title=old.title,
        happened_at=old.happened_at,
        ended_at=old.ended_at,
        hours=old.hours,
        values=dict(old.values),
        valid_until=old.valid_until,
        about_id=old.about_id,
        makes_up=old.makes_up,
        attests=old.attests,
        catches_up_id=old.catches_up_id,
        captured_at=scope.at,
        author=scope.actor.account,
        revises=old,
        salt=secrets.token_hex(16),
    )


def _copy(rows: Sequence[Any], record: Record) -> None:
    if not rows:
        return
    for row in rows:
        row.pk, row.record = None, record
        row._state.adding = True
    type(rows[0]).objects.bulk_create(rows)
