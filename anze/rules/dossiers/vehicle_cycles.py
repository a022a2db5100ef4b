"""When a vehicle is next tested and maintained.

Rule 1: age runs in months from first registration; the cycle of the class shortens with age, and the shorter
cycle binds from the day on which the age is reached, also for a test that lies before it.
Rule 2: maintenance is due by time or by distance, whichever comes first.
道路交通安全法实施条例第十六条; 道路运输车辆技术管理规定第二十一条; GB/T 18344.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

from anze.rules.catalogue.dossier_model import Band, Upkeep, VehicleClass, in_force
from anze.rules.dossiers.validity import Paper, Standing, Validity, Why, ahead, cited, running
from anze.rules.periods import add_months


class Reading(NamedTuple):
    """What the odometer showed."""

    day: date
    kilometres: int


def next_test(bands: tuple[Band, ...], registered: date, tested: date) -> date:
    """The first day on which the test lies a whole cycle back, by the cycle of the age on that day."""
    starts, first = registered, date.max
    for band in bands:
        first = min(first, max(starts, add_months(tested, band.every)))
        if band.until is not None:
            starts = add_months(registered, band.until)
    return first


def standing_of_test(
    known: VehicleClass | None, registered: date | None, test: Paper | None, on: date
) -> Standing:
    """`test.valid_until`: the next test that the report prints.

    Never tested on record: due one cycle after registration; when that has passed, a test is missing.
    """
    term = in_force(known.tests, on) if known else None
    if term is None or registered is None:
        return Standing(Validity.MISSING if test is None else Validity.VALID, Why.UNKNOWN)
    if test is not None and test.valid_until is not None:
        due, reason = test.valid_until, Why.PRINTED
    else:
        due, reason = next_test(term.bands, registered, test.day if test else registered), Why.BY_AGE
    if test is None and on >= due:
        return cited(Standing(Validity.MISSING, Why.NOTHING, due), term.cite, term.verified)
    since = test.day if test else registered
    fact = test.fact if test else None
    return running(due, ahead(due, term.warns), on, since=since, reason=reason, fact=fact, by=term)


class Maintained(NamedTuple):
    """The newest maintenance of a level; `kilometres`: None where nobody read the odometer."""

    fact: int
    day: date
    kilometres: int | None = None


def maintenance(
    terms: tuple[Upkeep, ...], last: Maintained | None, reading: Reading | None, on: date
) -> Standing:
    """Kilometres left are said by `kilometres_left`; distance speaks only where both readings are there."""
    term = in_force(terms, on)
    if term is None:
        return Standing(Validity.UNASKED, Why.NOTHING)
    if last is None:
        return cited(Standing(Validity.MISSING, Why.NOTHING), term.cite, term.verified)
    due = last.day + timedelta(days=term.days)
    warned = ahead(due, term.warns)
    found = running(due, warned, on, since=last.day, reason=Why.BY_TIME, fact=last.fact, by=term)
    left = kilometres_left(terms, last, reading, on)
    if left is not None and left <= 0 and found.state is not Validity.OVER:
        assert reading is not None, "what is left was read"
        found = Standing(Validity.OVER, Why.BY_DISTANCE, reading.day, None, reading.day, last.fact)
        return cited(found, term.cite, term.verified)
    return found


def kilometres_left(
    terms: tuple[Upkeep, ...], last: Maintained | None, reading: Reading | None, on: date
) -> int | None:
    """Until the next maintenance; None where it cannot be said, also when the odometer was read earlier."""
    term = in_force(terms, on)
    if term is None or last is None or last.kilometres is None or reading is None:
        return None
    if reading.day < last.day or reading.kilometres < last.kilometres:
        return None
    return last.kilometres + term.kilometres - reading.kilometres
