"""Rows of a sheet as drafts: names, plates and numbers looked up among the company's own.

Everybody whom a cell names and nobody knows is told at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from typing import TypeVar

from anze.records.acting.context import SHANGHAI, current
from anze.records.evidence.drafts import Draft, PartInput
from anze.records.evidence.models import Record
from anze.records.imports.checking import Checked
from anze.records.imports.numbers import events_called
from anze.records.imports.roster import Roster, Unfound, roster
from anze.rules.importing.names import Named, named_people, split
from anze.rules.importing.reading import Row
from anze.rules.importing.sheets import ABOUT, ATTESTS, MAKES_UP, PARTS, SUBJECTS, VALUES, Sheet

UNREAD = "（空）"  # in the place of a title that could not be read; such a row is never stored
T = TypeVar("T")
F = TypeVar("F")


def drafts_of(sheet: Sheet, rows: Sequence[Row], checked: Checked) -> list[tuple[Row, Draft]]:
    """What is wrong with a row is noted on `checked`; its draft then lacks what was not found."""
    who = roster()
    events = events_called(row.values[ABOUT] for row in rows if ABOUT in row.values)
    return [(row, _draft(sheet, row, who, events, checked)) for row in rows]


def instant_of(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def _draft(
    sheet: Sheet, row: Row, who: Roster, events: Mapping[str, Sequence[Record]], checked: Checked
) -> Draft:
    values = row.values
    day = date.fromisoformat(values["happened_at"][:10]) if "happened_at" in values else None
    return Draft(
        kind=sheet.of,
        title=values.get("title", UNREAD),
        happened_at=instant_of(values["happened_at"]) if "happened_at" in values else current().at,
        ended_at=instant_of(values["ended_at"]) if "ended_at" in values else None,
        hours=Decimal(values["hours"]) if "hours" in values else None,
        values={key.removeprefix(VALUES): text for key, text in values.items() if key.startswith(VALUES)},
        parts=_parts(row, who, day, checked),
        subjects=_subjects(row, who, day, checked),
        about=_event(row, events, checked),
        makes_up=date.fromisoformat(values[MAKES_UP]) if MAKES_UP in values else None,
        attests=values.get(ATTESTS),
    )


def _parts(row: Row, who: Roster, day: date | None, checked: Checked) -> tuple[PartInput, ...]:
    parts: list[PartInput] = []
    for column, text in row.values.items():
        if column.startswith(PARTS):
            part = partial(_part, who, day, column.removeprefix(PARTS))
            found = _found(named_people(text), part, row, column, checked)
            if len({each.person_id for each in found}) < len(found):
                checked.wrong(row, column, "同一人写了两次。")
            parts += found
    return tuple(parts)


def _part(who: Roster, day: date | None, role: str, named: Named) -> PartInput:
    hours = Decimal(named.hours) if named.hours else None
    score = Decimal(named.score) if named.score else None
    return PartInput(who.person(named, day), role, named.attendance, hours, score, named.outcome)


def _subjects(row: Row, who: Roster, day: date | None, checked: Checked) -> tuple[tuple[str, int], ...]:
    subjects: list[tuple[str, int]] = []
    for column, text in row.values.items():
        if column.startswith(SUBJECTS):
            subject = partial(_subject, who, day, column.removeprefix(SUBJECTS))
            subjects += _found(split(text), subject, row, column, checked)
    return tuple(subjects)


def _subject(who: Roster, day: date | None, kind: str, name: str) -> tuple[str, int]:
    if kind == "vehicle":
        return kind, who.vehicle(name, day)
    return kind, who.unit(name, day=day)


def _found(wanted: Iterable[T], find: Callable[[T], F], row: Row, column: str, checked: Checked) -> list[F]:
    found, unfound = [], []
    for each in wanted:
        try:
            found.append(find(each))
        except Unfound as problem:
            unfound.append(str(problem))
    if unfound:
        checked.wrong(row, column, "".join(unfound))
    return found


def _event(row: Row, events: Mapping[str, Sequence[Record]], checked: Checked) -> int | None:
    number = row.values.get(ABOUT)
    if number is None:
        return None
    called = events.get(number, ())
    if len(called) == 1:
        return called[0].pk
    if called:
        shown = "、".join(f"“{event.title}”（现编号 {event.number}）" for event in called)
        checked.wrong(row, ABOUT, f"编号 {number} 可以指 {shown}，请改填不会混淆的现编号。")
    else:
        checked.wrong(row, ABOUT, f"没有编号为 {number} 的已封存事件。")
    return None
