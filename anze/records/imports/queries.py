"""Imports as pages show them; lists as workbooks; and where a record came from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import IO

from django.db.models import Count, Q, QuerySet

from anze.records.acting.context import current
from anze.records.acting.errors import NotFound
from anze.records.acting.paging import Page, paged
from anze.records.acting.permissions import may
from anze.records.duties.deciding import own_company
from anze.records.evidence.access import visible
from anze.records.imports import models, writing
from anze.records.imports.actions import NO_IMPORT, NO_ROW
from anze.records.imports.models import Import
from anze.records.imports.records import comes_as_draft
from anze.records.imports.targets import target_of, withheld_targets
from anze.records.lawbook import lawbook
from anze.rules.importing.reading import address
from anze.rules.importing.rolls import ROLL
from anze.rules.importing.sheets import PEOPLE, VEHICLES, Sheet

LARGEST_ID = 2**63 - 1
STATUS_LABELS = {"open": "待导入", "committed": "已导入", "discarded": "已取消"}


@dataclass(frozen=True, slots=True)
class ImportRow:
    """`name`: of what it fills; `batch`: composed on a page, without a file; `counts`: standing -> rows."""

    id: int
    of: str
    name: str
    file_name: str
    status: str
    status_label: str
    notices: tuple[str, ...]
    author_name: str
    uploaded_at: datetime
    ended_at: datetime | None
    ended_by_name: str
    made: int
    batch: bool
    counts: Mapping[str, int]

    @property
    def total(self) -> int:
        return sum(self.counts.values())


@dataclass(frozen=True, slots=True)
class CellRow:
    """`place`: “C7 车牌号”."""

    column: str
    place: str
    typed: str
    error: str


@dataclass(frozen=True, slots=True)
class SheetRow:
    """`said`: its first cells, so that somebody knows it again; `made`: id of what it made or says again.

    `label`: number and title of the record that it made.
    """

    number: int
    standing: str
    said: tuple[str, ...]
    errors: tuple[CellRow, ...]
    made: int | None
    label: str = ""


@dataclass(frozen=True, slots=True)
class Origin:
    """The import that a record came from."""

    import_id: int
    number: int
    file_name: str
    ended_at: datetime
    by: str


def imports(*, page: int = 1) -> Page[ImportRow]:
    """The newest first: the company's, or one's own."""
    return paged(_visible().order_by("-uploaded_at", "-pk"), page, _rows)


def an_import(import_id: int) -> ImportRow:
    """Raises NotFound."""
    (row,) = _rows([_seen(import_id)])
    return row


def rows(import_id: int, *, standing: str = "", page: int = 1) -> Page[SheetRow]:
    """In the order of the sheet."""
    kept = _seen(import_id)
    sheet = target_of(kept.of).sheet
    found = models.Row.objects.filter(of_import=kept).order_by("number")
    if standing:
        found = found.filter(standing=standing)
    return paged(found, page, lambda some: _sheet_rows(sheet, kept, some))


def a_row(import_id: int, number: int) -> tuple[SheetRow, Sheet, Mapping[str, str], Mapping[str, str]]:
    """The row, its sheet, what was typed and what is wrong. Raises NotFound."""
    kept = _seen(import_id)
    row = models.Row.objects.filter(of_import=kept, number=number).first() if number < 2**31 else None
    if row is None:
        raise NotFound(NO_ROW)
    sheet = target_of(kept.of).sheet
    return _sheet_row(sheet, kept, row), sheet, row.typed, row.errors


def marked(import_id: int) -> IO[bytes]:
    """The workbook of an open import with the wrong cells marked."""
    kept = _seen(import_id)
    found = models.Row.objects.filter(of_import=kept).order_by("number")
    pairs = ((row.typed, row.errors) for row in found.iterator(chunk_size=1000))
    return writing.marked_of(target_of(kept.of).sheet, pairs)


def template(of: str) -> tuple[str, IO[bytes]]:
    """Name of the list, and its empty workbook. Raises NotFound, NotPermitted."""
    target = target_of(of)
    target.permit()
    return target.sheet.name, writing.template_of(target.sheet)


def sheet(of: str) -> Sheet:
    """What an import fills, for whoever may. Raises NotFound, NotPermitted."""
    target = target_of(of)
    target.permit()
    return target.sheet


def stays_draft(of: str) -> bool:
    """Records of the kind are sealed one by one, with a scan or by another post."""
    kind = lawbook().kinds.get(of)
    return kind is not None and comes_as_draft(kind)


def origin(record_id: int, *, kind: str) -> Origin | None:
    """Where a record of the kind came from, if a sheet brought it."""
    row = (
        models.Row.objects.filter(made=record_id, standing="made", of_import__of__in=(kind, ROLL + kind))
        .select_related("of_import")
        .first()
    )
    if row is None or row.of_import.ended_at is None:
        return None
    kept = row.of_import
    assert kept.ended_at is not None
    return Origin(kept.pk, row.number, kept.file_name, kept.ended_at, kept.ended_by_name)


def _visible() -> QuerySet[Import]:
    company, actor = own_company(), current().actor
    found, mine = Import.objects.filter(company=company), Q(author=actor.account or 0)
    return found.filter(mine | ~Q(of__in=withheld_targets()) if may(actor, "see_company") else mine)


def _seen(import_id: int) -> Import:
    found = _visible().filter(pk=import_id).first() if import_id <= LARGEST_ID else None
    if found is None:
        raise NotFound(NO_IMPORT)
    return found


def _rows(found: Sequence[Import]) -> list[ImportRow]:
    counts: dict[int, dict[str, int]] = {}
    grouped = models.Row.objects.filter(of_import__in=found).order_by().values_list("of_import", "standing")
    for key, standing, count in grouped.annotate(count=Count("pk")):
        counts.setdefault(key, {})[standing] = count
    return [
        ImportRow(
            id=kept.pk,
            of=kept.of,
            name=_name(kept.of),
            file_name=kept.file_name,
            status=kept.status,
            status_label=STATUS_LABELS[kept.status],
            notices=tuple(kept.notices),
            author_name=kept.author_name,
            uploaded_at=kept.uploaded_at,
            ended_at=kept.ended_at,
            ended_by_name=kept.ended_by_name,
            made=kept.made,
            batch=not kept.letters,
            counts=counts.get(kept.pk, {}),
        )
        for kept in found
    ]


def _name(of: str) -> str:
    try:
        return target_of(of).sheet.name
    except NotFound:
        return of


def _sheet_rows(sheet: Sheet, kept: Import, found: Sequence[models.Row]) -> list[SheetRow]:
    labels: dict[int, str] = {}
    if kept.status == Import.Status.COMMITTED and kept.of not in (PEOPLE, VEHICLES):
        made = visible().filter(pk__in=[row.made for row in found if row.made])
        labels = {
            key: f"{number} {title}" for key, number, title in made.values_list("pk", "number", "title")
        }
    return [replace(_sheet_row(sheet, kept, row), label=labels.get(row.made or 0, "")) for row in found]


def _sheet_row(sheet: Sheet, kept: Import, row: models.Row) -> SheetRow:
    said = [row.typed[column.id] for column in sheet.columns if column.id in row.typed]
    errors = tuple(
        CellRow(
            c.id, address(sheet, kept.letters, row.number, c.id), row.typed.get(c.id, ""), row.errors[c.id]
        )
        for c in sheet.columns
        if c.id in row.errors
    )
    return SheetRow(row.number, row.standing, tuple(said[:4]), errors, row.made)
