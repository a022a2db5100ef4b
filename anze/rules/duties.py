"""The obligations engine: duty × holder × subject × period → obligation → verdict."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class State(StrEnum):
    UPCOMING = "upcoming"  # 未开始: its period has not begun
    OPEN = "open"  # 待履行
    MET = "met"  # 已履行
    LATE = "late"  # 逾期履行: made up after the deadline, or recorded too late
    MISSED = "missed"  # 逾期未履行
    UNSET = "unset"  # 待企业明确: the company has not fixed the frequency or the limit
    EXEMPT = "exempt"  # 不作要求: too short a part of the period
    WAIVED = "waived"  # 已豁免: waived with a reason, or excused


@dataclass(frozen=True, slots=True)
class Obligation:
    """One demand on one post or person, for one subject and one period."""

    requirement: str
    position: str
    person: int | None  # None: owed by the post
    subject_type: str | None
    subject: int | None
    event: int | None  # the record that opened it
    starts: date
    due: datetime | None  # the first instant that is too late; None: standing or not fixed


@dataclass(frozen=True, slots=True)
class Verdict:
    state: State
    since: datetime
    until: datetime | None  # the next instant at which the answer can change without new facts
    reason: str  # a word of REASONS
    cites: tuple[str, ...]
    facts: tuple[int, ...]
    layer: str
    done: int
    needed: int
    provisional: bool = False  # rests on a calendar year that is not yet published
