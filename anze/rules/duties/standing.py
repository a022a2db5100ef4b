"""A state that must hold at every instant: an office filled, a certificate valid, a letter in force.

Rule 1: it holds while enough proofs are valid; a proof is valid from the day it happened until its expiry.
Rule 2: a time to build the state up may be allowed from the day it is first owed.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from anze.rules.catalogue.model import Term
from anze.rules.duties.model import Reason, State, Verdict
from anze.rules.periods import WorkCalendar, day_of, midnight


class Validity(NamedTuple):
    """A proof and its half-open days."""

    since: date
    until: date | None
    fact: int


def standing_verdict(
    proofs: Sequence[Validity], term: Term, owed_since: date, owed_until: date | None, now: datetime,
    calendar: WorkCalendar, cites: tuple[str, ...],
) -> Verdict:  # fmt: skip
    begins = midnight(owed_since)
    if now < begins:
        return _verdict(State.UPCOMING, begins, begins, Reason.NOT_BEGUN, (), term, cites)
    today = day_of(now) if owed_until is None else min(day_of(now), owed_until)
    valid = tuple(p for p in proofs if p.since <= today and (p.until is None or today < p.until))
    facts = tuple(p.fact for p in valid)
    if len(valid) >= term.times:
        since = max(begins, midnight(_held_since(proofs, today, term.times)))
        until = _held_until(valid, term.times)
        return _verdict(State.MET, since, until, Reason.HELD, facts, term, cites)
    built_by = calendar.deadline(begins, term.within) if term.within is not None else None
    if built_by is not None and now < built_by.at:
        verdict = _verdict(State.OPEN, begins, built_by.at, Reason.BUILDING_UP, facts, term, cites)
        return verdict._replace(provisional=built_by.provisional)
    lapsed = [midnight(p.until) for p in proofs if p.until is not None and p.until <= today]
    since = max([begins if built_by is None else built_by.at, *lapsed])
    reason = Reason.LAPSED if lapsed else Reason.SHORT if facts else Reason.NOTHING
    return _verdict(State.MISSED, since, None, reason, facts, term, cites)


def _held_since(proofs: Sequence[Validity], today: date, needed: int) -> date:
    """The latest day up to today on which the count of valid proofs rose to the needed number."""
    days = sorted(
        {p.since for p in proofs if p.since <= today} | {p.until for p in proofs if p.until}, reverse=True
    )
    held = today
    for day in days:
        if day > today:
            continue
        if sum(p.since <= day and (p.until is None or day < p.until) for p in proofs) < needed:
            return held
        held = day
    return held


def _held_until(valid: Sequence[Validity], needed: int) -> datetime | None:
    """The instant at which too few of today's proofs remain."""
    endless = sum(p.until is None for p in valid)
    ends = sorted(p.until for p in valid if p.until is not None)
    spare = endless + len(ends) - needed
    return midnight(ends[spare]) if spare < len(ends) else None


def _verdict(
    state: State, since: datetime, until: datetime | None, reason: Reason, facts: tuple[int, ...], term: Term,
    cites: tuple[str, ...],
) -> Verdict:  # fmt: skip
    return Verdict(state, since, until, reason, cites, facts, term.layer.value, len(facts), term.times)
