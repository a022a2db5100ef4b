"""Does one term ask less than another?

Rule 1: a frequency is weaker when it asks fewer acts a year, or the same acts over a longer period.
Rule 2: a limit is weaker when it allows more time after an event, less time ahead of one, or fewer answers.
"""

from __future__ import annotations

from anze.rules.catalogue.model import Every, Limit, LimitUnit, Term

PER_YEAR = {Every.DAY: 365, Every.MONTH: 12, Every.QUARTER: 4, Every.HALF_YEAR: 2, Every.YEAR: 1}
# A workday is taken as seven fifths of a day, a month as 31 days.
_HOURS = {LimitUnit.HOUR: 1, LimitUnit.DAY: 24, LimitUnit.WORKDAY: 34, LimitUnit.MONTH: 744}


def weaker(term: Term, base: Term) -> bool:
    """Does the term ask less than the base: fewer times a year, a longer period, more time?"""
    if term.every and base.every:
        rate, least = PER_YEAR[term.every] * term.times, PER_YEAR[base.every] * base.times
        if rate < least or PER_YEAR[term.every] < PER_YEAR[base.every]:
            return True
    fewer = not base.every and term.times < base.times
    longer = term.within and base.within and _hours(term.within) > _hours(base.within)
    later = term.before and base.before and _hours(term.before) < _hours(base.before)
    dropped = (base.every and not term.every) or (base.within and not term.within)
    return bool(fewer or longer or later or dropped or (base.before and not term.before))


def _hours(limit: Limit) -> int:
    return limit.amount * _HOURS[limit.unit]
