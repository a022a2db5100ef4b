"""Is what a company commits to weaker than the least the law asks?

Rule: frequencies are compared as acts in a year, limits by their longest possible length.
"""

from __future__ import annotations

from anze.rules.catalogue.model import Every, Limit, LimitUnit, Term

A_YEAR = {Every.DAY: 365, Every.MONTH: 12, Every.QUARTER: 4, Every.HALF_YEAR: 2, Every.YEAR: 1}
HOURS = {LimitUnit.HOUR: 1, LimitUnit.DAY: 24, LimitUnit.WORKDAY: 24, LimitUnit.MONTH: 24 * 31}


def weaker_than(term: Term, floor: Term) -> bool:
    if floor.every is not None and (
        term.every is None or _yearly(term.every, term.times) < _yearly(floor.every, floor.times)
    ):
        return True
    return floor.within is not None and (term.within is None or _hours(term.within) > _hours(floor.within))


def _yearly(every: Every, times: int) -> int:
    return A_YEAR[every] * times


def _hours(limit: Limit) -> int:
    return limit.amount * HOURS[limit.unit]
