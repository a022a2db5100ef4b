"""What is passed over without a look is valid, whatever the days."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from anze.rules.dossiers.quiet import Quiet, quiet_days
from anze.rules.dossiers.scrappage import scrapping
from anze.rules.dossiers.validity import Paper, Validity, warned
from anze.rules.dossiers.vehicle_cycles import Maintained, Reading, maintenance, standing_of_test
from tests.rules.build import day
from tests.rules.dossiers.test_vehicle_cycles import COACH, OFFICE, UPKEEP

ON = st.dates(date(2024, 1, 1), date(2026, 12, 31))
PAST = st.dates(date(2008, 1, 1), date(2026, 12, 31))
WARNS = st.none() | st.integers(0, 200)
KILOMETRES = st.none() | st.integers(0, 900_000)


@given(ON, PAST, PAST, WARNS)
def test_a_test_that_is_passed_over_is_valid(
    on: date, registered: date, tested: date, warns: int | None
) -> None:
    bounds, paper = quiet_days(COACH, on, warns=warns), Paper(1, tested)
    if bounds.test(paper):
        found = standing_of_test(COACH, registered, paper, on)
        standing = found if warns is None else warned(found, warns, on)
        assert standing.state is Validity.VALID


@given(ON, PAST, KILOMETRES, KILOMETRES, WARNS)
def test_a_maintenance_that_is_passed_over_is_valid(
    on: date, done: date, then: int | None, now: int | None, warns: int | None
) -> None:
    last = Maintained(1, done, then)
    reading = None if now is None else Reading(on, now)
    if quiet_days(COACH, on, warns=warns).upkeep("second", last, reading):
        found = maintenance(UPKEEP, last, reading, on)
        assert (found if warns is None else warned(found, warns, on)).state is Validity.VALID


@given(ON, PAST, KILOMETRES, WARNS)
def test_a_vehicle_that_is_passed_over_is_not_near_its_end(
    on: date, registered: date, shown: int | None, warns: int | None
) -> None:
    reading = None if shown is None else Reading(on, shown)
    if quiet_days(COACH, on, warns=warns).scrapping(registered, reading):
        found = scrapping(COACH, registered, reading, on)
        assert (found if warns is None else warned(found, warns, on)).state is Validity.VALID


def test_most_of_a_fleet_is_passed_over() -> None:
    on = day("2026-06-01")
    bounds = quiet_days(COACH, on)
    assert bounds.test(Paper(1, day("2026-03-01")))
    assert bounds.upkeep("second", Maintained(1, day("2026-05-01"), 100), Reading(on, 40_000))
    assert bounds.upkeep("second", Maintained(1, day("2026-05-01")), Reading(on, 90_000))
    assert bounds.scrapping(day("2020-01-01"), Reading(on, 100_000))


def test_what_is_not_known_is_looked_at() -> None:
    on = day("2026-06-01")
    bounds = quiet_days(COACH, on)
    assert not bounds.test(None)
    assert not bounds.test(Paper(1, on, on))
    assert not bounds.upkeep("second", None, None)
    assert not bounds.upkeep("first", Maintained(1, on), None)
    assert not bounds.upkeep("second", Maintained(1, on, 0), Reading(on, 50_000))
    assert not bounds.scrapping(None, None)
    assert not bounds.scrapping(day("2020-01-01"), Reading(on, 800_000))
    assert not quiet_days(OFFICE, on).scrapping(day("2020-01-01"), None)
    assert not Quiet().test(Paper(1, on))
    before = quiet_days(COACH, day("2009-01-01"))
    assert (before.tested, before.registered, before.kilometres, dict(before.maintained)) == (
        None,
        None,
        None,
        {},
    )
