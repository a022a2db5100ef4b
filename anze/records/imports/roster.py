"""Whom and what a sheet names: people, vehicles and units of the company, looked up at once.

Whatever another company has looks exactly like what nobody has.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from anze.records.fleet.models import Vehicle
from anze.records.people.models import Person
from anze.records.tenants.models import Unit
from anze.rules.importing.names import Named, spelled


class Unfound(ValueError):  # noqa: N818 -- says what it is
    """str() is the Chinese sentence behind the cell's address."""


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody or something over a span of days."""

    id: int
    tail: str  # last four digits of the phone
    since: date
    until: date | None

    def on(self, day: date | None) -> bool:
        """None: on any day, because none could be read."""
        if day is None:
            return True
        return self.since <= day and (self.until is None or day < self.until)


@dataclass(frozen=True, slots=True)
class Roster:
    people: Mapping[str, list[Known]]  # by name
    vehicles: Mapping[str, list[Known]]  # by plate
    units: Mapping[str, list[Known]]  # by name

    def person(self, named: Named, day: date | None) -> int:
        """Raises Unfound: nobody, or more than one."""
        called = self._called(named)
        there = [known for known in called if known.on(day)]
        if len(there) == 1:
            return there[0].id
        if len(there) > 1:
            tails = "、".join(sorted(f"{named.name}{known.tail}" for known in there if known.tail))
            shown = f"：{tails}。" if tails else "。"
            raise Unfound(f"有 {len(there)} 个“{named.name}”，请加手机后四位{shown}")
        if called:
            raise Unfound(f"{named.name} 在 {day} 不在职，请核对人员或时间。")
        remedy = "括号里只能写请假、缺席或时长。" if "(" in named.name else ""
        raise Unfound(f"本企业没有“{named.name}{named.tail}”这个人。{remedy}")

    def _called(self, named: Named) -> Sequence[Known]:
        """The digits may belong to the name itself."""
        if named.tail and (exact := self.people.get(named.name + named.tail)):
            return exact
        return [k for k in self.people.get(named.name, ()) if not named.tail or k.tail == named.tail]

    def vehicle(self, plate: str, day: date | None) -> int:
        found = self.vehicles.get(plate, ())
        if not found:
            raise Unfound(f"{plate} 不是本企业的车辆。")
        there = [known for known in found if known.on(day)]
        if not there:
            raise Unfound(f"{plate} 在 {day} 不在册，请核对车辆或时间。")
        return there[0].id

    def unit(self, name: str, *, day: date | None) -> int:
        """Of any sort: what a record says of a department it may say of a fleet."""
        found = self.units.get(name, ())
        if not found:
            raise Unfound(f"本企业没有“{name}”这个机构。")
        there = [k for k in found if k.on(day)]
        if len(there) > 1:
            raise Unfound(f"有 {len(there)} 个“{name}”，分不清是哪一个。")
        if not there:
            raise Unfound(f"“{name}”在 {day} 不存在。")
        return there[0].id


def roster() -> Roster:
    """Of the one company in scope. Three queries."""
    people: dict[str, list[Known]] = defaultdict(list)
    for key, name, phone, joined, left in Person.objects.values_list(
        "pk", "name", "phone", "joined_on", "left_on"
    ):
        people[spelled(name)].append(Known(key, phone[-4:], joined, left))
    vehicles: dict[str, list[Known]] = defaultdict(list)
    for key, plate, since, until in Vehicle.objects.values_list("pk", "plate", "since", "until"):
        vehicles[plate].append(Known(key, "", since, until))
    units: dict[str, list[Known]] = defaultdict(list)
    for key, name, since, until in Unit.objects.values_list("pk", "name", "since", "until"):
        units[name].append(Known(key, "", since, until))
    return Roster(people, vehicles, units)
