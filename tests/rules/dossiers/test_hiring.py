"""Who may not be hired as a driver: until when, by which record, and what nobody checked."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from anze.rules.catalogue.dossier_model import Asked, Bar, BarTerm
from anze.rules.catalogue.law import Citation
from anze.rules.dossiers.hiring import BarStanding, BarState, Check, bar_standings
from anze.rules.dossiers.validity import Holder
from tests.rules.build import day

LAW = (Citation("law", "1"),)
DRIVERS = Asked(drivers=True, trades=("coach",))
FATAL = Bar("fatal", "事故", DRIVERS, "check", "fatal", (BarTerm(day("2018-01-01"), LAW, None, 36),))
SPEEDING = Bar(
    "speeding", "超速", DRIVERS, "check", "speeding", (BarTerm(day("2018-01-01"), LAW, None, 12, 3),)
)
DRIVER = Holder("coach", True, frozenset())


def check(when: str, fatal: str = "", speeding: int | None = None) -> Check:
    days = {"fatal": day(fatal)} if fatal else {}
    numbers = {} if speeding is None else {"speeding": Fraction(speeding)}
    return Check(int(when.replace("-", "")), day(when), days, numbers)


def standing(bar: Bar, *checks: Check, on: str) -> tuple[BarState, date | None, int | None]:
    (found,) = bar_standings([bar], checks, DRIVER, day(on))
    assert isinstance(found, BarStanding)
    return found.state, found.until, found.fact


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        ("2026-11-20", (BarState.BARRED, day("2027-02-28"), 20261101)),
        ("2027-02-27", (BarState.BARRED, day("2027-02-28"), 20261101)),
        ("2027-02-28", (BarState.CLEAR, None, 20261101)),
    ],
)
def test_a_day_bars_for_so_many_months(on: str, expected: object) -> None:
    assert standing(FATAL, check("2026-11-01", "2024-02-29"), on=on) == expected


def test_the_last_day_of_all_checks_speaks() -> None:
    checks = check("2026-01-01", "2025-06-01"), check("2026-11-01", "2020-01-01")
    assert standing(FATAL, *checks, on="2026-11-20") == (BarState.BARRED, day("2028-06-01"), 20260101)


@pytest.mark.parametrize(("times", "state"), [(0, BarState.CLEAR), (2, BarState.CLEAR), (3, BarState.BARRED)])
def test_a_number_bars_from_the_day_of_the_check(times: int, state: BarState) -> None:
    found, until, _ = standing(SPEEDING, check("2026-01-10", speeding=times), on="2026-11-20")
    assert (found, until) == (state, day("2027-01-10") if state is BarState.BARRED else None)


def test_a_number_ends_after_its_months() -> None:
    assert standing(SPEEDING, check("2025-11-20", speeding=9), on="2026-11-20")[0] is BarState.CLEAR


def test_without_a_check_nothing_is_known() -> None:
    assert standing(FATAL, on="2026-11-20") == (BarState.UNKNOWN, None, None)


def test_the_newest_check_clears() -> None:
    checks = check("2026-11-02"), check("2026-11-01")
    assert standing(FATAL, *checks, on="2026-11-20") == (BarState.CLEAR, None, 20261102)


def test_only_whom_it_is_asked_of_and_from_its_day() -> None:
    for holder in (Holder("taxi", True, frozenset()), Holder("coach", False, frozenset())):
        assert bar_standings([FATAL], [], holder, day("2026-11-20")) == []
    later = replace(FATAL, terms=(BarTerm(day("2027-01-01"), LAW, None, 36),))
    assert bar_standings([later], [], DRIVER, day("2026-11-20")) == []
