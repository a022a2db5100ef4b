"""Whom and what a batch can go through: those in service today, as pages show and as sheets name them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from django.db.models import Q

from anze.records.acting.context import current
from anze.records.fleet.models import Vehicle
from anze.records.people.models import Person
from anze.records.tenants.models import Unit
from anze.rules.importing.names import Named, listed, spelled


@dataclass(frozen=True, slots=True)
class Subject:
    """`said`: as a cell of a sheet names it; namesakes with the last digits of their phone."""

    id: int
    name: str
    said: str
    unit_id: int | None
    driver: bool = False
    find: str = ""


def subjects_of(of: str) -> list[Subject]:
    """Of the one company in scope: vehicles by plate, people by pinyin, departments in their order."""
    return {"vehicle": _vehicles, "person": _people, "department": _departments}[of]()


def _vehicles() -> list[Subject]:
    today = current().today
    rows = Vehicle.objects.filter(Q(until=None) | Q(until__gt=today), since__lte=today).order_by("plate")
    return [Subject(key, plate, plate, unit) for key, plate, unit in rows.values_list("pk", "plate", "unit")]


def _people() -> list[Subject]:
    today = current().today
    rows = Person.objects.filter(Q(left_on=None) | Q(left_on__gt=today), joined_on__lte=today)
    names = Counter(spelled(name) for name in Person.objects.values_list("name", flat=True))
    found = []
    for person in rows.order_by("pinyin", "pk"):
        name = spelled(person.name)
        shared = names[name] > 1
        shown = f"{person.name}（{person.phone[-4:]}）" if shared and person.phone else person.name
        said = listed([Named(name, person.phone[-4:] if shared else "", "attended", "")])
        found.append(Subject(person.pk, shown, said, person.unit_id, person.driver, person.pinyin))
    return found


def _departments() -> list[Subject]:
    today = current().today
    rows = Unit.objects.filter(
        Q(until=None) | Q(until__gt=today), since__lte=today, kind="department"
    ).order_by("pk")
    return [Subject(unit.pk, unit.name, unit.name, unit.pk) for unit in rows]
