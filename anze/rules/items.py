"""What became of the things that a meeting decided, a plan set or an inspection found (待落实事项).

Rule 1: an item is open until a record says that it is done or dropped. Of several records the last speaks, by
the time it happened: who says later that it is not done after all opens it again.
Rule 2: it is overdue from the midnight that ends its last day. A record that finds it undone may set another.
Rule 3: only what is sealed and stands counts; a void settlement says nothing.

Seed 001 二.1 asks of meetings: 检查上次会议决定的落实情况，未落实的有措施.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from anze.rules.periods import ONE_DAY, midnight


class Result(StrEnum):
    DONE = "done"
    UNFINISHED = "unfinished"
    CANCELLED = "cancelled"


class ItemState(StrEnum):
    OPEN = "open"
    OVERDUE = "overdue"
    DONE = "done"
    CANCELLED = "cancelled"


NEEDS_REMARK = frozenset({Result.UNFINISHED, Result.CANCELLED})  # a measure, a reason
_CLOSED = {Result.DONE: ItemState.DONE, Result.CANCELLED: ItemState.CANCELLED}


@dataclass(frozen=True, slots=True)
class Settlement:
    """What a sealed record says of an item. `due`: the new last day of one that is not done."""

    record: int
    happened: datetime
    received: datetime
    result: Result
    due: date | None = None


@dataclass(frozen=True, slots=True)
class ItemStanding:
    """`until`: the next instant at which it changes without a new record. `because`: the last settlement."""

    state: ItemState
    since: datetime
    until: datetime | None
    due: date | None  # last day that is in time
    because: int | None
    postponed: int  # how often it was found undone


def item_standing(
    since: datetime, due: date | None, settlements: Iterable[Settlement], at: datetime
) -> ItemStanding:
    """`since`: when the record that holds the item was sealed; `due`: its own last day."""
    said = sorted(
        (s for s in settlements if s.received <= at), key=lambda s: (s.happened, s.received, s.record)
    )
    postponed = sum(s.result is Result.UNFINISHED for s in said)
    last = said[-1] if said else None
    if last is not None and last.result in _CLOSED:
        return ItemStanding(_CLOSED[last.result], last.happened, None, due, last.record, postponed)
    limit = next((s.due for s in reversed(said) if s.due is not None), due)
    because = last.record if last else None
    if overdue(limit, at):
        assert limit is not None
        return ItemStanding(ItemState.OVERDUE, midnight(limit + ONE_DAY), None, limit, because, postponed)
    until = midnight(limit + ONE_DAY) if limit else None
    return ItemStanding(ItemState.OPEN, last.happened if last else since, until, limit, because, postponed)


def overdue(due: date | None, at: datetime) -> bool:
    """Of an open item: whether its last day is over."""
    return due is not None and at >= midnight(due + ONE_DAY)
