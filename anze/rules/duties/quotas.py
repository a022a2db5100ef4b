"""At least N in each period: for a post, for each holder, for each vehicle, driver, department or employee.

Rule 1: the quota of a period of which only a share is owed (joined, left, began, a change of rhythm) is the
share of N, rounded half up; a share that rounds to nothing is not asked.
Rule 2: a record counts in the period in which it happened; one that names a missed period makes up for that
one, and is then late.
Rule 3: a record sealed later than the recording limit after its period counts, and is late.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import NamedTuple

from anze.rules.catalogue.model import Term
from anze.rules.duties.model import Reason, State, Verdict
from anze.rules.duties.terms import TermWindow
from anze.rules.evidence import Hit
from anze.rules.periods import ONE_DAY, Period, WorkCalendar, day_of, midnight, periods_between


class Slot(NamedTuple):
    """A period, or the part of it that is owed, with its quota and its two deadlines."""

    since: date
    until: date
    first: date  # records from this day on count, also those before the owed part began
    begins: datetime
    due: datetime
    record_by: datetime
    needed: int
    provisional: bool
    term: Term
    known: datetime  # since when it could be foreseen


class Rhythm:
    """The slots of one requirement of one company up to one period ahead of `now`."""

    def __init__(self, calendar: WorkCalendar, recording: Sequence[Term], now: datetime) -> None:
        self._calendar = calendar
        self._recording = recording
        self._today = day_of(now)
        self._record_by: dict[date, tuple[datetime, bool]] = {}

    def slots(self, window: TermWindow, since: date, until: date | None) -> Iterator[Slot]:
        """`since`, `until`: the days over which it is owed; the last slot may lie ahead."""
        term = window.term
        assert term.every is not None, "the loader gives every quota a rhythm"
        owed = Period(max(since, window.since), min(until or date.max, window.until or date.max))
        for grid in periods_between(term.every, owed.since, min(owed.until, self._ahead())):
            part = Period(max(grid.since, owed.since), min(grid.until, owed.until))
            yield self._slot(window, grid, part, min(midnight(owed.since), midnight(part.since)))
            if part.since > self._today:
                return

    def record_by(self, day: date) -> tuple[datetime, bool]:
        """Until when a record of something that fell due before `day` may be sealed and still be on time."""
        known = self._record_by.get(day)
        if known is None:
            last = day - ONE_DAY
            terms = [t for t in self._recording if t.since <= last and t.within is not None]
            known = (midnight(day), False)
            if terms and (within := terms[-1].within) is not None:
                deadline = self._calendar.deadline(midnight(last), within)
                known = (deadline.at, deadline.provisional)
            self._record_by[day] = known
        return known

    def _slot(self, window: TermWindow, grid: Period, part: Period, known: datetime) -> Slot:
        term = window.term
        needed = term.times if part == grid else (term.times * part.days * 2 + grid.days) // (grid.days * 2)
        record_by, provisional = self.record_by(part.until)
        first = max(grid.since, window.since)
        begins, due = midnight(part.since), midnight(part.until)
        return Slot(part.since, part.until, first, begins, due, record_by, needed, provisional, term, known)

    def _ahead(self) -> date:
        """Far enough for the period after the longest one."""
        return date(self._today.year + 2, 1, 1)


class Tested(NamedTuple):
    """What the records of one holder or subject say, in order of day."""

    days: Sequence[date]
    hits: Sequence[Hit]

    @classmethod
    def of(cls, hits: Sequence[Hit]) -> Tested:
        ordered = sorted(hits)
        return cls([h.day for h in ordered], ordered)

    def within(self, first: date, until: date) -> Sequence[Hit]:
        found = self.hits[bisect_left(self.days, first) : bisect_left(self.days, until)]
        return [h for h in found if h.makes_up is None] if found else found

    def making_up(self, since: date) -> list[Hit]:
        return [h for h in self.hits if h.makes_up == since]


NOBODY = Tested((), ())


def quota_verdict(slot: Slot, tested: Tested, now: datetime, cites: tuple[str, ...]) -> Verdict:
    """The standing of one slot."""
    hits = tested.within(slot.first, slot.until)
    if slot.needed == 0:
        return _verdict(slot, State.EXEMPT, slot.begins, None, Reason.TOO_SHORT, cites, hits)
    if len(hits) >= slot.needed:
        return _fulfilled(slot, hits, cites)
    made_up = tested.making_up(slot.since) if tested.hits else []
    if made_up and len(hits) + len(made_up) >= slot.needed:
        every = sorted([*hits, *made_up], key=lambda h: h.received)
        return _verdict(
            slot, State.LATE, every[slot.needed - 1].received, None, Reason.DONE_LATE, cites, every
        )
    return _unfulfilled(slot, [*hits, *made_up], now, cites)


def _fulfilled(slot: Slot, hits: Sequence[Hit], cites: tuple[str, ...]) -> Verdict:
    on_time = [h for h in hits if h.received < slot.record_by]
    if len(on_time) >= slot.needed:
        since = on_time[slot.needed - 1].happened
        return _verdict(slot, State.MET, since, None, Reason.DONE, cites, hits)
    since = sorted(h.received for h in hits)[slot.needed - 1]
    return _verdict(slot, State.LATE, since, None, Reason.RECORDED_LATE, cites, hits)


def _unfulfilled(slot: Slot, hits: Sequence[Hit], now: datetime, cites: tuple[str, ...]) -> Verdict:
    if now < slot.begins:
        return _verdict(slot, State.UPCOMING, slot.known, slot.begins, Reason.NOT_BEGUN, cites, hits)
    if now < slot.due:
        reason = Reason.PARTLY if hits else Reason.WAITING
        return _verdict(slot, State.OPEN, slot.begins, slot.due, reason, cites, hits)
    return _verdict(slot, State.MISSED, slot.due, None, Reason.SHORT if hits else Reason.NOTHING, cites, hits)


def _verdict(
    slot: Slot,
    state: State,
    since: datetime,
    until: datetime | None,
    reason: Reason,
    cites: tuple[str, ...],
    hits: Sequence[Hit],
) -> Verdict:
    facts = tuple(h.fact for h in hits)
    # Only whether a record was sealed in time is counted in workdays.
    provisional = slot.provisional and state in (State.MET, State.LATE)
    layer = slot.term.layer.value
    return Verdict(state, since, until, reason, cites, facts, layer, len(facts), slot.needed, provisional)
