"""Records as the cells of their sheet: what an export writes, and what an import compares with.

Read again, the cells give what the record holds.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime

from anze.records.acting.context import SHANGHAI
from anze.records.evidence.models import Participation, Record, RecordSubject
from anze.records.evidence.tables import shown
from anze.records.evidence.values import plain, several
from anze.records.fleet.models import Vehicle
from anze.records.lawbook import lawbook
from anze.records.people.models import Person
from anze.records.tenants.models import Unit
from anze.rules.importing.names import Named, listed, spelled
from anze.rules.importing.sheets import ABOUT, ATTESTS, MAKES_UP, NUMBER, PARTS, SUBJECTS, VALUES, Sheet


def texts_of(sheet: Sheet, records: Sequence[Record]) -> dict[int, dict[str, str]]:
    """Record id -> column id -> text; empty cells left out. Six queries, however many records."""
    ids = [record.pk for record in records]
    parts, subjects = _parts(ids), _subjects(ids)
    numbers = dict(
        Record.objects.filter(pk__in={r.about_id for r in records if r.about_id}).values_list("pk", "number")
    )
    columns = {column.id for column in sheet.columns}
    found = {}
    for record in records:
        texts = {
            "title": record.title,
            "happened_at": moment(record.happened_at),
            "ended_at": moment(record.ended_at) if record.ended_at else "",
            "hours": plain(record.hours) if record.hours is not None else "",
            MAKES_UP: str(record.makes_up or ""),
            ATTESTS: _said(sheet, ATTESTS, record.attests or ""),
            ABOUT: numbers.get(record.about_id or 0) or "",
            NUMBER: record.number or "",
            **{VALUES + key: _said(sheet, VALUES + key, value) for key, value in record.values.items()},
            **parts.get(record.pk, {}),
            **subjects.get(record.pk, {}),
        }
        found[record.pk] = {key: text for key, text in texts.items() if text and key in columns}
    return found


def moment(at: datetime) -> str:
    return f"{at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"


def _said(sheet: Sheet, column_id: str, value: str) -> str:
    """A choice by its word, yes and no in Chinese."""
    column = next((c for c in sheet.columns if c.id == column_id), None)
    if column is None:
        return ""
    if column.type == "items":
        spec = next(spec for spec in lawbook().kinds[sheet.of].fields if VALUES + spec.id == column_id)
        return "\n".join(shown(spec, value))
    if column.type == "bool":
        return "是" if value == "true" else "否"
    if column.type == "choices":
        return "、".join(column.choices.get(key, key) for key in several(value))
    return column.choices.get(value, value)


def _parts(record_ids: Sequence[int]) -> dict[int, dict[str, str]]:
    joined = Participation.objects.filter(record__in=record_ids).select_related("person")
    rows = list(joined.order_by("person__pinyin", "person", "role"))
    shared = _shared_names() if rows else frozenset()
    found: dict[int, dict[str, list[Named]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        name = spelled(row.person.name)
        tail = row.person.phone[-4:] if name in shared else ""
        hours = plain(row.hours) if row.hours is not None else ""
        score = plain(row.score) if row.score is not None else ""
        found[row.record_id][PARTS + row.role].append(
            Named(name, tail, row.attendance, hours, score, row.result)
        )
    return {key: {role: listed(names) for role, names in roles.items()} for key, roles in found.items()}


def _shared_names() -> frozenset[str]:
    """Names that more than one person has: the digits of the phone stand behind these."""
    counts = Counter(spelled(name) for name in Person.objects.values_list("name", flat=True))
    return frozenset(name for name, count in counts.items() if count > 1)


def _subjects(record_ids: Sequence[int]) -> dict[int, dict[str, str]]:
    of_records = RecordSubject.objects.filter(record__in=record_ids)
    rows = list(of_records.values_list("record_id", "subject_type", "subject"))
    plates = _names(Vehicle, "plate", rows, "vehicle")
    units = _names(Unit, "name", rows, "department")
    found: dict[int, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for record, subject_type, subject in rows:
        name = (plates if subject_type == "vehicle" else units).get(subject, "")
        found[record][SUBJECTS + subject_type].append(name)
    return {
        key: {kind: "、".join(sorted(names)) for kind, names in kinds.items()} for key, kinds in found.items()
    }


def _names(
    model: type[Vehicle | Unit], column: str, rows: Sequence[tuple[int, str, int]], subject_type: str
) -> Mapping[int, str]:
    wanted = {subject for _, kind, subject in rows if kind == subject_type}
    return dict(model.objects.filter(pk__in=wanted).values_list("pk", column)) if wanted else {}
