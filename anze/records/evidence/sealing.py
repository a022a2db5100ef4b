"""Sealing and voiding. For `records.duties` alone, which re-decides what they touch and journals it.

Rule 1: rows are locked in the order of their ids, then the serials, and the journal's head last.
Rule 2: numbers have no gaps and are never given twice: a serial is locked until the transaction ends.
Rule 3: a sealed revision supersedes what it revises; a void record keeps its number.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection

from anze.records.acting.context import current
from anze.records.acting.errors import NotFound, Refused
from anze.records.acting.models import check_writable
from anze.records.acting.permissions import may, require
from anze.records.evidence import newest
from anze.records.evidence.access import NO_RECORD, require_draft, require_own, require_sealer, visible
from anze.records.evidence.content import digests
from anze.records.evidence.drafts import InvalidDraft
from anze.records.evidence.forms import missing
from anze.records.evidence.items import project
from anze.records.evidence.models import Attachment, Record
from anze.records.lawbook import lawbook

LONGEST_REASON = 500
# One statement, because a sealed row takes no second one; and not `bulk_update`, which builds an expression
# for every value and takes minutes where this takes a second.
_SEAL = """
UPDATE evidence_record AS kept
SET status = 'sealed', received_at = %s, sealed_by = %s, sealed_by_name = %s,
    number = given.number, digest = given.digest
FROM unnest(%s::bigint[], %s::text[], %s::text[]) AS given(id, number, digest)
WHERE kept.id = given.id
"""


@dataclass(frozen=True, slots=True)
class Marked:
    """A record that was sealed or voided. `superseded`: the older record that no longer counts."""

    id: int
    company_id: int
    kind: str
    number: str
    digest: str
    superseded: int | None = None


def mark_sealed(record_ids: Sequence[int]) -> list[Marked]:
    """Numbers, receives and freezes drafts, all or none.

    Raises NotFound, NotPermitted, AlreadySealed, InvalidDraft (what the kinds require and the drafts lack).
    """
    require("draft_record")
    records = _sealable(record_ids)
    for record in records:
        require_own(record)
        require_draft(record)
        require_sealer(record)
    _require_complete(records)
    _require_events(records)
    replaced = _locked_replaced(records)
    _seal(records)
    if replaced:
        Record.objects.filter(pk__in=[old.pk for old in replaced]).update(status=Record.Status.SUPERSEDED)
    project([*records, *replaced])
    newest.keep([*records, *replaced])
    return [_marked(record, record.revises_id) for record in records]


def _sealable(record_ids: Sequence[int]) -> list[Record]:
    """Locked. Without the right to seal only one's own, of kinds that their author seals; nothing is told
    of others, not even whether they are there."""
    if may(current().actor, "seal_record"):
        return _locked(record_ids)
    try:
        records = _locked(record_ids)
    except NotFound:
        records = []
    if not records or not all(author_seals(record) for record in records):
        require("seal_record")
    return records


def author_seals(record: Record) -> bool:
    """The acting account wrote it, and records of its kind are sealed by whoever writes them: signed in."""
    kind, actor = lawbook().kinds.get(record.kind), current().actor
    mine = record.author is not None and record.author == actor.account and actor.only is None
    return mine and kind is not None and kind.author_seals


def mark_void(record_ids: Sequence[int], reason: str) -> list[Marked]:
    """Sealed records prove no longer; content and number stay. Raises NotFound, NotPermitted, Refused."""
    require("void_record")
    why = reason.strip()
    if not why or len(why) > LONGEST_REASON:
        raise Refused(f"请填写作废原因（不超过 {LONGEST_REASON} 字）。")
    records = _locked(record_ids)
    for record in records:
        if record.status != Record.Status.SEALED:
            raise Refused(f"“{record.title}”不是有效的已封存记录，不能作废。")
    ids = [record.pk for record in records]
    Record.objects.filter(pk__in=ids).update(
        status=Record.Status.VOID, void_reason=why, voided_at=current().at
    )
    project(records)
    newest.keep(records)
    return [_marked(record, None) for record in records]


def _locked(record_ids: Sequence[int]) -> list[Record]:
    ids = sorted(set(record_ids))
    if not ids:
        raise NotFound(NO_RECORD)
    if visible().filter(pk__in=ids).count() != len(ids):
        raise NotFound(NO_RECORD)
    return list(Record.objects.select_for_update().filter(pk__in=ids).order_by("pk"))


def _require_complete(records: Sequence[Record]) -> None:
    counts: dict[int, int] = defaultdict(int)
    for record_id in Attachment.objects.filter(record__in=records, purpose="").values_list(
        "record_id", flat=True
    ):
        counts[record_id] += 1
    errors: dict[str, str] = {}
    for record in records:
        kind = lawbook().kinds.get(record.kind)
        if kind is None:
            raise Refused(f"“{record.title}”的种类已不在标准库中，不能封存。")
        named = "" if len(records) == 1 else f"“{record.title}”："
        for key, problem in missing(kind, record.values, counts[record.pk]).items():
            errors.setdefault(key, "")
            errors[key] += f"{named}{problem}"
    if errors:
        raise InvalidDraft(errors)


def _require_events(records: Sequence[Record]) -> None:
    """The event that a draft answers may have been voided since it was written."""
    events = {record.about_id for record in records if record.about_id is not None}
    void = Record.objects.filter(pk__in=events, status=Record.Status.VOID).first() if events else None
    if void is not None:
        raise InvalidDraft({"about": f"所针对的事件“{void.title}”（{void.number}）已作废，请改选。"})


def _locked_replaced(records: Sequence[Record]) -> list[Record]:
    ids = sorted(record.revises_id for record in records if record.revises_id is not None)
    replaced = list(Record.objects.select_for_update().filter(pk__in=ids).order_by("pk"))
    for old in replaced:
        if old.status != Record.Status.SEALED:
            raise Refused(f"被修订的记录 {old.number} 已作废或已被修订，不能再封存它的修订稿。")
    return replaced


def _seal(records: Sequence[Record]) -> None:
    scope = current()
    numbers = _numbers(records)
    for record in records:
        record.status = Record.Status.SEALED
        record.number = numbers[record.pk]
        record.received_at = scope.at
        record.sealed_by = scope.actor.account
        record.sealed_by_name = scope.actor.name[:40]
    found = digests(records)
    for record in records:
        record.digest = found[record.pk]
        check_writable(record.company_id)
    with connection.cursor() as cursor:
        cursor.execute(
            _SEAL,
            [
                scope.at,
                scope.actor.account,
                scope.actor.name[:40],
                [record.pk for record in records],
                [record.number for record in records],
                [record.digest for record in records],
            ],
        )


def _numbers(records: Sequence[Record]) -> dict[int, str]:
    """Record id -> HY-2026-0007, by company and prefix in the order of ids."""
    year = current().today.year
    series: dict[tuple[int, str], list[int]] = defaultdict(list)
    for record in records:
        series[record.company_id, lawbook().kinds[record.kind].prefix].append(record.pk)
    numbers = {}
    for (company, prefix), ids in sorted(series.items()):
        first = _take(company, prefix, year, len(ids))
        for offset, record_id in enumerate(ids):
            numbers[record_id] = f"{prefix}-{year}-{first + offset:04d}"
    return numbers


def _take(company_id: int, prefix: str, year: int, count: int) -> int:
    """The first of `count` new numbers. The row stays locked until the transaction ends, so none is lost."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO evidence_serial AS s (company_id, prefix, year, last) VALUES (%s, %s, %s, %s) "
            "ON CONFLICT (company_id, prefix, year) DO UPDATE "
            "SET last = s.last + excluded.last RETURNING last",
            [company_id, prefix, year, count],
        )
        row = cursor.fetchone()
    assert row is not None
    return int(row[0]) - count + 1


def _marked(record: Record, superseded: int | None) -> Marked:
    assert record.number is not None
    return Marked(record.pk, record.company_id, record.kind, record.number, record.digest, superseded)
