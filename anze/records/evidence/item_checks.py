"""Rows of a draft against what the company has: the people they name, the items of which they speak."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.db.models import Q

from anze.records.evidence.drafts import Draft
from anze.records.evidence.models import Item
from anze.records.evidence.tables import (
    ItemInput,
    SettlementInput,
    items_in,
    items_value,
    settlements_in,
    settlements_value,
)
from anze.records.evidence.texts import WrongValue
from anze.records.lawbook import lawbook
from anze.records.people.models import Person
from anze.rules.catalogue.model import EvidenceKind, FieldSpec

GONE = "“{what}”已不在待落实事项中，可能所在记录已作废或修订；请刷新页面后重填。"


@dataclass(frozen=True, slots=True)
class Staff:
    """People of the company, for many drafts that name some."""

    by_id: Mapping[int, Person]
    by_name: Mapping[str, Sequence[Person]]

    def named(self, ids: Iterable[int], names: Iterable[str], day: date) -> list[Person]:
        found = {key: self.by_id[key] for key in ids if key in self.by_id}
        for name in names:
            found |= {p.pk: p for p in self.by_name.get(name, ()) if _employed(p, day)}
        return list(found.values())


def staff_of(drafts: Sequence[Draft]) -> Staff | None:
    """Everybody, those who left included; None: not more than one draft has a list, it asks by itself."""
    if sum(map(_lists, drafts)) < 2:
        return None
    by_name: dict[str, list[Person]] = {}
    people = list(Person.objects.only("pk", "name", "joined_on", "left_on"))
    for person in people:
        by_name.setdefault(person.name, []).append(person)
    return Staff({person.pk: person for person in people}, by_name)


def _lists(draft: Draft) -> bool:
    kind = lawbook().kinds.get(draft.kind)
    return kind is not None and any(
        spec.type == "items" and draft.values.get(spec.id) for spec in kind.fields
    )


def _employed(person: Person, day: date) -> bool:
    return person.joined_on <= day and (person.left_on is None or person.left_on > day)


def known_rows(spec: FieldSpec, kind: EvidenceKind, value: str, day: date, among: Staff | None = None) -> str:
    """The canonical value with names, numbers and words as the company has them. Raises WrongValue."""
    if spec.type == "items":
        return items_value(_with_people(items_in(value), day, among))
    return settlements_value(_with_items(settlements_in(value), kind))


def _with_people(rows: Sequence[ItemInput], day: date, among: Staff | None) -> list[ItemInput]:
    """By id, or by name where only one employed that day has it."""
    ids = {row.who for row in rows if row.who is not None}
    names = {row.name for row in rows if row.who is None and row.name}
    if not ids and not names:
        return list(rows)
    people = _looked_up(ids, names, day) if among is None else among.named(ids, names, day)
    by_id = {person.pk: person.name for person in people}
    found = []
    for number, row in enumerate(rows, start=1):
        who = row.who if row.who is not None else _person_named(row.name, people, number)
        if who is not None and who not in by_id:
            raise WrongValue(f"第 {number} 行的责任人不属于本企业，请重新选择。")
        found.append(replace(row, who=who, name=by_id.get(who or 0, "")))
    return found


def _looked_up(ids: set[int], names: set[str], day: date) -> list[Person]:
    named = Q(name__in=names, joined_on__lte=day) & (Q(left_on=None) | Q(left_on__gt=day))
    return list(Person.objects.filter(Q(pk__in=ids) | named).only("pk", "name"))


def _person_named(name: str, people: Sequence[Person], number: int) -> int | None:
    if not name:
        return None
    found = [person.pk for person in people if person.name == name]
    if not found:
        raise WrongValue(f"第 {number} 行的责任人“{name[:20]}”当日不在职，或姓名有误。")
    if len(found) > 1:
        raise WrongValue(f"第 {number} 行的责任人“{name[:20]}”有 {len(found)} 人同名，请从名单中选择。")
    return found[0]


def _with_items(rows: Sequence[SettlementInput], kind: EvidenceKind) -> list[SettlementInput]:
    """What they are called and where they stand is taken from the items, not from the page."""
    origins = {row.record for row in rows}
    items = Item.objects.filter(origin__in=origins, kind__in=kind.settles).select_related("record")
    known = {(item.origin, item.field, item.key): item for item in items}
    found = []
    for row in rows:
        item = known.get((row.record, row.field, row.key))
        if item is None:
            raise WrongValue(GONE.format(what=row.what[:20]))
        found.append(replace(row, number=item.record.number or "", what=item.what))
    return found
