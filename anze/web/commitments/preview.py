"""What a commitment would mean, before it is made: the rule in words and the next days on which it falls due."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from anze.records.duties.words import rule_in_words
from anze.records.lawbook import lawbook
from anze.rules.catalogue.model import Layer, Limit, Requirement, Term
from anze.rules.periods import WorkCalendar, period_of

COUNT = 5


@dataclass(frozen=True, slots=True)
class Preview:
    """`days`: for a rhythm the last days of the next periods; for a limit what today's event would give."""

    rule: str
    days: tuple[date, ...]
    example: datetime | None = None


def preview(requirement: Requirement, since: date, now: datetime, **given: Any) -> Preview:
    term = Term(since=since, cite=(), layer=Layer.COMPANY, **given)
    rule = rule_in_words(requirement, term)
    if term.within is not None:
        return Preview(rule, (), _deadline(now, term.within))
    return Preview(rule, _last_days(term, since))


def _last_days(term: Term, since: date) -> tuple[date, ...]:
    days, day = [], since
    while term.every is not None and len(days) < COUNT:
        period = period_of(term.every, day)
        days.append(period.until - timedelta(days=1))
        day = period.until
    return tuple(days)


def _deadline(now: datetime, limit: Limit) -> datetime:
    return WorkCalendar(lawbook().calendar).deadline(now, limit).at
