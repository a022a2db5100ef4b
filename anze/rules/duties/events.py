"""Within a time of an event, or before what it declares begins; and attendance by invitation.

Rule 1: the clock runs from the event itself; what must be done before a period falls due when that begins,
yet never before the end of the day on which the event was declared.
Rule 2: a record answers the event it names; one that names none counts if it happened between the event and
the deadline. A key period that no record declares cannot be named: what happened while it ran makes up
for it.
Rule 3: who was excused owes nothing for that meeting; who was absent has missed it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from anze.rules.catalogue.model import Term
from anze.rules.duties.model import Reason, State, Verdict
from anze.rules.duties.quotas import NOBODY, Rhythm, Tested
from anze.rules.duties.terms import TermWindow
from anze.rules.evidence import Attendance, Fact, Hit
from anze.rules.periods import ONE_DAY, Deadline, WorkCalendar, day_of, midnight


class Call(NamedTuple):
    """An event that opened a demand, and until when it must be answered."""

    event: Fact
    term: Term
    due: Deadline


def calls(windows: Sequence[TermWindow], events: Sequence[Fact], calendar: WorkCalendar) -> Iterator[Call]:
    for event in events:
        for window in windows:
            if window.since <= event.day and (window.until is None or event.day < window.until):
                yield Call(event, window.term, _due(window.term, event, calendar))


def _due(term: Term, event: Fact, calendar: WorkCalendar) -> Deadline:
    if term.before is not None:
        ahead = calendar.ahead(event.starts or event.day, term.before)
        return max(ahead, Deadline(midnight(event.day + ONE_DAY), False))
    assert term.within is not None, "the loader gives every on_event term a limit"
    return calendar.deadline(event.happened, term.within)


def call_verdict(
    call: Call, tested: Mapping[int | None, Tested], person: int | None, rhythm: Rhythm, now: datetime,
    cites: tuple[str, ...],
) -> Verdict:  # fmt: skip
    """The standing of one answer to one event; a period that is known ahead waits until it opens."""
    if now < call.event.happened:
        opens = call.event.happened
        return Verdict(
            State.UPCOMING, opens, opens, Reason.NOT_BEGUN, cites, (), call.term.layer.value, 0,
            call.term.times, call.due.provisional,
        )  # fmt: skip
    hits = _answers(call, tested.get(person, NOBODY).hits)
    needed, due = call.term.times, call.due.at
    record_by, provisional = rhythm.record_by(day_of(due) + ONE_DAY)
    in_time = [h for h in hits if h.happened <= due]
    state, since, until, reason = State.OPEN, call.event.happened, None, Reason.WAITING
    if len(in_time) >= needed:
        received = sorted(h.received for h in in_time)[needed - 1]
        state, since, reason = State.MET, in_time[needed - 1].happened, Reason.DONE
        if received >= record_by:
            state, since, reason = State.LATE, received, Reason.RECORDED_LATE
    elif len(hits) >= needed:
        state, since, reason = State.LATE, hits[needed - 1].happened, Reason.DONE_LATE
    elif now < due:
        until, reason = due, Reason.PARTLY if hits else Reason.WAITING
    else:
        state, since, reason = State.MISSED, due, Reason.SHORT if hits else Reason.NOTHING
    facts = tuple(h.fact for h in hits)
    return Verdict(
        state, since, until, reason, cites, facts, call.term.layer.value, len(facts), needed,
        provisional or call.due.provisional,
    )  # fmt: skip


def _answers(call: Call, hits: Sequence[Hit]) -> list[Hit]:
    event = call.event
    last = call.due.at if event.ends is None else max(call.due.at, midnight(event.ends))
    return [
        h
        for h in hits
        if h.about == event.id
        or (h.about is None and h.fact != event.id and event.happened <= h.happened <= last)
    ]


def invitation_verdict(
    event: Fact, person: int, deputies: frozenset[int], layer: str, cites: tuple[str, ...]
) -> Verdict | None:
    """None when the person was not invited."""
    own = [p.attendance for p in event.parts if p.person == person]
    if not own:
        return None
    stood_in = any(p.person in deputies and p.attendance is Attendance.ATTENDED for p in event.parts)
    state, reason = State.MISSED, Reason.ABSENT
    if Attendance.ATTENDED in own:
        state, reason = State.MET, Reason.ATTENDED
    elif stood_in:
        state, reason = State.MET, Reason.DEPUTY_ATTENDED
    elif Attendance.EXCUSED in own:
        state, reason = State.WAIVED, Reason.EXCUSED
    done = int(state is State.MET)
    return Verdict(state, event.happened, None, reason, cites, (event.id,), layer, done, 1)
