"""What the engine answers: obligations and verdicts."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple


class State(StrEnum):
    UPCOMING = "upcoming"  # 未开始: its period has not begun
    OPEN = "open"  # 待履行
    MET = "met"  # 已履行
    LATE = "late"  # 逾期履行: made up after the deadline, or recorded too late
    MISSED = "missed"  # 逾期未履行
    UNSET = "unset"  # 待企业明确: the company has not fixed the frequency or the limit
    EXEMPT = "exempt"  # 不作要求: too short a part of the period
    WAIVED = "waived"  # 已豁免: waived with a reason, or excused


WORST_FIRST = (
    State.MISSED, State.UNSET, State.OPEN, State.LATE, State.MET, State.WAIVED, State.EXEMPT, State.UPCOMING,
)  # fmt: skip


class Reason(StrEnum):
    """Why the state is what it is; the pages have a sentence for each."""

    NOT_BEGUN = "not_begun"
    WAITING = "waiting"  # nothing yet, the deadline is ahead
    PARTLY = "partly"  # some of the quota, the deadline is ahead
    DONE = "done"
    RECORDED_LATE = "recorded_late"  # happened in time, sealed too long after the period
    DONE_LATE = "done_late"  # made up, or done after the limit
    NOTHING = "nothing"  # the deadline passed without a record
    SHORT = "short"  # the deadline passed with a part of the quota
    HELD = "held"  # the state holds
    LAPSED = "lapsed"  # it held, its proof ran out
    BUILDING_UP = "building_up"  # still inside the time allowed to build the state up
    ATTENDED = "attended"
    DEPUTY_ATTENDED = "deputy_attended"
    EXCUSED = "excused"
    ABSENT = "absent"
    TOO_SHORT = "too_short"  # joined, left or began so late that the share rounds to nothing
    WAIVED = "waived"
    NOT_FIXED = "not_fixed"
    NOT_ASKED = "not_asked"  # only beside another verdict: the corrected reading has no such period


class Obligation(NamedTuple):
    """One demand on one post or person, for one subject and one period."""

    requirement: str
    position: str
    person: int | None  # None: owed by the post
    subject_type: str | None
    subject: int | None
    event: int | None  # the record that opened it
    starts: date
    due: datetime | None  # the first instant that is too late; None: standing or not fixed


class Verdict(NamedTuple):
    state: State
    since: datetime
    until: datetime | None  # the next instant at which the answer can change without new facts
    reason: Reason
    cites: tuple[str, ...]  # clause ids
    facts: tuple[int, ...]  # record ids
    layer: str
    done: int
    needed: int
    provisional: bool = False  # rests on a calendar year that is not yet published


class Decision(NamedTuple):
    obligation: Obligation
    verdict: Verdict
