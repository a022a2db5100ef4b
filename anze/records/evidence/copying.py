"""What a sealed record lends to a new one of its kind (照此新建): words, people and what is still open.

Rule 1: never its days, hours, number, files, signatures, or who was there: these are proof of what was done.
Rule 2: items that somebody settles come over while they are open. Where records of the kind say themselves
what became of earlier items, those wait in that field, and none comes over twice.
Rule 3: who left and which vehicle went is left out, and named.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.db.models import Q

from anze.records.acting.context import SHANGHAI, current
from anze.records.acting.errors import NotFound
from anze.records.evidence.access import NO_RECORD, seen, visible
from anze.records.evidence.items import followed_kinds
from anze.records.evidence.models import Item, Participation, Record, RecordSubject
from anze.records.evidence.rows import RecordRow, rows_of
from anze.records.evidence.tables import ItemInput, items_in, items_value
from anze.records.fleet.models import Vehicle
from anze.records.people.models import Person
from anze.records.tenants.models import Unit
from anze.rules.catalogue.model import EvidenceKind, FieldSpec
from anze.rules.items import ItemState
from anze.rules.retitling import retitled

# Days run on, hours are measured, and what became of items is said anew.
NEVER = frozenset({"date", "hours", "settlements"})


@dataclass(frozen=True, slots=True)
class Named:
    """A person with their role, or a vehicle or department with its type."""

    id: int
    name: str
    role: str


@dataclass(frozen=True, slots=True)
class Likeness:
    """`attended`: those of a kind that takes attendance, whom a person adds; `settled`: items left behind.
    `follows`: what is still open waits in the field in which records of the kind speak of earlier items.

    `gone`: names of people and vehicles that are no longer in service.
    """

    like: RecordRow
    title: str
    values: Mapping[str, str]
    parts: tuple[Named, ...]
    attended: tuple[Named, ...]
    subjects: tuple[Named, ...]
    carried: tuple[str, ...]
    settled: int
    follows: bool
    gone: tuple[str, ...]


def likeness(record_id: int, kind: EvidenceKind, *, whole: bool = False) -> Likeness:
    """`whole`: with the items that are settled. Raises NotFound, for a record of another kind too."""
    record = seen(record_id)
    if record.kind != kind.id or record.status not in (Record.Status.SEALED, Record.Status.SUPERSEDED):
        raise NotFound(NO_RECORD)
    today = current().today
    then = record.happened_at.astimezone(SHANGHAI).date()
    values, carried, settled = _values(record, kind, whole)
    people, left = _people(record, kind)
    subjects, retired = _subjects(record, kind)
    taken = [n for n in people if kind.attendance and n.role == "participant"]
    return Likeness(
        like=rows_of([record])[0],
        title=retitled(record.title, then, today)[:120],
        values=values,
        parts=tuple(n for n in people if n not in taken),
        attended=tuple(taken),
        subjects=subjects,
        carried=carried,
        settled=settled,
        follows=kind.id in kind.settles,
        gone=(*left, *retired),
    )


def latest(kind: EvidenceKind) -> RecordRow | None:
    """The newest sealed record of the kind that the actor may see."""
    found = visible().filter(kind=kind.id, status=Record.Status.SEALED)
    record = found.order_by("-happened_at", "-pk").first()
    return rows_of([record])[0] if record is not None else None


def _values(record: Record, kind: EvidenceKind, whole: bool) -> tuple[dict[str, str], tuple[str, ...], int]:
    """Values, the items still open among them, and how many settled ones were left behind."""
    values: dict[str, str] = {}
    carried: list[str] = []
    settled = 0
    for spec in kind.fields:
        value = record.values.get(spec.id, "")
        if not value or spec.type in NEVER:
            continue
        if spec.type != "items":
            values[spec.id] = value
            continue
        rows, still_open = _items(record, kind, spec, whole)
        carried += [row.what for row in rows if row.key in still_open]
        settled += _left_behind(kind, value, rows)
        if rows:
            values[spec.id] = items_value([replace(row, key="", due=None) for row in rows])
    return values, tuple(carried), settled


def _items(
    record: Record, kind: EvidenceKind, spec: FieldSpec, whole: bool
) -> tuple[Sequence[ItemInput], frozenset[str]]:
    """The rows that come over, and the keys of those that are still open."""
    rows = items_in(record.values[spec.id])
    if kind.id in kind.settles:
        return (), frozenset()
    if kind.id not in followed_kinds():
        return rows, frozenset()
    waiting = Item.objects.filter(record=record, field=spec.id, state=ItemState.OPEN)
    still_open = frozenset(waiting.values_list("key", flat=True))
    return [row for row in rows if whole or row.key in still_open], still_open


def _left_behind(kind: EvidenceKind, value: str, rows: Sequence[ItemInput]) -> int:
    return 0 if kind.id in kind.settles else len(items_in(value)) - len(rows)


def _people(record: Record, kind: EvidenceKind) -> tuple[list[Named], list[str]]:
    """By the order of the kind's roles. Those who left are named only."""
    today = current().today
    order = {str(role): index for index, role in enumerate(kind.roles)}
    rows = Participation.objects.filter(record=record).select_related("person").order_by("person__pinyin")
    found, left = [], []
    for row in sorted(rows, key=lambda part: order.get(part.role, len(order))):
        if _employed(row.person, today):
            found.append(Named(row.person_id, row.person.name, row.role))
        else:
            left.append(row.person.name)
    return found, left


def _subjects(record: Record, kind: EvidenceKind) -> tuple[tuple[Named, ...], list[str]]:
    """Vehicles and departments that are still there; the plates of those that went."""
    rows = list(RecordSubject.objects.filter(record=record).values_list("subject_type", "subject"))
    today = current().today
    found: list[Named] = []
    gone: list[str] = []
    vehicles = [key for type_, key in rows if type_ == "vehicle"] if "vehicle" in kind.subjects else []
    for vehicle in Vehicle.objects.filter(pk__in=vehicles).order_by("plate") if vehicles else ():
        if vehicle.until is None or vehicle.until > today:
            found.append(Named(vehicle.pk, vehicle.plate, "vehicle"))
        else:
            gone.append(vehicle.plate)
    units = [key for type_, key in rows if type_ == "department"] if "department" in kind.subjects else []
    known = Unit.objects.filter(Q(until=None) | Q(until__gt=today), pk__in=units) if units else ()
    found += [Named(unit.pk, unit.name, "department") for unit in known]
    return tuple(found), gone


def _employed(person: Person, today: date) -> bool:
    return person.left_on is None or person.left_on > today
