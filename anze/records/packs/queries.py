"""What a pack holds: its records, in steps, and how the demands of its posts stood."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db.models import Q, Sum

from anze.records.acting.errors import Refused
from anze.records.acting.permissions import require
from anze.records.evidence.access import visible
from anze.records.evidence.content import contents
from anze.records.evidence.files import path_of
from anze.records.evidence.models import Attachment, Record
from anze.records.evidence.rows import RecordDetail, detail_of
from anze.records.lawbook import lawbook
from anze.records.packs.choice import Choice
from anze.records.packs.demands import DemandView, Gap, LineView, PostView, posts, records_in
from anze.records.tenants.queries import CompanyRow
from anze.rules.periods import midnight

__all__ = [
    "Choice",
    "DemandView",
    "Gap",
    "Key",
    "LineView",
    "Outline",
    "PackedFile",
    "PackedRecord",
    "PostView",
    "outline",
    "packed",
]

MOST_RECORDS = 20_000


class TooLarge(Refused):
    pass


@dataclass(frozen=True, slots=True)
class Key:
    """A record of the pack as its index names it."""

    id: int
    number: str
    kind_name: str
    title: str
    status: str
    happened_at: datetime
    digest: str


@dataclass(frozen=True, slots=True)
class Outline:
    """`records`: by kind and day."""

    choice: Choice
    company: CompanyRow
    posts: tuple[PostView, ...]
    records: tuple[Key, ...]
    files: int
    size: int  # bytes of the files

    @property
    def unproved(self) -> int:
        return sum(post.unproved for post in self.posts)


@dataclass(frozen=True, slots=True)
class PackedFile:
    name: str
    sha256: str
    size: int
    path: Path


@dataclass(frozen=True, slots=True)
class PackedRecord:
    """`content`: what the digest of its seal covers."""

    detail: RecordDetail
    content: dict[str, Any]
    files: tuple[PackedFile, ...]


def outline(choice: Choice, *, company: CompanyRow) -> Outline:
    """Raises NotPermitted, NotAPeriod, TooLarge."""
    require("take_pack")
    choice.check()
    found = posts(choice, company_id=company.id, trade=company.trade)
    records = _records(choice, company.id, records_in(found))
    files = Attachment.objects.filter(record__in=[key.id for key in records])
    size = files.aggregate(size=Sum("size"))["size"]
    return Outline(choice, company, found, records, files.count(), size or 0)


def packed(record_ids: Sequence[int]) -> list[PackedRecord]:
    """Records of the scope with all that a pack says of them, in the order asked."""
    require("take_pack")
    found = visible().in_bulk(list(record_ids))
    records = [found[pk] for pk in record_ids if pk in found]
    known = contents(records)
    return [_packed(record, known[record.pk]) for record in records]


def _packed(record: Record, content: dict[str, Any]) -> PackedRecord:
    detail = detail_of(record)
    files = (
        PackedFile(a.name, a.sha256, a.size, path_of(a.sha256))
        for a in (*detail.attachments, *detail.signatures)
    )
    return PackedRecord(detail, content, tuple(files))


def _records(choice: Choice, company_id: int, proving: Iterable[int]) -> tuple[Key, ...]:
    """What proves a chosen demand, whenever it happened, and what was chosen by kind, of the period."""
    wanted = Q(pk__in=sorted({*proving, *choice.records}))
    if choice.kinds or choice.whole:
        happened = Q(happened_at__gte=midnight(choice.since), happened_at__lt=midnight(choice.until))
        wanted |= happened & (Q(kind__in=choice.kinds) if choice.kinds else Q())
    rows = visible().filter(wanted, company=company_id).exclude(status=Record.Status.DRAFT)
    names = {kind.id: kind.name for kind in lawbook().kinds.values()}
    order = {kind: place for place, kind in enumerate(names)}
    values = ("id", "number", "kind", "title", "status", "happened_at", "digest")
    found = list(rows.order_by("happened_at", "pk").values_list(*values)[: MOST_RECORDS + 1])
    if len(found) > MOST_RECORDS:
        raise TooLarge(f"符合条件的记录超过 {MOST_RECORDS} 条，请缩短期间，或只选部分岗位和种类。")
    found.sort(key=lambda row: order.get(row[2], len(order)))
    return tuple(
        Key(pk, number or "", names.get(kind, kind), title, status, at, digest)
        for pk, number, kind, title, status, at, digest in found
    )
