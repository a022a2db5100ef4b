"""What the files of people and vehicles are held to: certificates, classes, hours, changes, points, bars.

Rule 1: whom it is asked of stands beside the number: drivers, holders of posts, vehicles of classes.
Rule 2: every number sits in a dated entry with its citation; the newest not after the asked day applies.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Protocol, TypeVar

from anze.rules.catalogue.law import Citation, Every, Limit

GROUPS = {
    "licence": "证件",
    "education": "培训和考核",
    "health": "健康和心理",
    "insurance": "保险",
    "equipment": "随车设备",
}
TRADES = ("coach", "taxi", "dangerous_goods", "freight", "rental", "repair")  # with a list encoded or not
UNITS = {"hours": "小时", "class_hours": "学时"}
OCCASIONS = {"joined": "入职", "posted": "任职", "moved": "调动", "returned": "返岗", "left": "离职"}


@dataclass(frozen=True, slots=True)
class Asked:
    """Whom it is asked of. Nobody and nothing named: it is followed once it is there, never missing."""

    trades: tuple[str, ...] = ()  # none: every trade
    everybody: bool = False
    drivers: bool = False
    posts: tuple[str, ...] = ()  # safety_manager: of any trade
    classes: tuple[str, ...] = ()  # of vehicles


class Dated(Protocol):
    @property
    def since(self) -> date:
        """The day from which it applies."""


D = TypeVar("D", bound=Dated)


def in_force(terms: Sequence[D], on: date) -> D | None:
    """The newest that is not after the day."""
    for term in reversed(terms):
        if term.since <= on:
            return term
    return None


@dataclass(frozen=True, slots=True)
class Paperwork:
    """How long before its end a paper is shown as running out; `lasts`: of papers that print no end.

    `binds`: without it the driver, or the vehicle, must not go out.
    """

    since: date
    cite: tuple[Citation, ...]
    verified: str | None
    warns: int  # days
    lasts: int | None = None  # months from the day of the record
    binds: bool = False


@dataclass(frozen=True, slots=True)
class Wanted:
    """A record of a kind, and which values of one of its choices."""

    kind: str
    choice: str = ""
    values: frozenset[str] = frozenset()

    def takes(self, choices: Mapping[str, str]) -> bool:
        return not self.choice or choices.get(self.choice) in self.values


@dataclass(frozen=True, slots=True)
class Certificate:
    """A paper, insurance, examination or piece of equipment that runs out."""

    id: str
    name: str
    of: str  # person or vehicle
    group: str
    wanted: Wanted
    asked: Asked
    terms: tuple[Paperwork, ...]


@dataclass(frozen=True, slots=True)
class Band:
    """Up to an age in months (none: from there on), one test in so many months."""

    until: int | None
    every: int


@dataclass(frozen=True, slots=True)
class AgeCycle:
    since: date
    cite: tuple[Citation, ...]
    verified: str | None
    warns: int  # days
    bands: tuple[Band, ...]


@dataclass(frozen=True, slots=True)
class Upkeep:
    """Maintenance of one level: by time and by distance, whichever comes first."""

    since: date
    cite: tuple[Citation, ...]
    verified: str | None
    warns: int  # days
    days: int
    kilometres: int


@dataclass(frozen=True, slots=True)
class Scrapping:
    """`years`: compulsory (none: no limit); `kilometres`: guidance."""

    since: date
    cite: tuple[Citation, ...]
    verified: str | None
    warns: int  # months
    years: int | None
    kilometres: int | None


@dataclass(frozen=True, slots=True)
class VehicleClass:
    id: str
    name: str
    tests: tuple[AgeCycle, ...]
    upkeep: Mapping[str, tuple[Upkeep, ...]]  # level of maintenance -> terms
    scraps: tuple[Scrapping, ...]


@dataclass(frozen=True, slots=True)
class HoursTerm:
    since: date
    cite: tuple[Citation, ...]
    verified: str | None
    every: Every
    least: Fraction


@dataclass(frozen=True, slots=True)
class HoursRule:
    """So much training in each period. 小时 (`hours`) and 学时 (`class_hours`) are never added up."""

    id: str
    name: str
    asked: Asked
    kinds: tuple[str, ...]
    unit: str
    terms: tuple[HoursTerm, ...]


@dataclass(frozen=True, slots=True)
class TopicsTerm:
    since: date
    cite: tuple[Citation, ...]
    verified: str | None
    every: Every
    asks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TopicsRule:
    """What must be spoken of in each period. `field`: where a session says what it was about."""

    id: str
    name: str
    asked: Asked
    kinds: tuple[str, ...]
    field: str
    labels: Mapping[str, str]  # topic -> Chinese
    terms: tuple[TopicsTerm, ...]


@dataclass(frozen=True, slots=True)
class ChangeTerm:
    """`within`: after the day of the change (0 days: on it at the latest); `early`: so many days before it.

    `before_work`: counted from the day on which the work begins, not from that of joining; until somebody has
    a post, or a driver a vehicle, nothing is late.
    """

    since: date
    cite: tuple[Citation, ...]
    verified: str | None
    within: Limit
    early: int
    least: Fraction | None = None  # 学时 of all such records together
    away: int = 0  # on returning: after an absence of so many days
    before_work: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """What joining, taking a post, moving, coming back and leaving ask, and the record that settles it."""

    id: str
    name: str
    on: str
    asked: Asked
    areas: tuple[str, ...]  # administrative code prefixes; none: everywhere
    wanted: Wanted
    terms: tuple[ChangeTerm, ...]


@dataclass(frozen=True, slots=True)
class Points:
    """Penalty points of a driver's licence, counted in spans of `months` from its first issue."""

    since: date
    cite: tuple[Citation, ...]
    verified: str | None
    months: int
    full: int
    warns: int  # from so many points on


@dataclass(frozen=True, slots=True)
class BarTerm:
    """`least`: of a number, from so many on; none: of a day."""

    since: date
    cite: tuple[Citation, ...]
    verified: str | None
    months: int
    least: int | None = None


@dataclass(frozen=True, slots=True)
class Bar:
    """What keeps somebody from being hired. `kind`, `field`: the record and its field that tell of it."""

    id: str
    name: str
    asked: Asked
    kind: str
    field: str
    terms: tuple[BarTerm, ...]


@dataclass(frozen=True, slots=True)
class StatutoryPost:
    """A post that must not be vacant."""

    post: str
    trades: tuple[str, ...]  # none: every trade
    cite: tuple[Citation, ...]
    verified: str | None


@dataclass(frozen=True, slots=True)
class Dossiers:
    certificates: Mapping[str, Certificate] = field(default_factory=dict)
    classes: Mapping[str, VehicleClass] = field(default_factory=dict)
    hours: Mapping[str, HoursRule] = field(default_factory=dict)
    topics: Mapping[str, TopicsRule] = field(default_factory=dict)
    changes: Mapping[str, Change] = field(default_factory=dict)
    points: tuple[Points, ...] = ()
    hiring: Mapping[str, Bar] = field(default_factory=dict)
    statutory: tuple[StatutoryPost, ...] = ()
