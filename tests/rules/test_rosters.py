"""Rosters and swaps."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from anze.rules.rosters import Shift, Swap, on_duty
from tests.rules.build import day

EARLY, LATE = datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 11, 5, tzinfo=UTC)
FIRST, SECOND = day("2026-11-20"), day("2026-11-21")
ONE = Shift(FIRST, "夜班", 1, "赵总", "110", 7, EARLY)
TWO = Shift(SECOND, "夜班", 2, "李总", "120", 7, EARLY)
SWAP = Swap(9, LATE, 1, 2, FIRST, "夜班", (SECOND, "夜班"), agreed=True)


def people(*shifts: Shift) -> list[int | None]:
    return [shift.person for shift in shifts]


def test_by_day() -> None:
    assert on_duty([TWO, ONE], []) == [ONE, TWO]


def test_of_a_day_the_roster_sealed_last_speaks_alone() -> None:
    newer = replace(ONE, person=3, roster=8, sealed=LATE)
    assert people(*on_duty([newer, ONE, TWO], [])) == [3, 2]


def test_an_agreed_swap_goes_both_ways() -> None:
    first, second = on_duty([ONE, TWO], [SWAP])
    assert people(first, second) == [2, 1]
    assert (first.before, first.swap, second.before, second.swap) == (1, 9, 2, 9)


def test_standing_in_gives_nothing_back() -> None:
    assert people(*on_duty([ONE, TWO], [replace(SWAP, back=None)])) == [2, 2]


def test_a_swap_that_waits_changes_nothing_and_is_shown() -> None:
    first, second = on_duty([ONE, TWO], [replace(SWAP, agreed=False)])
    assert people(first, second) == [1, 2]
    assert (first.waiting, second.waiting) == (9, 9)


def test_a_swap_of_a_shift_that_is_not_theirs_counts_for_neither() -> None:
    assert people(*on_duty([ONE, TWO], [replace(SWAP, giver=3)])) == [1, 2]
    assert people(*on_duty([ONE, TWO], [replace(SWAP, back=(SECOND, "白班"))])) == [1, 2]


def test_swaps_count_one_after_the_other() -> None:
    on = replace(SWAP, record=10, giver=2, taker=5, back=None)
    first, _ = on_duty([ONE, TWO], [replace(on, sealed=datetime(2026, 11, 6, tzinfo=UTC)), SWAP])
    assert (first.person, first.before, first.swap) == (5, 1, 10)
