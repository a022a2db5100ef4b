"""A batch: many records of one kind, composed on one page in place of a sheet.

Rule 1: it is an import without a file: the same columns, checks, repairs and commit.
Rule 2: what is in order may be recorded while the rest waits: the rows that are wrong then stand in a batch
of their own, open, with what was typed and what is wrong; none of them is recorded, and none is lost.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from anze.records.acting.errors import Refused
from anze.records.duties import verdicts
from anze.records.duties.deciding import own_company
from anze.records.imports import models
from anze.records.imports.actions import (
    Committed,
    check_again,
    checked,
    commit,
    keep_rows,
    locked_open,
)
from anze.records.imports.checking import Target
from anze.records.imports.models import Import
from anze.records.imports.targets import target_of
from anze.rules.importing.reading import Row, read_row

MOST = 500


class EmptyBatch(Refused):
    """Nobody and nothing was chosen, or too many at once."""


@dataclass(frozen=True, slots=True)
class Parted:
    """`rest`: the batch of the rows that are wrong; None: there are none."""

    committed: Committed
    rest: int | None


def compose(*, of: str, name: str, rows: Sequence[Mapping[str, str]]) -> int:
    """`rows`: column id -> text, as a sheet would hold it. The batch's id. Raises EmptyBatch."""
    target = target_of(of)
    target.permit()
    if not rows:
        raise EmptyBatch("还没有选择对象。")
    if len(rows) > MOST:
        raise EmptyBatch(f"一次最多登记 {MOST} 条，现有 {len(rows)} 条，请分几次。")
    return keep_rows(of, target, name, _read(target, rows))


def faults(*, of: str, rows: Sequence[Mapping[str, str]]) -> dict[int, Mapping[str, str]]:
    """Row, from 1 -> column id -> what is wrong. Nothing is kept."""
    target = target_of(of)
    target.permit()
    return dict(checked(target, _read(target, rows)).errors)


def _read(target: Target, rows: Sequence[Mapping[str, str]]) -> list[Row]:
    return [read_row(target.sheet, number, typed) for number, typed in enumerate(rows, start=1)]


def commit_good(*, import_id: int) -> Parted:
    """The rows in order are recorded, the others wait in a batch of their own. Raises ImportEnded."""
    verdicts.lock([own_company()])
    kept = locked_open(import_id)
    if kept.letters:
        raise Refused("从表格导入的，改好全部问题后一并导入。")
    target = target_of(kept.of)
    target.permit()
    wrong = sorted(check_again(kept, target).checked.errors)
    if wrong and len(wrong) == models.Row.objects.filter(of_import=kept).count():
        raise Refused("没有一条可以登记，请先逐条改好。")
    rest = _set_apart(kept, wrong) if wrong else None
    return Parted(commit(import_id=import_id), rest)


def _set_apart(kept: Import, numbers: Sequence[int]) -> int:
    other = keep_rows(kept.of, target_of(kept.of), kept.file_name, ())
    models.Row.objects.filter(of_import=kept, number__in=numbers).update(of_import=other)
    return other
