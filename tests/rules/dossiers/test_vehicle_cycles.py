"""Tests by age in months, maintenance by time and distance, scrapping by years, and the watch list."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anze.rules.catalogue.dossier_model import AgeCycle, Band, Scrapping, Upkeep, VehicleClass
from anze.rules.catalogue.law import Citation
from anze.rules.dossiers.scrappage import NEAR, scrapping
from anze.rules.dossiers.validity import Paper, Validity, Why
from anze.rules.dossiers.vehicle_cycles import (
    Maintained,
    Reading,
    kilometres_left,
    maintenance,
    next_test,
    standing_of_test,
)
from anze.rules.periods import add_months
from tests.rules.build import day

LAW = (Citation("law", "1"),)
FIRST = day("2010-01-01")
BANDS = (Band(60, 12), Band(None, 6))
UPKEEP = (Upkeep(FIRST, LAW, None, warns=10, days=120, kilometres=50_000),)
COACH = VehicleClass(
    "coach",
    "大客",
    (AgeCycle(FIRST, LAW, None, 30, BANDS),),
    {"second": UPKEEP},
    (Scrapping(FIRST, LAW, None, warns=12, years=15, kilometres=800_000),),
)
OFFICE = VehicleClass("office", "公务车", COACH.tests, {}, (Scrapping(FIRST, LAW, None, 12, None, None),))
REGISTERED = day("2020-03-15")
DAYS = st.dates(date(2012, 1, 1), date(2032, 12, 31))

TESTED = [
    ("2021-03-15", "2022-03-15"),  # yearly in the first five years
    ("2024-03-15", "2025-03-15"),  # to the day on which it becomes five years old
    ("2024-12-15", "2025-06-15"),  # five years old meanwhile: the shorter cycle binds
    ("2024-06-01", "2025-03-15"),  # nine months are over already on that day
    ("2025-03-15", "2025-09-15"),
    ("2026-08-31", "2027-02-28"),
]


@pytest.mark.parametrize(("tested", "due"), TESTED)
def test_the_next_test_follows_from_class_and_age(tested: str, due: str) -> None:
    assert next_test(BANDS, REGISTERED, day(tested)) == day(due)


@given(DAYS, DAYS, DAYS)
def test_a_later_test_is_never_due_earlier(registered: date, one: date, other: date) -> None:
    sooner, later = sorted((one, other))
    first, second = next_test(BANDS, registered, sooner), next_test(BANDS, registered, later)
    assert first <= second
    assert sooner + timedelta(days=180) <= first <= max(registered, add_months(sooner, 12))


def test_a_test_stands_until_the_next_is_due() -> None:
    found = standing_of_test(COACH, REGISTERED, Paper(4, day("2025-03-15")), day("2025-08-14"))
    assert (found.state, found.reason, found.until) == (Validity.VALID, Why.BY_AGE, day("2025-08-15"))
    soon = standing_of_test(COACH, REGISTERED, Paper(4, day("2025-03-15")), day("2025-08-15"))
    assert (soon.state, soon.expires, soon.cite) == (Validity.SOON, day("2025-09-15"), LAW)
    printed = standing_of_test(
        COACH, REGISTERED, Paper(4, day("2025-03-15"), day("2026-01-01")), day("2025-10-01")
    )
    assert (printed.state, printed.reason) == (Validity.VALID, Why.PRINTED)


def test_what_is_not_on_record_is_said_and_not_guessed() -> None:
    paper = Paper(4, day("2025-03-15"))
    assert standing_of_test(None, None, None, FIRST).state is Validity.MISSING
    assert standing_of_test(COACH, None, paper, day("2025-04-01")).reason is Why.UNKNOWN
    assert standing_of_test(COACH, REGISTERED, None, day("2020-12-01")).state is Validity.VALID
    never = standing_of_test(COACH, REGISTERED, None, day("2021-03-15"))
    assert (never.state, never.reason) == (Validity.MISSING, Why.NOTHING)
    assert standing_of_test(COACH, REGISTERED, paper, day("2009-01-01")).reason is Why.UNKNOWN


LAST = Maintained(8, day("2026-01-01"), 100_000)
MAINTAINED = [
    (None, None, "2026-02-01", Validity.MISSING, Why.NOTHING),
    (LAST, None, "2026-04-19", Validity.VALID, Why.BY_TIME),
    (LAST, None, "2026-04-20", Validity.SOON, Why.BY_TIME),
    (LAST, None, "2026-05-01", Validity.OVER, Why.BY_TIME),
    (LAST, 149_999, "2026-03-01", Validity.VALID, Why.BY_TIME),
    (LAST, 150_000, "2026-03-01", Validity.OVER, Why.BY_DISTANCE),
    (LAST, 150_000, "2026-05-01", Validity.OVER, Why.BY_TIME),
    (LAST, 99_999, "2026-03-01", Validity.VALID, Why.BY_TIME),  # a slip of the pen says nothing
]


@pytest.mark.parametrize(("last", "shown", "on", "state", "reason"), MAINTAINED)
def test_maintenance_is_due_by_time_or_distance(
    last: Maintained | None, shown: int | None, on: str, state: Validity, reason: Why
) -> None:
    reading = None if shown is None else Reading(day("2026-02-20"), shown)
    found = maintenance(UPKEEP, last, reading, day(on))
    assert (found.state, found.reason) == (state, reason)


def test_kilometres_left() -> None:
    reading = Reading(day("2026-02-20"), 120_000)
    assert kilometres_left(UPKEEP, LAST, reading, day("2026-03-01")) == 30_000
    assert kilometres_left(UPKEEP, LAST, Reading(day("2025-12-31"), 120_000), day("2026-03-01")) is None
    assert kilometres_left(UPKEEP, Maintained(8, LAST.day), reading, day("2026-03-01")) is None
    assert kilometres_left((), LAST, reading, day("2026-03-01")) is None
    assert maintenance((), LAST, reading, day("2026-03-01")).state is Validity.UNASKED


SCRAPPED = [
    ("2034-03-14", None, Validity.VALID, Why.BY_TIME),
    ("2034-03-15", None, Validity.SOON, Why.BY_TIME),
    ("2035-03-14", None, Validity.SOON, Why.BY_TIME),
    ("2035-03-15", None, Validity.OVER, Why.BY_TIME),
    ("2026-03-15", 799_999, Validity.VALID, Why.BY_TIME),
    ("2026-03-15", 800_000, Validity.SOON, Why.GUIDANCE),
    ("2035-03-15", 900_000, Validity.OVER, Why.BY_TIME),
]


@pytest.mark.parametrize(("on", "shown", "state", "reason"), SCRAPPED)
def test_years_are_compulsory_and_kilometres_are_guidance(
    on: str, shown: int | None, state: Validity, reason: Why
) -> None:
    reading = None if shown is None else Reading(day("2026-02-20"), shown)
    found = scrapping(COACH, REGISTERED, reading, day(on))
    assert (found.state, found.reason, found.expires) == (state, reason, day("2035-03-15"))
    assert (found.state in NEAR) is (state is not Validity.VALID)


def test_a_class_without_years_is_never_over() -> None:
    found = scrapping(OFFICE, REGISTERED, Reading(FIRST, 10**7), day("2090-01-01"))
    assert (found.state, found.reason) == (Validity.VALID, Why.ENDLESS)
    assert scrapping(None, REGISTERED, None, FIRST).reason is Why.UNKNOWN
    assert scrapping(COACH, None, None, FIRST).state is Validity.UNASKED
