"""Paper first: what was printed, signed and scanned finds its record by the code that stands on it.

Rule 1: a blank form is one paper: its first scan makes a draft, every further one is attached to the same.
Rule 2: a printed draft takes scans of exactly the content that was printed; what changed is printed anew.
Rule 3: a sealed record never changes: scans of its print stand beside it, under the digest that was printed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from anze.records.acting.context import current
from anze.records.acting.errors import NotFound, Refused
from anze.records.acting.permissions import require
from anze.records.evidence.access import require_own, seen, visible
from anze.records.evidence.actions import attach_file, draft_record
from anze.records.evidence.content import LABEL, contents
from anze.records.evidence.drafts import Draft, InvalidAttachment
from anze.records.evidence.files import path_of, store, tidy_name
from anze.records.evidence.models import Record, StampedCopy
from anze.records.evidence.rows import RecordRow, rows_of
from anze.records.journal.actions import append, digest_of
from anze.records.lawbook import lawbook

VERSION = 12  # hex digits of a digest that are printed
MOST_COPIES = 20
APART = frozenset({"attachments", "paper"})  # a scan changes nothing of what was printed


class OtherVersion(Refused):
    """What was printed is not what stands there now."""


@dataclass(frozen=True, slots=True)
class StampedRow:
    id: int
    record_id: int
    name: str
    media_type: str
    size: int
    received_at: datetime
    version: str  # as printed


def version_of(record_id: int) -> str:
    """What a print of the record says of its version. Raises NotFound."""
    return _version(seen(record_id))


def filed_on(paper: str) -> RecordRow | None:
    """The record to which a blank form belongs, where the actor may see it; None: it was not scanned yet."""
    found = visible().filter(paper=paper).first()
    return rows_of([found])[0] if found is not None else None


def file_blank(*, kind: str, paper: str, anew: bool = False) -> int:
    """The draft that takes the scans of a blank form. `anew`: of a photocopy of it, another record.

    Raises NotFound, Refused when the record is sealed.
    """
    require("draft_record")
    declared = lawbook().kinds.get(kind)
    if declared is None:
        raise NotFound("没有这种记录。")
    known = None if anew else Record.objects.filter(paper=paper).first()
    if known is not None:
        require_own(known)
        if known.status != Record.Status.DRAFT:
            raise Refused(
                f"这张表已登记为 {known.number} 并封存，不能再附文件。复印的另一份，请选“另建一条”。"
            )
        return known.pk
    record_id = draft_record(draft=Draft(kind, declared.name, current().at))
    if not Record.objects.filter(paper=paper).exists():
        Record.objects.filter(pk=record_id).update(paper=paper)
    return record_id


def file_printed(*, record_id: int, version: str, name: str, chunks: Iterable[bytes]) -> None:
    """A scan of a printed record. Raises NotFound, NotPermitted, OtherVersion, InvalidAttachment."""
    require("draft_record")
    record = seen(record_id)
    require_own(record)
    if (stands := _version(record)) != version:
        raise OtherVersion(
            f"这张纸印的是版本 {version}，记录后来又改动过，现在是版本 {stands}，没有附上。"
            "请重新打印、签字盖章后再扫码上传。"
        )
    if record.status == Record.Status.VOID:
        raise Refused(f"“{record.title}”（{record.number}）已作废，不再附扫描件。")
    if record.status == Record.Status.DRAFT:
        attach_file(record_id=record_id, name=name, chunks=chunks)
    else:
        _stand_beside(record, name, chunks)


def stamped_copies(record_id: int) -> list[StampedRow]:
    """Of a record that may be read, the newest first."""
    rows = StampedCopy.objects.filter(record=record_id).order_by("-received_at", "-pk")
    return [
        StampedRow(r.pk, r.record_id, r.name, r.media_type, r.size, r.received_at, r.version[:VERSION])
        for r in rows
    ]


def open_copy(record_id: int, copy_id: int) -> tuple[StampedRow, Path]:
    """Of a record that may be read. Raises NotFound."""
    for row in stamped_copies(record_id):
        if row.id == copy_id:
            path = path_of(StampedCopy.objects.get(pk=copy_id).sha256)
            if not path.is_file():
                break
            return row, path
    raise NotFound("没有这份扫描件。")


def _version(record: Record) -> str:
    if record.digest:
        return record.digest[:VERSION]
    content = contents([record])[record.pk]
    return digest_of({name: value for name, value in content.items() if name not in APART})[:VERSION]


def _stand_beside(record: Record, name: str, chunks: Iterable[bytes]) -> None:
    Record.objects.select_for_update().get(pk=record.pk)  # one scan sent twice stands once
    known = StampedCopy.objects.filter(record=record)
    if known.count() >= MOST_COPIES:
        raise InvalidAttachment(f"一条记录最多附 {MOST_COPIES} 份扫描件。")
    file = store(chunks, name)
    clean = tidy_name(name, file.extension)
    if known.filter(sha256=file.sha256).exists():
        raise InvalidAttachment(f"“{clean}”已经附在这条记录上，不必重复上传。")
    scope = current()
    copy = StampedCopy.objects.create(
        company_id=record.company_id,
        record=record,
        version=record.digest,
        sha256=file.sha256,
        name=clean,
        media_type=file.media_type,
        size=file.size,
        received_at=scope.at,
        account=scope.actor.account,
    )
    noted = digest_of([record.salt, record.digest, file.sha256, clean])
    rows = [(LABEL, record.pk, record.digest), ("evidence.stamped_copy", copy.pk, noted)]
    append(action="evidence.stamped_copy", rows=rows, company_id=record.company_id)
