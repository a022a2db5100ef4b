"""Which items are open, settled or overdue at an instant."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anze.rules.items import ItemState, Result, Settlement, item_standing, overdue
from anze.rules.periods import midnight

SEALED = datetime(2026, 3, 2, 8, tzinfo=UTC)
DUE = date(2026, 3, 31)
IN_TIME, TOO_LATE = datetime(2026, 3, 20, tzinfo=UTC), datetime(2026, 4, 2, tzinfo=UTC)


def said(result: str, day: int, *, month: int = 3, record: int = 9, due: date | None = None) -> Settlement:
    happened = datetime(2026, month, day, tzinfo=UTC)
    return Settlement(record, happened, happened + timedelta(hours=2), Result(result), due)


CASES = [
    ("nobody spoke of it yet", DUE, [], IN_TIME, ItemState.OPEN, DUE, 0),
    ("nobody spoke of it in time", DUE, [], TOO_LATE, ItemState.OVERDUE, DUE, 0),
    ("no day was set", None, [], TOO_LATE, ItemState.OPEN, None, 0),
    ("done", DUE, [said("done", 10)], TOO_LATE, ItemState.DONE, DUE, 0),
    ("dropped", DUE, [said("cancelled", 10)], TOO_LATE, ItemState.CANCELLED, DUE, 0),
    ("found undone", DUE, [said("unfinished", 10)], TOO_LATE, ItemState.OVERDUE, DUE, 1),
    (
        "put off",
        DUE,
        [said("unfinished", 10, due=date(2026, 4, 30))],
        TOO_LATE,
        ItemState.OPEN,
        date(2026, 4, 30),
        1,
    ),
    (
        "put off twice: the last day named holds",
        DUE,
        [said("unfinished", 10, due=date(2026, 4, 30)), said("unfinished", 12, record=10)],
        TOO_LATE,
        ItemState.OPEN,
        date(2026, 4, 30),
        2,
    ),
    (
        "undone after all",
        DUE,
        [said("done", 10), said("unfinished", 12, record=10)],
        IN_TIME,
        ItemState.OPEN,
        DUE,
        1,
    ),
    ("not sealed yet", DUE, [said("done", 25)], IN_TIME, ItemState.OPEN, DUE, 0),
]


@pytest.mark.parametrize(("name", "due", "settlements", "at", "state", "limit", "postponed"), CASES)
def test_standing(
    name: str,
    due: date | None,
    settlements: list[Settlement],
    at: datetime,
    state: ItemState,
    limit: date | None,
    postponed: int,
) -> None:
    found = item_standing(SEALED, due, settlements, at)
    assert (found.state, found.due, found.postponed) == (state, limit, postponed), name


def test_it_is_overdue_from_the_midnight_that_ends_its_last_day() -> None:
    ends = datetime(2026, 3, 31, 16, tzinfo=UTC)  # midnight in Shanghai
    before = item_standing(SEALED, DUE, [], ends - timedelta(microseconds=1))
    assert (before.state, before.since, before.until) == (ItemState.OPEN, SEALED, ends)
    after = item_standing(SEALED, DUE, [], ends)
    assert (after.state, after.since, after.until) == (ItemState.OVERDUE, ends, None)
    assert not overdue(DUE, ends - timedelta(microseconds=1))


def test_what_closed_it_is_named() -> None:
    found = item_standing(SEALED, DUE, [said("unfinished", 10, record=7), said("done", 12)], TOO_LATE)
    assert (found.because, found.since, found.until) == (9, datetime(2026, 3, 12, tzinfo=UTC), None)


settlements = st.lists(
    st.builds(
        said,
        st.sampled_from(list(Result)),
        st.integers(1, 28),
        month=st.integers(3, 5),
        record=st.integers(1, 50),
        due=st.none() | st.dates(date(2026, 3, 1), date(2026, 7, 1)),
    ),
    max_size=6,
    unique_by=lambda s: s.record,
)
instants = st.datetimes(datetime(2026, 3, 2, 8), datetime(2026, 8, 1), timezones=st.just(UTC))


@given(st.none() | st.dates(date(2026, 3, 1), date(2026, 7, 1)), settlements, instants)
def test_the_order_in_which_records_are_read_does_not_matter(
    due: date | None, given: list[Settlement], at: datetime
) -> None:
    assert item_standing(SEALED, due, given, at) == item_standing(SEALED, due, given[::-1], at)


@given(st.none() | st.dates(date(2026, 3, 1), date(2026, 7, 1)), settlements, instants)
def test_it_changes_only_at_its_until_or_with_a_new_record(
    due: date | None, given: list[Settlement], at: datetime
) -> None:
    found = item_standing(SEALED, due, given, at)
    known = [s for s in given if s.received <= at]
    until = found.until or at + timedelta(days=400)
    assert item_standing(SEALED, due, known, until - timedelta(microseconds=1)).state is found.state
    if found.until:
        assert item_standing(SEALED, due, known, found.until).state is ItemState.OVERDUE
        assert found.due is not None
        assert found.until == midnight(found.due + timedelta(days=1))
