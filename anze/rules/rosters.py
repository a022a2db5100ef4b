"""Who is on duty: what the rosters say of each day, and the swaps to which both agreed.

Rule 1: of a day, the roster that was sealed last speaks alone.
Rule 2: a swap counts once both have agreed, and only where the one who gives has that shift; what is given in
return likewise. Swaps count in the order in which they were sealed.
Rule 3: a swap that waits for somebody changes nothing and is shown beside the shift.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Shift:
    """A row of a roster. `person`: None where nobody was named; `before`: who had it until a swap."""

    day: date
    name: str
    person: int | None
    leader: str
    phone: str
    roster: int
    sealed: datetime
    before: int | None = None
    swap: int | None = None
    waiting: int | None = None  # a swap that not both have agreed to


@dataclass(frozen=True, slots=True)
class Swap:
    """`giver` has the shift of `day`; `back`: the day and shift that are taken in return, or None."""

    record: int
    sealed: datetime
    giver: int
    taker: int
    day: date
    shift: str
    back: tuple[date, str] | None
    agreed: bool


def on_duty(shifts: Iterable[Shift], swaps: Iterable[Swap]) -> list[Shift]:
    """By day, in the order of the roster."""
    found = _standing(list(shifts))
    for swap in sorted(swaps, key=lambda each: (each.sealed, each.record)):
        moves = [(swap.day, swap.shift, swap.giver, swap.taker)]
        if swap.back is not None:
            moves.append((*swap.back, swap.taker, swap.giver))
        places = [_place(found, day, name, person) for day, name, person, _ in moves]
        for place, (*_, to) in zip(places, moves, strict=True):
            if place is None:
                continue
            if not swap.agreed:
                found[place] = replace(found[place], waiting=swap.record)
            elif None not in places:
                before = found[place].before or found[place].person
                found[place] = replace(found[place], person=to, before=before, swap=swap.record)
    return found


def _standing(shifts: Sequence[Shift]) -> list[Shift]:
    newest: dict[date, tuple[datetime, int]] = {}
    for shift in shifts:
        newest[shift.day] = max(
            newest.get(shift.day, (shift.sealed, shift.roster)), (shift.sealed, shift.roster)
        )
    standing = [s for s in shifts if (s.sealed, s.roster) == newest[s.day]]
    return sorted(standing, key=lambda shift: shift.day)


def _place(shifts: Sequence[Shift], day: date, name: str, person: int) -> int | None:
    return next(
        (i for i, s in enumerate(shifts) if (s.day, s.name, s.person) == (day, name, person)),
        None,
    )
