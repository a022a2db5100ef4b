"""An import: uploaded, repaired row by row, committed whole in one transaction, or discarded.

Rule 1: nothing is made before the commit, and then everything or nothing; an import that was cut off stands
as it stood before. Committed twice it is committed once, whoever comes second.
Rule 2: the commit checks every row again: what is on file may have changed since the preview.
Rule 3: what was typed is forgotten when the import ends; each row keeps what it made, and the number that
this had before: rows of later sheets call it so.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import IO

from django.db import connection

from anze.records.acting.context import current
from anze.records.acting.errors import NotFound, Refused
from anze.records.acting.models import check_writable
from anze.records.acting.permissions import may
from anze.records.duties import verdicts
from anze.records.duties.deciding import own_company
from anze.records.imports import models
from anze.records.imports.checking import Checked, Target
from anze.records.imports.models import Import
from anze.records.imports.targets import target_of, withheld_targets
from anze.records.imports.workbooks import UnreadableFile, read_file
from anze.records.journal.actions import append, digest_of
from anze.rules.importing.reading import Row, WrongSheet, doubles, read_row, read_rows
from anze.rules.importing.sheets import NUMBER

__all__ = ["Committed", "ImportEnded", "UnreadableFile", "commit", "discard", "drop_row", "repair", "upload"]

Standing = models.Row.Standing
NO_IMPORT = "没有这次导入。"
NO_ROW = "没有这一行。"
BATCH = 1000


class ImportEnded(Refused):
    """It was committed or discarded, here or by somebody else."""


@dataclass(frozen=True, slots=True)
class Committed:
    """`made`: rows that made something; `wrong`: rows for which nothing was made of any.

    `before`: somebody had committed it already.
    """

    made: int
    wrong: int = 0
    before: bool = False


def upload(*, of: str, name: str, file: IO[bytes], size: int) -> int:
    """The import's id; its rows are read and checked. Raises UnreadableFile."""
    target = target_of(of)
    target.permit()
    cells = read_file(file, size)
    try:
        reading = read_rows(target.sheet, cells.rows)
    except WrongSheet as problem:
        raise UnreadableFile(str(problem)) from None
    notices = list(cells.notices)
    if reading.unknown:
        notices.append(f"不认识的列没有读取：{'、'.join(reading.unknown[:10])}。")
    return keep_rows(of, target, _tidy(name), reading.rows, letters=reading.letters, notices=notices)


def keep_rows(
    of: str,
    target: Target,
    name: str,
    rows: Sequence[Row],
    *,
    letters: Mapping[str, str] | None = None,
    notices: Sequence[str] = (),
) -> int:
    """An open import with these rows, checked. `letters`: of a file's columns; a batch has none."""
    company, scope = own_company(), current()
    kept = Import.objects.create(
        company_id=company,
        of=of,
        file_name=name,
        letters=dict(letters or {}),
        notices=list(notices),
        author=scope.actor.account,
        author_name=scope.actor.name[:40],
        uploaded_at=scope.at,
    )
    found = checked(target, rows)
    models.Row.objects.bulk_create((_kept(kept, row, found) for row in rows), batch_size=BATCH)
    append(action="import.upload", rows=[_journal(kept)], company_id=company)
    return kept.pk


def repair(*, import_id: int, number: int, typed: Mapping[str, str]) -> bool:
    """One row typed anew; the others are checked again beside it. True: the row is in order now.

    Raises ImportEnded.
    """
    kept = locked_open(import_id)
    target = target_of(kept.of)
    target.permit()
    row = models.Row.objects.filter(of_import=kept, number=number).first()
    if row is None:
        raise NotFound(NO_ROW)
    before, row.typed = row.typed, dict(read_row(target.sheet, number, typed).typed)
    row.save(update_fields=["typed"])
    _repeat(kept, target.sheet.repeated, before, row)
    check_again(kept, target)
    row.refresh_from_db()
    return row.standing != Standing.WRONG


def drop_row(*, import_id: int, number: int) -> None:
    """A row that is not to be imported. Raises ImportEnded."""
    kept = locked_open(import_id)
    target = target_of(kept.of)
    target.permit()
    deleted, _ = models.Row.objects.filter(of_import=kept, number=number).delete()
    if not deleted:
        raise NotFound(NO_ROW)
    check_again(kept, target)


def commit(*, import_id: int) -> Committed:
    """Everything or nothing: one row that is wrong, and the rows say so, is enough. Raises ImportEnded."""
    verdicts.lock([own_company()])  # the same sheet uploaded twice sees what the first commit made
    kept = _locked(import_id)
    target = target_of(kept.of)
    target.permit()
    if kept.status == Import.Status.COMMITTED:
        return Committed(kept.made, before=True)
    _require_open(kept)
    found = check_again(kept, target)
    rows = [row for row in found.rows if row.number not in found.checked.known]
    if found.checked.errors:
        return Committed(0, wrong=len(found.checked.errors))
    made = dict(target.store(rows)) if rows else {}
    _end(kept, Import.Status.COMMITTED, len(made))
    numbers = {row.number: row.values[NUMBER] for row in rows if NUMBER in row.values}
    _keep_made(kept, made, found.checked.known, numbers)
    append(action="import.commit", rows=[_journal(kept)], company_id=kept.company_id)
    return Committed(len(made))


def discard(*, import_id: int) -> None:
    """Nothing was made of it, and nothing will be. Raises ImportEnded once it is committed."""
    kept = _locked(import_id)
    target_of(kept.of).permit()
    if kept.status == Import.Status.DISCARDED:
        return
    _require_open(kept)
    models.Row.objects.filter(of_import=kept).delete()
    _end(kept, Import.Status.DISCARDED, 0)
    append(action="import.discard", rows=[_journal(kept)], company_id=kept.company_id)


@dataclass(frozen=True, slots=True)
class Found:
    rows: list[Row]
    checked: Checked


def checked(target: Target, rows: Sequence[Row]) -> Checked:
    """Cells that cannot be read, rows that stand twice, and what speaks against the rest."""
    found = target.check(rows)
    for number, errors in doubles(target.sheet, rows).items():
        found.errors[number] = {**errors, **found.errors.get(number, {})}
        found.known.pop(number, None)
    for row in rows:
        if row.errors:
            found.errors[row.number] = {**found.errors.get(row.number, {}), **row.errors}
            found.known.pop(row.number, None)
    return found


def _repeat(kept: Import, repeated: frozenset[str], before: Mapping[str, str], row: models.Row) -> None:
    """What one row of a session says anew of it, the others that said the same before say too."""
    said = _of(repeated, before)
    if not repeated or said == (now := _of(repeated, row.typed)):
        return
    others = models.Row.objects.filter(of_import=kept).exclude(pk=row.pk)
    moved = [other for other in others if _of(repeated, other.typed) == said]
    for other in moved:
        other.typed = {key: text for key, text in other.typed.items() if key not in repeated} | now
    models.Row.objects.bulk_update(moved, ["typed"], batch_size=BATCH)


def _of(columns: frozenset[str], typed: Mapping[str, str]) -> dict[str, str]:
    return {key: text for key, text in typed.items() if key in columns}


def check_again(kept: Import, target: Target) -> Found:
    stored = list(models.Row.objects.filter(of_import=kept).order_by("number"))
    rows = [read_row(target.sheet, row.number, row.typed) for row in stored]
    found = checked(target, rows)
    _keep_standing(kept, [r for r in stored if _moved(r, found)], found)
    return Found(rows, found)


def _moved(row: models.Row, found: Checked) -> bool:
    return (row.errors, row.standing) != (found.errors.get(row.number, {}), _standing(row.number, found))


def _keep_standing(kept: Import, moved: Sequence[models.Row], found: Checked) -> None:
    check_writable(kept.company_id)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE imports_row AS kept SET errors = given.errors::jsonb, standing = given.standing "
            "FROM unnest(%s::bigint[], %s::text[], %s::text[]) AS given(id, errors, standing) "
            "WHERE kept.id = given.id",
            [
                [row.pk for row in moved],
                [json.dumps(found.errors.get(row.number, {}), ensure_ascii=False) for row in moved],
                [str(_standing(row.number, found)) for row in moved],
            ],
        )


def _kept(kept: Import, row: Row, found: Checked) -> models.Row:
    return models.Row(
        company_id=kept.company_id,
        of_import=kept,
        number=row.number,
        typed=dict(row.typed),
        errors=found.errors.get(row.number, {}),
        standing=_standing(row.number, found),
    )


def _standing(number: int, found: Checked) -> models.Row.Standing:
    if number in found.errors:
        return Standing.WRONG
    return Standing.KNOWN if number in found.known else Standing.GOOD


def _locked(import_id: int) -> Import:
    """Of the own company, and one's own unless one answers for the whole company. Raises NotFound."""
    company, actor = own_company(), current().actor
    kept = Import.objects.select_for_update().filter(pk=import_id, company=company).first()
    if kept is None:
        raise NotFound(NO_IMPORT)
    if kept.author != actor.account and (not may(actor, "see_company") or kept.of in withheld_targets()):
        raise NotFound(NO_IMPORT)
    return kept


def locked_open(import_id: int) -> Import:
    kept = _locked(import_id)
    _require_open(kept)
    return kept


def _require_open(kept: Import) -> None:
    if kept.status == Import.Status.COMMITTED:
        raise ImportEnded(f"这次导入已由 {kept.ended_by_name} 完成，共导入 {kept.made} 行。")
    if kept.status == Import.Status.DISCARDED:
        raise ImportEnded(f"这次导入已由 {kept.ended_by_name} 取消，请重新上传。")


def _end(kept: Import, status: Import.Status, made: int) -> None:
    scope = current()
    kept.status, kept.made = status, made
    kept.ended_at, kept.ended_by_name = scope.at, scope.actor.name[:40]
    kept.save()


def _keep_made(
    kept: Import, made: Mapping[int, int], known: Mapping[int, int], numbers: Mapping[int, str]
) -> None:
    """What was typed goes; `bulk_update` would take longer than the import."""
    ends = {number: (key, Standing.KNOWN) for number, key in known.items()}
    ends |= {number: (key, Standing.MADE) for number, key in made.items()}
    check_writable(kept.company_id)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE imports_row AS kept SET typed = given.typed::jsonb, errors = '{}', made = given.made, "
            "standing = given.standing FROM unnest(%s::int[], %s::bigint[], %s::text[], %s::text[]) "
            "AS given(number, made, standing, typed) WHERE of_import_id = %s AND kept.number = given.number",
            [
                list(ends),
                [key for key, _ in ends.values()],
                [str(standing) for _, standing in ends.values()],
                [json.dumps({NUMBER: numbers[n]} if n in numbers else {}, ensure_ascii=False) for n in ends],
                kept.pk,
            ],
        )


def _journal(kept: Import) -> tuple[str, int, str]:
    return "imports.import", kept.pk, digest_of([kept.of, kept.status, kept.made])


def _tidy(name: str) -> str:
    """The last part of the name as sent, printable."""
    last = PurePosixPath(name.replace("\\", "/")).name
    shown = "".join(c for c in unicodedata.normalize("NFC", last) if unicodedata.category(c)[0] != "C")
    return shown[:120] or "表格"
