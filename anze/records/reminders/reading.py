"""What planning rests on, read for many companies at once: ladders, duties, holders, what was sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from django.db import connection

from anze.records.acting.context import current
from anze.records.acting.instants import read_instants
from anze.records.lawbook import lawbook
from anze.records.people.leading import ROLES
from anze.records.reminders import models
from anze.records.reminders.reach import Reach, reaches, robots
from anze.records.reminders.wording import Told
from anze.records.tenants.models import Company
from anze.rules.periods import day_of, midnight
from anze.rules.reminders import LATEST_STEP, Duty, Ladder, Receiver, Step, receivers

BEHIND = timedelta(days=LATEST_STEP + 31)  # an outage of a month is made up for


@dataclass(slots=True)
class Case:
    """One company: what there is to remind of, and whom."""

    company_id: int
    name: str
    robots: frozenset[str]
    duties: dict[int, Duty] = field(default_factory=dict)
    told_of: dict[int, Told] = field(default_factory=dict)
    sent: dict[tuple[int, int], int] = field(default_factory=dict)  # see rules.reminders.plan
    told: dict[int, datetime] = field(default_factory=dict)
    reaches: dict[int, Reach] = field(default_factory=dict)

    @property
    def names(self) -> Mapping[int, str]:
        return {person: reach.name for person, reach in self.reaches.items()}


_DUTIES = """
SELECT company_id, id, requirement, position, person, subject_type, starts, due, since, state
FROM duties_obligation
WHERE company_id = ANY(%s) AND state IN ('open', 'missed', 'upcoming') AND (
    (due > %s AND due < %s) OR (due IS NULL AND state = 'missed')
    OR (state = 'missed' AND company_id = ANY(%s)))
ORDER BY company_id, due, requirement, id
"""
_HOLDERS = """
SELECT company_id, position, person_id FROM people_holding
WHERE company_id = ANY(%(ids)s) AND since <= %(day)s AND (until IS NULL OR until > %(day)s)
UNION
SELECT h.company_id, h.position, c.deputy_id FROM people_cover c JOIN people_holding h ON h.id = c.holding_id
WHERE c.company_id = ANY(%(ids)s) AND c.since <= %(day)s AND (c.until IS NULL OR c.until > %(day)s)
    AND NOT EXISTS (
        SELECT FROM people_leave l WHERE l.person_id = c.deputy_id
        AND l.since <= %(day)s AND (l.until IS NULL OR l.until > %(day)s))
ORDER BY 1, 2, 3
"""
_SENT = """
SELECT company_id, obligation, person_id, max(days) FROM reminders_sent
WHERE company_id = ANY(%s) AND obligation = ANY(%s) GROUP BY 1, 2, 3
"""
# Also what lies ahead, where the clock was set back.
_TOLD = """
SELECT company_id, person_id, max(made_at) FROM reminders_message
WHERE company_id = ANY(%s) AND made_at >= %s AND NOT test GROUP BY 1, 2
"""


def ladder_of(row: models.Ladder, since: datetime) -> Ladder:
    steps = tuple(Step(days, Receiver(who), tuple(channels)) for days, who, channels in row.steps)
    return Ladder(since, row.hour, steps)


def days_ahead(row: models.Ladder) -> int:
    """How far ahead something can become due before the next morning, when the company is planned again."""
    return 2 - min((days for days, _, _ in row.steps if days < 0), default=0)


def cases(company_ids: Sequence[int], *, unfolded: Sequence[int], ahead: int) -> dict[int, Case]:
    """`unfolded`: companies whose older misses have not been counted yet: all of them are read.

    `ahead`: duties that fall due within so many days are read.
    """
    scope, ids = current(), list(company_ids)
    known = robots(ids)
    found = {
        key: Case(key, name, known.get(key, frozenset()))
        for key, name in Company.objects.filter(pk__in=ids).values_list("pk", "short_name")
    }
    people = reaches(ids, scope.today)
    holders, superior = _holders(ids, people), _superiors(ids)
    reading = _Reading(list(unfolded), timedelta(days=ahead), people, holders, superior)
    _read_duties(found, reading)
    _read_history(found, ids)
    return found


Holders = dict[int, dict[str, list[int]]]


def _holders(ids: list[int], people: Mapping[int, Reach]) -> Holders:
    found: Holders = {}
    with connection.cursor() as cursor:
        cursor.execute(_HOLDERS, {"ids": ids, "day": current().today})
        for company, position, person in cursor:
            if person in people:
                found.setdefault(company, {}).setdefault(position, []).append(person)
    return found


def conventional_superiors() -> dict[str, str]:
    return _superiors_in_catalogue(id(lawbook()))


@lru_cache(maxsize=1)
def _superiors_in_catalogue(_: int) -> dict[str, str]:
    return {p.id: p.superior.position for p in lawbook().positions.values() if p.superior is not None}


def _superiors(ids: list[int]) -> dict[int, dict[str, str]]:
    """Company id -> post -> the post above it, where the company chose for itself."""
    usual = conventional_superiors()
    found: dict[int, dict[str, str]] = {}
    chosen = models.SuperiorChoice.objects.filter(company_id__in=ids)
    for company, position, superior in chosen.values_list("company_id", "position", "superior"):
        found.setdefault(company, dict(usual))[position] = superior
    return found


class _Reading(NamedTuple):
    """What duties are read with."""

    unfolded: list[int]
    ahead: timedelta
    people: Mapping[int, Reach]
    holders: Holders
    superior: Mapping[int, Mapping[str, str]]

    def receivers(
        self, company: int, position: str, owners: tuple[int, ...]
    ) -> dict[Receiver, tuple[int, ...]]:
        posts = self.holders.get(company, {})
        above = self.superior.get(company, conventional_superiors())
        return receivers(position, owners, holders=posts, superior=above, principals=_principals(posts))

    def owners(self, company: int, person: int | None, position: str) -> tuple[int, ...]:
        """Nobody, where the person has left or the post is vacant."""
        owing = [person] if person else self.holders.get(company, {}).get(position, ())
        return tuple(p for p in owing if p in self.people)


def _read_duties(found: dict[int, Case], reading: _Reading) -> None:
    at = current().at
    reached: dict[tuple[int, str, tuple[int, ...]], dict[Receiver, tuple[int, ...]]] = {}
    with connection.cursor() as cursor:
        read_instants(cursor)
        cursor.execute(_DUTIES, [list(found), at - BEHIND, at + reading.ahead, reading.unfolded])
        for company, key, requirement, position, person, subject, starts, due, since, state in cursor:
            owners = reading.owners(company, person, position)
            place = (company, position, owners)
            if place not in reached:
                reached[place] = reading.receivers(*place)
                people = {p for group in reached[place].values() for p in group}
                found[company].reaches |= {p: reading.people[p] for p in people}
            case = found[company]
            case.duties[key] = Duty(key, starts, due or since, state == "missed", reached[place])
            case.told_of[key] = Told(requirement, position, subject, starts, due, since, owners)


def _principals(posts: Mapping[str, Sequence[int]]) -> list[int]:
    leading = [p for p in posts if ROLES.get(p.rsplit(".", 1)[-1]) == "principal"]
    return [person for position in leading for person in posts[position]]


def _read_history(found: dict[int, Case], ids: list[int]) -> None:
    obligations = [key for case in found.values() for key in case.duties]
    with connection.cursor() as cursor:
        cursor.execute(_SENT, [ids, obligations])
        for company, obligation, person, days in cursor:
            found[company].sent[obligation, person] = days
        cursor.execute(_TOLD, [ids, midnight(day_of(current().at))])
        for company, person, made_at in cursor:
            found[company].told[person] = made_at
