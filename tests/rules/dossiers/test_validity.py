"""What runs out is seen coming: the newest record speaks, for its last day, with warning."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anze.rules.catalogue.dossier_model import Asked, Certificate, Paperwork, Wanted
from anze.rules.catalogue.law import Citation
from anze.rules.dossiers.validity import (
    Holder,
    Paper,
    Standing,
    Validity,
    Why,
    expiry,
    is_asked,
    newest,
    standing_of,
    warned,
)
from tests.rules.build import day

LAW = Citation("law", "1")
EARLY, LATER = day("2020-01-01"), day("2026-07-01")
TERMS = (Paperwork(EARLY, (LAW,), None, 30), Paperwork(LATER, (LAW,), "某某", 60, lasts=12))
LICENCE = Certificate(
    "driving", "驾驶证", "person", "licence", Wanted("certificate.driving"), Asked(drivers=True), TERMS
)
DRIVER, CLERK = Holder("coach", driver=True), Holder("coach")
ON = day("2026-03-10")
DAYS = st.dates(date(2020, 1, 1), date(2030, 12, 31))


@pytest.mark.parametrize(
    ("until", "state", "since", "changes"),
    [
        ("2026-04-11", Validity.VALID, "2025-05-01", "2026-03-11"),
        ("2026-04-10", Validity.SOON, "2026-03-10", "2026-04-10"),  # thirty days to its last day
        ("2026-03-11", Validity.SOON, "2026-02-08", "2026-03-11"),  # its last day is today
        ("2026-03-10", Validity.OVER, "2026-03-10", None),
    ],
)
def test_a_printed_end(until: str, state: Validity, since: str, changes: str | None) -> None:
    found = standing_of(LICENCE, Paper(7, day("2025-05-01"), day(until)), DRIVER, ON)
    assert found == Standing(
        state, Why.PRINTED, day(since), day(changes) if changes else None, day(until), 7, (LAW,), None
    )


def test_no_record_is_missing_only_where_one_is_asked() -> None:
    assert standing_of(LICENCE, None, DRIVER, ON).state is Validity.MISSING
    assert standing_of(LICENCE, None, CLERK, ON).state is Validity.UNASKED
    assert standing_of(LICENCE, None, DRIVER, day("2019-12-31")).state is Validity.UNASKED


def test_without_a_printed_end_it_lasts_or_is_endless() -> None:
    paper = Paper(7, day("2026-01-31"))
    endless = standing_of(LICENCE, paper, DRIVER, ON)
    assert (endless.state, endless.reason, endless.until) == (Validity.VALID, Why.ENDLESS, None)
    lasting = standing_of(LICENCE, paper, DRIVER, day("2026-12-02"))
    assert (lasting.state, lasting.reason, lasting.expires) == (Validity.SOON, Why.LASTS, day("2027-01-31"))
    assert lasting.verified == "某某"


def test_before_any_number_a_paper_still_ends() -> None:
    found = standing_of(LICENCE, Paper(1, day("2015-01-01"), day("2019-01-01")), DRIVER, day("2018-12-30"))
    assert (found.state, found.cite) == (Validity.VALID, ())


def test_somebody_may_choose_the_days_of_warning() -> None:
    paper = Paper(7, day("2025-05-01"), day("2026-06-01"))
    assert standing_of(LICENCE, paper, DRIVER, ON).state is Validity.VALID
    assert standing_of(LICENCE, paper, DRIVER, ON, warns=90).state is Validity.SOON
    assert standing_of(LICENCE, paper, DRIVER, day("2026-05-30"), warns=0).state is Validity.VALID
    assert standing_of(LICENCE, paper, DRIVER, day("2026-05-31"), warns=0).state is Validity.SOON


@pytest.mark.parametrize(
    ("found", "warns", "state"),
    [
        (Standing(Validity.VALID, Why.BY_AGE, expires=day("2026-04-10")), 30, Validity.SOON),
        (Standing(Validity.VALID, Why.BY_AGE, expires=day("2026-04-10")), 29, Validity.VALID),
        (Standing(Validity.SOON, Why.BY_TIME, expires=day("2026-04-09")), 7, Validity.VALID),
        (Standing(Validity.SOON, Why.GUIDANCE, expires=day("2030-04-09")), 7, Validity.SOON),
        (Standing(Validity.OVER, Why.BY_TIME, expires=day("2026-01-09")), 7, Validity.OVER),
        (Standing(Validity.MISSING, Why.NOTHING), 7, Validity.MISSING),
    ],
)
def test_chosen_days_of_warning_for_what_is_decided_already(
    found: Standing, warns: int, state: Validity
) -> None:
    assert warned(found, warns, ON).state is state


ASKED = [
    (Asked(everybody=True), CLERK, True),
    (Asked(drivers=True), CLERK, False),
    (Asked(drivers=True), DRIVER, True),
    (Asked(drivers=True, trades=("taxi",)), DRIVER, False),
    (Asked(drivers=True, trades=("coach",)), DRIVER, True),
    (Asked(posts=("monitor",)), Holder("coach", posts=frozenset({"monitor"})), True),
    (Asked(posts=("monitor",)), DRIVER, False),
    (Asked(classes=("bus",)), Holder("coach", vehicle_class="bus"), True),
    (Asked(classes=("bus",)), Holder("coach"), False),
    (Asked(), DRIVER, False),
]


@pytest.mark.parametrize(("asked", "holder", "expected"), ASKED)
def test_of_whom_it_is_asked(asked: Asked, holder: Holder, expected: bool) -> None:
    assert is_asked(asked, holder) is expected


def test_the_newest_speaks_and_of_one_day_the_one_recorded_last() -> None:
    old, new, same = Paper(9, day("2025-01-01")), Paper(3, day("2026-01-01")), Paper(5, day("2026-01-01"))
    assert newest([new, same, old]) == same
    assert newest([]) is None


@given(DAYS, DAYS, DAYS, st.integers(0, 400))
def test_a_state_holds_until_the_day_it_names(made: date, ends: date, on: date, warns: int) -> None:
    """Nothing changes before `until`, and something does on it."""
    paper = Paper(1, made, ends)

    def state(when: date) -> Validity:
        return standing_of(LICENCE, paper, DRIVER, when, warns=warns).state

    found = standing_of(LICENCE, paper, DRIVER, on, warns=warns)
    if found.until is None:
        assert found.state is Validity.OVER
        assert state(on + timedelta(days=4000)) is Validity.OVER
    else:
        assert found.until > on
        assert state(found.until - timedelta(days=1)) is found.state
        assert state(found.until) is not found.state


@given(DAYS, st.integers(1, 60))
def test_what_lasts_ends_in_the_month_it_should(made: date, months: int) -> None:
    ends = expiry(Paper(1, made), months)
    assert ends is not None
    assert (ends.year * 12 + ends.month) - (made.year * 12 + made.month) == months
    assert expiry(Paper(1, made, made), months) == made
