"""What a record of the story is made of, before anybody has an id."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from anze.cli.demo.cast import Firm
from anze.cli.demo.days import Days, at, office_day


@dataclass(frozen=True, slots=True)
class Paper:
    name: str
    lines: tuple[str, ...] = ()  # of a certificate; none: a sheet with signatures


@dataclass(frozen=True, slots=True)
class Decided:
    """What a meeting gives somebody to do."""

    what: str
    who: str
    due: date
    measure: str


@dataclass(frozen=True, slots=True)
class Followed:
    """What is said of something decided earlier. `due`: the new last day of what is put off."""

    about: str
    what: str
    result: str
    remark: str
    due: date | None = None


@dataclass(frozen=True, slots=True)
class Happening:
    """A record: what happened, who sealed it and when. People, vehicles and events go by their keys.

    `parts`: role -> keys of people. `seal` None: a draft that waits.
    """

    kind: str
    title: str
    happened: datetime
    seal: datetime | None
    by: str
    values: dict[str, str]
    parts: Mapping[str, Sequence[str]]
    key: str | None = None
    about: str | None = None
    ended: datetime | None = None
    makes_up: date | None = None
    attests: str | None = None
    absent: tuple[str, ...] = ()
    excused: tuple[str, ...] = ()
    vehicles: tuple[int, ...] = ()
    units: tuple[str, ...] = ()
    papers: tuple[Paper, ...] = ()
    decides: tuple[Decided, ...] = ()
    follows: tuple[Followed, ...] = ()

    @property
    def acted(self) -> datetime:
        return self.seal or self.happened + timedelta(minutes=50)


@dataclass(frozen=True, slots=True)
class Teller:
    """Shared by those who tell parts of the story."""

    firm: Firm
    days: Days

    def lead(self, day: date) -> str:
        return self.firm.principal(day)

    def safety(self, day: date, turn: int = 0) -> str:
        """The safety manager who does it: they take turns."""
        able = [key for key in self.firm.managers(day) if key != "manager3"]
        return able[turn % len(able)]

    def staff(self, day: date, *, but: Sequence[str] = ()) -> list[str]:
        keys = ["vice", "operations", "technical", "finance", "office", "monitor", "captain1", "captain2",
                "captain3", "vice2", "monitoring", "technician"]  # fmt: skip
        return [key for key in self.firm.present(keys, day) if key not in but]

    def writer(self, key: str, day: date) -> str:
        """Holders write what they do; at the careless firm the safety manager writes everything."""
        writes = self.firm.rate >= 1 and any(h.key == key for h in self.firm.holders)
        return key if writes else self.safety(day)

    def units(self) -> list[str]:
        return [name for _, name in self.firm.units]

    @property
    def leave_begins(self) -> date:
        """Of the third safety manager; her deputy comes to meetings instead."""
        return self.days.month(2) + timedelta(days=9)

    def on_leave(self, day: date) -> tuple[str, ...]:
        return ("manager3",) if self.firm.rate >= 1 and day >= self.leave_begins else ()

    def sealed(self, day: date, event: str, back: int, clock: str = "16:40") -> datetime:
        """The day after it happened, or as late as the firm is with it."""
        wait = self.firm.sealed_after.get((event, back), 1)
        return at(office_day(day + timedelta(days=wait)), clock)

    def sealed_by_week(self, day: date, event: str, back: int) -> datetime:
        """What a holder did in a week is sealed on its Friday, or as late as the firm is with it."""
        wait = self.firm.sealed_after.get((event, back), (4 - day.weekday()) % 7)
        return at(day + timedelta(days=wait), "17:20")

    def on(self, year: int, month: int, number: int) -> date | None:
        """The day, if it lies in the story."""
        day = date(year, month, number)
        return day if self.days.start <= day <= self.days.today else None
