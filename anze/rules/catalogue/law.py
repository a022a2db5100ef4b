"""The smallest words of the catalogue: a citation, a rhythm, a length of time."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Every(StrEnum):
    DAY = "day"
    MONTH = "month"
    QUARTER = "quarter"
    HALF_YEAR = "half_year"
    YEAR = "year"


class LimitUnit(StrEnum):
    HOUR = "hour"
    DAY = "day"
    WORKDAY = "workday"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Citation:
    instrument: str
    clause: str

    def __str__(self) -> str:
        return f"{self.instrument}#{self.clause}"


@dataclass(frozen=True, slots=True)
class Limit:
    """A length of time: 1 hour, 15 workdays, 6 months."""

    amount: int
    unit: LimitUnit
