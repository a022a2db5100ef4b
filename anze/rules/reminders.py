"""Which reminders are due at an instant, for whom, and when the next one can become due.

Rule 1: a step speaks at the company's hour of the day that lies so many days before or after a duty's last
day; never before the duty has begun, never in the quiet hours.
Rule 2: of the steps that have passed for one duty and one person only the latest speaks, and nothing at or
below a step that was sent before: no reminder goes out twice, also when the clock is set back.
Rule 3: steps that passed before the company switched reminders on are silent; what stood missed then is
counted once for each person, when it is folded.
Rule 4: one person gets at most one message a day, except for what cannot wait until the next morning.

No law asks for reminders: ladder, hours and superiors are conventions, and a company changes them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from anze.rules.periods import OFFSET, ONE_DAY, day_of, midnight

QUIET_FROM, QUIET_UNTIL = 22, 7  # hours of Asia/Shanghai
EARLIEST_STEP, LATEST_STEP = -60, 90  # days from a duty's last day
MOST_STEPS = 12
INSTANT = timedelta(microseconds=1)


class Receiver(StrEnum):
    PERSON = "person"
    SUPERIOR = "superior"
    PRINCIPAL = "principal"


RANK = {receiver: rank for rank, receiver in enumerate(Receiver)}


class Step(NamedTuple):
    """`days` after the duty's last day; negative: before it. `channels`: ids, all of them are used."""

    days: int
    receiver: Receiver
    channels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ladder:
    """`since`: switched on at this instant. `hour`: of the day at which steps speak."""

    since: datetime
    hour: int
    steps: tuple[Step, ...]


class Duty(NamedTuple):
    """An obligation that is neither met nor waived. `due`: the first instant that is too late.

    `receivers`: the people of each role; somebody may stand in two of them.
    """

    id: int
    starts: date
    due: datetime
    missed: bool
    receivers: Mapping[Receiver, Sequence[int]]


class Item(NamedTuple):
    duty: int
    days: int
    receiver: Receiver


@dataclass(frozen=True, slots=True)
class Notice:
    """One message for one person. `folded`: duties that were missed before reminders were switched on."""

    person: int
    channels: tuple[str, ...]
    items: tuple[Item, ...]
    folded: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """`until`: the next instant at which something can become due without new facts."""

    notices: tuple[Notice, ...]
    until: datetime | None


def quiet(at: datetime) -> bool:
    return not QUIET_UNTIL <= at.astimezone(OFFSET).hour < QUIET_FROM


def after_quiet(at: datetime) -> datetime:
    """The instant itself, or the end of the quiet hours in which it lies."""
    if not quiet(at):
        return at
    local = at.astimezone(OFFSET)
    day = local.date() + (ONE_DAY if local.hour >= QUIET_FROM else timedelta())
    return midnight(day) + timedelta(hours=QUIET_UNTIL)


def speaks_at(ladder: Ladder, duty: Duty, days: int) -> datetime:
    """When a step of the ladder speaks of a duty."""
    return _speaks_at(ladder.hour, duty.starts, duty.due, days)


@lru_cache(maxsize=65_536)
def _speaks_at(hour: int, starts: date, due: datetime, days: int) -> datetime:
    """A city's duties share a few days."""
    day = max(day_of(due - INSTANT) + timedelta(days=days), starts)
    return after_quiet(midnight(day) + timedelta(hours=hour))


def receivers(
    position: str,
    owners: Iterable[int],
    *,
    holders: Mapping[str, Sequence[int]],
    superior: Mapping[str, str],
    principals: Sequence[int],
) -> dict[Receiver, tuple[int, ...]]:
    """Whom the steps reach for a post.

    What concerns a vacant post goes further up, in the end to the principals; so does what is for a superior
    whose post is vacant. Nobody is the superior of their own omission.
    """
    persons = tuple(dict.fromkeys(owners))
    above = _above(position, persons, holders, superior)
    top = tuple(p for p in dict.fromkeys(principals) if p not in persons)
    return {
        Receiver.PERSON: persons or above or top,
        Receiver.SUPERIOR: above,
        Receiver.PRINCIPAL: top,
    }


def _above(
    position: str, persons: Sequence[int], holders: Mapping[str, Sequence[int]], superior: Mapping[str, str]
) -> tuple[int, ...]:
    """Holders of the nearest superior post that somebody else holds. Chosen superiors may run in a ring."""
    seen = {position}
    post = superior.get(position)
    while post is not None and post not in seen:
        seen.add(post)
        if found := tuple(p for p in dict.fromkeys(holders.get(post, ())) if p not in persons):
            return found
        post = superior.get(post)
    return ()


def plan(
    ladder: Ladder,
    duties: Iterable[Duty],
    *,
    sent: Mapping[tuple[int, int], int],
    told: Mapping[int, datetime],
    at: datetime,
    fold: bool,
) -> Plan:
    """What is to be said at `at`.

    `sent`: (duty, person) -> the highest step that was sent; `told`: when a person was last sent a message;
    `fold`: nothing has been folded since the ladder was switched on.
    """
    if quiet(at):
        return Plan((), after_quiet(at))
    reading = _Reading(ladder, sent, told, at, fold)
    for duty in duties:
        for person, roles in _roles(duty).items():
            reading.take(duty, person, roles)
    return Plan(reading.notices(), min(reading.later, default=None))


def _roles(duty: Duty) -> dict[int, tuple[Receiver, ...]]:
    roles: dict[int, tuple[Receiver, ...]] = {}
    for receiver, people in duty.receivers.items():
        for person in people:
            roles[person] = (*roles.get(person, ()), receiver)
    return roles


class _Reading:
    """What one instant asks of all duties of a company."""

    def __init__(
        self,
        ladder: Ladder,
        sent: Mapping[tuple[int, int], int],
        told: Mapping[int, datetime],
        at: datetime,
        fold: bool,
    ) -> None:
        self.ladder, self.sent, self.told, self.at, self.fold = ladder, sent, told, at, fold
        self.steps: dict[tuple[Receiver, ...], list[Step]] = {}
        self.morning = after_quiet(midnight(day_of(at) + ONE_DAY) + timedelta(hours=ladder.hour))
        self.items: dict[int, list[tuple[Item, tuple[str, ...]]]] = {}
        self.folded: dict[int, list[int]] = {}
        self.later: set[datetime] = set()

    def take(self, duty: Duty, person: int, roles: tuple[Receiver, ...]) -> None:
        done = self.sent.get((duty.id, person), EARLIEST_STEP - 1)
        latest, moment = None, self.at
        for step in self._steps_of(roles):
            speaks = speaks_at(self.ladder, duty, step.days)
            if speaks <= self.at:
                latest, moment = step, speaks
            elif step.days > done:
                self.later.add(speaks)
                break
        if latest is None or latest.days <= done:
            return
        if moment < self.ladder.since:
            if self.fold and duty.missed:
                self.folded.setdefault(person, []).append(duty.id)
        elif self._waits(duty, person):
            self.later.add(self.morning)
        else:
            item = Item(duty.id, latest.days, latest.receiver)
            self.items.setdefault(person, []).append((item, latest.channels))

    def _steps_of(self, roles: tuple[Receiver, ...]) -> list[Step]:
        """By days; of two on one day the later role speaks."""
        if roles not in self.steps:
            mine = [step for step in self.ladder.steps if step.receiver in roles]
            self.steps[roles] = sorted(mine, key=lambda step: (step.days, RANK[step.receiver]))
        return self.steps[roles]

    def _waits(self, duty: Duty, person: int) -> bool:
        """Told today already (or tomorrow, by a clock since set back), and there is time until morning."""
        told = self.told.get(person)
        if told is None or day_of(told) < day_of(self.at):
            return False
        return not self.at < duty.due <= self.morning

    def notices(self) -> tuple[Notice, ...]:
        people = sorted(self.items.keys() | self.folded.keys())
        return tuple(self._notice(person) for person in people)

    def _notice(self, person: int) -> Notice:
        found = self.items.get(person, [])
        used = [channel for _, channels in found for channel in channels] or [
            channel for step in self.ladder.steps for channel in step.channels
        ]
        return Notice(
            person,
            tuple(dict.fromkeys(used)),
            tuple(item for item, _ in found),
            tuple(self.folded.get(person, ())),
        )
