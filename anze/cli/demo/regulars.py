"""What a post makes again and again, as a table; each month is told from it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from anze.cli.demo.days import at
from anze.cli.demo.story import Happening, Teller

Parts = Mapping[str, tuple[str, ...]]
YEARLY_IN = 3  # March, and once in the first weeks of the story
RHYTHMS = {"month": range(1, 13), "quarter": (2, 5, 8, 11), "half": (5, 11), "year": (YEARLY_IN,)}


@dataclass(frozen=True, slots=True)
class Regular:
    """A record of a rhythm. `parts` names keys, or @lead, @safety, @staff, @drivers, @employees.

    The first key of the first part writes it. Titles and values may name {year}, {month} and {quarter}.
    """

    key: str
    kind: str
    title: str
    rhythm: str
    day: int
    parts: Parts
    values: Mapping[str, str]
    units: tuple[str, ...] = ()
    vehicles: bool = False
    excused: tuple[str, ...] = field(default=())


def tell(teller: Teller, regulars: Sequence[Regular]) -> Iterator[Happening]:
    """Every month of the story of every regular record that the firm keeps and has people for."""
    for back in teller.days.backs():
        month = teller.days.month(back).month
        for regular in regulars:
            founding = regular.rhythm == "year" and back == teller.days.months and month > YEARLY_IN
            if founding or month in RHYTHMS[regular.rhythm]:
                yield from _told(teller, regular, back)


def _told(teller: Teller, regular: Regular, back: int) -> Iterator[Happening]:
    day = teller.days.day(back, regular.day)
    parts = {role: cast(teller, keys, day) for role, keys in regular.parts.items()}
    leading = next(iter(parts.values()))
    if not leading or not teller.firm.keeps(regular.key, back):
        return
    named = {"year": day.year, "month": day.month, "quarter": (day.month + 2) // 3}
    clock = 8 + sum(map(ord, regular.key)) % 8
    yield Happening(
        kind=regular.kind,
        title=regular.title.format(**named),
        happened=at(day, f"{clock:02d}:20"),
        seal=teller.sealed_by_week(day, regular.key, back),
        by=teller.writer(leading[0], day),
        values={name: text.format(**named) for name, text in regular.values.items()},
        parts={role: keys for role, keys in parts.items() if keys},
        excused=tuple(key for key in regular.excused if back % 4 == 1),
        vehicles=checked_vehicles(teller, regular.key, back) if regular.vehicles else (),
        units=tuple(unit for unit in teller.units() if unit in regular.units or regular.units == ("@all",)),
    )


def checked_vehicles(teller: Teller, key: str, back: int) -> tuple[int, ...]:
    """All of the fleet but the few that were on the road; every third month somebody forgets one or two."""
    every = range(teller.firm.vehicles)
    away = {(back * 7) % teller.firm.vehicles, (back * 11 + 5) % teller.firm.vehicles}
    missed = away if back % 5 == 2 and key == "equipment" else set()
    return tuple(index for index in every if index not in missed)


def cast(teller: Teller, keys: Sequence[str], day: date) -> list[str]:
    """The people on the day, each once; those the firm does not have are left out."""
    groups = {
        "@lead": lambda: [teller.lead(day)],
        "@safety": lambda: [teller.safety(day)],
        "@staff": lambda: teller.staff(day),
        "@drivers": lambda: teller.firm.drivers(day),
        "@employees": lambda: [m.key for m in teller.firm.members if m.employed(day)],
    }
    found = [person for key in keys for person in groups.get(key, lambda key=key: [key])()]
    return teller.firm.present(list(dict.fromkeys(found)), day)
