"""The filters of the list of obligations, from an address; the same ones serve the page and its export."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import QueryDict

from anze.records.acting.context import current
from anze.records.demands import queries as demands
from anze.records.duties import queries as duties
from anze.records.lawbook import lawbook
from anze.rules.catalogue.model import Position
from anze.rules.duties.own import own_key
from anze.rules.periods import add_months
from anze.web.ui.words import LAYERS, STATES

FIELDS = (
    *("position", "state", "month", "requirement", "line", "starts", "event"),
    *("day", "person", "vehicle", "layer"),
)
DAYS, IDS = ("starts", "day"), ("event", "person", "vehicle")
STANDING = "standing"  # in place of a month: what has no due day


@dataclass(frozen=True, slots=True)
class Filters:
    """`ignored`: what was given and could not be understood."""

    position: str = ""
    state: str = ""
    month: str = ""
    requirement: str = ""
    line: str = ""
    starts: date | None = None
    event: int | None = None
    day: date | None = None  # the last on which it can be done
    person: int | None = None
    vehicle: int | None = None
    layer: str = ""
    ignored: tuple[str, ...] = ()

    @property
    def keywords(self) -> duties.Filters:
        """For `duties.queries.obligations`."""
        month = None if self.month in ("", STANDING) else date.fromisoformat(self.month)
        return {
            "position": self.position or None,
            "requirement": self.requirement or None,
            "line": self.line or None,
            "states": (self.state,) if self.state else (),
            "month": month,
            "standing": self.month == STANDING,
            "starts": self.starts,
            "event": self.event,
            "layer": self.layer or None,
            "day": self.day,
            "of_person": self.person,
            "vehicle": self.vehicle,
        }

    @property
    def any(self) -> bool:
        return any(getattr(self, name) for name in FIELDS)

    @property
    def requirement_text(self) -> str:
        return demands.requirement(self.requirement).text if self.requirement else ""


def filters_of(query: QueryDict, positions: tuple[Position, ...]) -> Filters:
    asked = {name: query.get(name, "").strip() for name in FIELDS}
    good = {
        "position": asked["position"] in {p.id for p in positions},
        "state": asked["state"] in STATES,
        "month": asked["month"] == STANDING or _first_of_month(asked["month"]),
        "requirement": _known(asked["requirement"]),
        "line": _known_line(asked["line"]),
        **{name: _day(asked[name]) is not None for name in DAYS},
        # Events that are no records count downwards.
        **{name: asked[name].removeprefix("-").isdecimal() and len(asked[name]) < 19 for name in IDS},
        "layer": asked["layer"] in LAYERS,
    }
    kept: dict[str, Any] = {name: value for name, value in asked.items() if good[name]}
    kept |= {name: _day(kept[name]) for name in DAYS if name in kept}
    kept |= {name: int(kept[name]) for name in IDS if name in kept}
    return Filters(**kept, ignored=tuple(name for name, value in asked.items() if value and not good[name]))


def page_number(query: QueryDict) -> int:
    text = query.get("page", "1")
    return int(text) if text.isdecimal() and len(text) < 7 else 1


def months_offered() -> list[date]:
    """The next month, this one and the twelve before, newest first."""
    this = current().today.replace(day=1)
    return [add_months(this, offset) for offset in range(1, -13, -1)]


def _first_of_month(text: str) -> bool:
    day = _day(text)
    return day is not None and day.day == 1


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _known_line(line: str) -> bool:
    if own_key(line) is not None:
        return _known(f"{line}.a")
    position = lawbook().positions.get(".".join(line.split(".")[:2]))
    return position is not None and any(
        line == known.id for known in (*position.responsibilities, *position.duties)
    )


def _known(requirement: str) -> bool:
    try:
        demands.requirement(requirement)
    except KeyError:
        return False
    return True
