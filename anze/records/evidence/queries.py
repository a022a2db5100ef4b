"""Reading records: one with everything about it, pages of them, files, and the facts for the rules."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Unpack

from django.db.models import Count

from anze.records.acting.context import current
from anze.records.acting.errors import NotFound
from anze.records.acting.paging import PAGE_SIZE, Page, paged
from anze.records.acting.permissions import may
from anze.records.evidence.access import seen, unwithheld, visible, withheld
from anze.records.evidence.facts import facts_of, facts_of_many
from anze.records.evidence.files import path_of
from anze.records.evidence.listing import Filters, chosen
from anze.records.evidence.models import Attachment, Record
from anze.records.evidence.rows import (
    AttachmentRow,
    FieldRow,
    PartRow,
    RecordDetail,
    RecordRow,
    SubjectRow,
    attachment_row,
    detail_of,
    rows_of,
)
from anze.records.evidence.searching import matching, narrowed
from anze.records.lawbook import lawbook

__all__ = [
    "AttachmentRow",
    "FieldRow",
    "Opener",
    "PartRow",
    "RecordDetail",
    "RecordRow",
    "SubjectRow",
    "counts_by_kind",
    "events",
    "facts_of",
    "facts_of_many",
    "found",
    "numbers_of",
    "open_attachment",
    "openers",
    "record",
    "record_rows",
    "records",
    "withheld",
]


@dataclass(frozen=True, slots=True)
class Opener:
    """What a duty says of the event that opened it."""

    id: int
    title: str
    number: str | None
    happened_at: datetime


def record(record_id: int, *, named: bool = False) -> RecordDetail:
    """Raises NotFound for a record out of scope, or one that the actor has no part in and may not see.

    `named`: by a duty that the actor may see, which shows it to them when it is sealed.
    """
    return detail_of(_named(record_id) if named else seen(record_id))


def records(*, page: int = 1, page_size: int = PAGE_SIZE, **filters: Unpack[Filters]) -> Page[RecordRow]:
    """Visible records, the newest first."""
    return paged(chosen(**filters).order_by("-happened_at", "-pk"), page, rows_of, page_size)


def found(text: str, *, limit: int) -> list[RecordRow]:
    """Visible records that say the text, drafts too, the newest first."""
    if not narrowed(text):
        return []
    return list(rows_of(list(matching(text).order_by("-happened_at", "-pk")[:limit])))


def record_rows(record_ids: Iterable[int]) -> list[RecordRow]:
    """Records in scope by the order they happened: what an obligation names as its proof."""
    rows = unwithheld(Record.objects.filter(pk__in=list(record_ids))).order_by("happened_at", "pk")
    return list(rows_of(list(rows)))


def openers(record_ids: Iterable[int]) -> list[Opener]:
    """The records in scope that opened duties, by their ids."""
    rows = Record.objects.filter(pk__in=list(record_ids))
    return [Opener(*values) for values in rows.values_list("pk", "title", "number", "happened_at")]


def numbers_of(record_ids: Iterable[int]) -> dict[int, str]:
    """Record id -> number, of records in scope that have one."""
    rows = Record.objects.filter(pk__in=list(record_ids)).exclude(number=None)
    return {pk: number for pk, number in rows.values_list("pk", "number") if number}


def counts_by_kind(*, company_id: int | None = None) -> dict[str, int]:
    """Kind -> how many sealed records the actor may see."""
    rows = visible().filter(status=Record.Status.SEALED)
    if company_id is not None:
        rows = rows.filter(company=company_id)
    return dict(rows.order_by().values_list("kind").annotate(count=Count("pk")))


def events(*, company_id: int | None = None) -> list[RecordRow]:
    """Sealed records that open duties, the newest first; whoever writes records may see them."""
    kinds = [kind.id for kind in lawbook().kinds.values() if kind.event]
    rows = Record.objects.filter(kind__in=kinds, status=Record.Status.SEALED).order_by("-happened_at", "-pk")
    if company_id is not None:
        rows = rows.filter(company=company_id)
    if not may(current().actor, "draft_record") and not may(current().actor, "see_company"):
        return []
    return list(rows_of(list(rows[:200])))


def open_attachment(attachment_id: int, *, named: bool = False) -> tuple[AttachmentRow, Path]:
    """The row and the stored file. Raises NotFound as `record` does, and when the file itself is gone."""
    found = Attachment.objects.filter(pk=attachment_id).first()
    if found is None:
        raise NotFound("没有这个附件。")
    _named(found.record_id) if named else seen(found.record_id)
    path = path_of(found.sha256)
    if not path.is_file():
        raise NotFound("附件的文件丢失，请联系系统管理员从备份恢复。")
    return attachment_row(found), path


def _named(record_id: int) -> Record:
    record = unwithheld(Record.objects.exclude(status=Record.Status.DRAFT)).filter(pk=record_id).first()
    return record if record is not None else seen(record_id)
